"""Whatever the bytes are, the reader of submissions reads or refuses them; most get no further than the parser."""

import json

from hypothesis import given
from hypothesis import strategies as st

from autograder.submission import Unreadable, read_master, read_submission
from tests.fairness import tiny
from tests.fuzz.tally import fuzzed

MASTER = read_master(tiny.release())

words = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["code", "markdown", "raw", "scale", "comparison", "imports", "\ud800", "\0", "def scale(v):\r  pass"]
    ),
    st.sampled_from([known.source for known in MASTER.cells.values()]),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), words),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(words, inner, max_size=4)),
    max_leaves=8,
)
metadata = st.one_of(
    values, st.fixed_dictionaries({}, optional={"nbgrader": st.fixed_dictionaries({"grade_id": values}), "id": values})
)
sources = st.one_of(words, st.lists(words, max_size=3), values)
keys = {"cell_type": words, "source": sources, "input": words, "metadata": metadata, "id": values, "outputs": values}
cells = st.fixed_dictionaries({}, optional=keys)
notebooks = st.one_of(
    values, st.fixed_dictionaries({"cells": st.one_of(st.lists(st.one_of(cells, values), max_size=6), values)}),
    st.fixed_dictionaries({"worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(cells)}), max_size=2)}),
)  # fmt: skip


def check_only_unreadable_is_raised(data: bytes) -> None:
    try:
        submission = read_submission(data, MASTER)
    except Unreadable:
        return
    json.dumps(submission.notebook, allow_nan=False).encode()
    "".join([*submission.repairs, *submission.answers.values()]).encode()
    assert len({planned.id for planned in submission.cells}) == len(submission.cells)


@fuzzed
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_any_bytes_are_read_or_refused(data):
    check_only_unreadable_is_raised(data)


@fuzzed
@given(notebooks)
def test_any_json_is_read_or_refused(value):
    check_only_unreadable_is_raised(json.dumps(value).encode())
    check_only_unreadable_is_raised(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


@fuzzed
@given(st.integers(0, 20_000), st.binary(max_size=5), st.booleans())
def test_a_right_notebook_damaged_anywhere_is_read_or_refused(place, damage, cut):
    data = tiny.right_bytes()
    check_only_unreadable_is_raised(data[:place] + damage + (b"" if cut else data[place + len(damage) :]))
