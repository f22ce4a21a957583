"""assignment.toml, mistyped in every way: read into an Assignment that everything else can rely on, or refused."""

import copy
import dataclasses
import json
import math
import re
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.course import LARGEST, Assignment, load_course
from autograder.errors import AuthorError
from tests.fuzz.tally import TALLY, fuzzed
from tests.fuzz.trees import Draw, change_bytes, change_tree, junk

ROOT = Path(__file__).parents[2]
TEXTS = [path.read_text() for path in sorted((ROOT / "assignments").glob("*/assignment.toml"))]
WHOLE = TEXTS[0]
likely = st.integers(1, 100)
numbers = (
    likely | likely | likely | st.sampled_from((0.5, 1e6, 1e7, 1e308, 0, -1, 1 << 62, 1 << 64, 10**400)) | st.floats()
)
words = st.text("abc", min_size=2, max_size=6)
names = (
    words
    | words
    | words
    | st.sampled_from(
        ("A", "1a", "class", "é", "a" * 58, "a" * 59, "a\n", "a b", "", "../x", "/etc", "digits.png", "\0")
    )
)
AMOUNTS = ("points", "cpu_seconds", "cell_seconds", "total_seconds", "memory_mb", "order")
leaves = numbers | names | st.lists(names, max_size=3) | st.booleans() | junk


@st.composite
def descriptions(draw: Draw) -> bytes:
    """A real assignment.toml with some values, lines or bytes changed."""
    text = draw(st.sampled_from(TEXTS))
    if draw(st.integers(0, 7)):
        tree = tomllib.loads(text)
        for change in draw(st.sampled_from(((), (retype,), (retype,), (retype, retype), (change_tree,)))):
            exercises = tree.get("exercise")
            places = [tree, tree.get("limits"), *(exercises if isinstance(exercises, list) else ())]
            place = draw(st.sampled_from([place for place in places if place and isinstance(place, dict)] or [tree]))
            change(draw, place, leaves)
        text = write_toml(tree)
    else:
        lines = text.split("\n")
        at, to = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        how = draw(st.sampled_from(("drop", "repeat", "move")))
        taken = lines[at] if how == "repeat" else lines.pop(at)
        if how != "drop":
            lines.insert(to, taken)
        text = "\n".join(lines)
    data = text.encode("utf-8", "surrogatepass")
    return change_bytes(draw, data)[0] if draw(st.integers(0, 15)) == 0 else data


def retype(draw: Draw, table: dict[str, Any], other: object) -> None:
    """Another value of the same kind for one key of a table, or a key that may be left out."""
    key = draw(st.sampled_from([key for key in table if key not in ("exercise", "limits")] or ["cpu_seconds"]))
    if key in AMOUNTS:
        table[key] = draw(numbers)
    elif isinstance(table.get(key), str):
        table[key] = draw(names)
    elif isinstance(table.get(key), list):
        table[key] = [*table[key][draw(st.integers(0, 1)) :], draw(names)]
    else:
        table[draw(st.sampled_from(("cpu_seconds", "points")))] = draw(numbers)


@pytest.fixture(scope="module")
def course():
    """A course of one assignment, whose description is written anew for each example."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "assignments" / "fuzzed").mkdir(parents=True)
        yield Path(folder)


@fuzzed
@given(descriptions())
@example(b"a = " + b"[" * 10_000)
@example(WHOLE.replace("order = ", f"order = {'9' * 5_000}").encode())
def test_a_description_is_one_to_rely_on_or_refused_in_one_line(course, description):
    (course / "assignments/fuzzed/assignment.toml").write_bytes(description)
    with TALLY.example():
        try:
            (assignment,) = load_course(course).assignments
        except AuthorError as refused:
            check_refusal(str(refused), course)
            return
    TALLY.got_past()
    check_assignment(assignment)


def check_refusal(message: str, course: Path) -> None:
    assert message.startswith(f"{course}/assignments/fuzzed/assignment.toml: ")
    assert "\n" not in message
    assert len(message) < 1_000


def check_assignment(assignment: Assignment) -> None:
    ids = [exercise.id for exercise in assignment.exercises]
    assert ids
    assert len(set(ids)) == len(ids)
    entry_points = [name for exercise in assignment.exercises for name in exercise.entry_points]
    assert len(set(entry_points)) == len(entry_points)
    for exercise in assignment.exercises:
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,57}", exercise.id)  # nbformat: ids, with "_check", of 64 at most
        assert type(exercise.points) is type(exercise.cpu_seconds) is float
        assert 0 < exercise.points <= LARGEST
        assert 0 < exercise.cpu_seconds <= LARGEST
        assert exercise.manual is not bool(exercise.entry_points)
        for name in exercise.entry_points:
            compile(f"def {name}(): pass", "entry point", "exec")
        assert assignment.exercise(exercise.id) is exercise
    assert assignment.max_score == math.fsum(e.points for e in assignment.graded) or assignment.max_score > 0
    assert sorted((*assignment.graded, *assignment.manual), key=id) == sorted(assignment.exercises, key=id)
    for title in (assignment.title, *(exercise.title for exercise in assignment.exercises)):
        assert title.strip()
        assert title.isprintable()
    for value in dataclasses.astuple(assignment.limits):
        assert 0 < value <= LARGEST
    for entry in assignment.data:
        assert not Path(entry).is_absolute()
        assert entry.isprintable()
        assert len(entry) <= 200
    with pytest.raises(dataclasses.FrozenInstanceError):
        assignment.title = "another"  # type: ignore[misc]
    assert hash(assignment) == hash(copy.deepcopy(assignment))


def write_toml(tree: dict[str, Any]) -> str:
    """TOML of nested dicts and lists, each value on one line; what TOML has no word for is written as JSON's."""
    return "".join(f"{json.dumps(key)} = {_inline(value)}\n" for key, value in tree.items())


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
