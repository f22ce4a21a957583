"""The list of equivalent mutants: each way to get it wrong is named, with its place."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from autograder.audit.equivalents import match_equivalents, read_equivalents
from autograder.audit.mutants import find_mutants
from autograder.audit.trials import Mutation, Trial
from autograder.course import Assignment
from autograder.errors import AuthorError
from tests.audit.real import COURSE, real_mutants


def an_assignment(folder: Path, entry: str) -> Assignment:
    """One whose list of equivalent mutants holds an entry."""
    suite = folder / "autograder" / "suites" / "data_loading"
    suite.mkdir(parents=True)
    (suite / "equivalent.toml").write_text(dedent(entry))
    return replace(COURSE.assignment("data_loading"), root=folder)


ENTRY = """\
[[equivalent]]
exercise = "split_pair"
before = "half = width // 2"
after = "half = width // -2"
reason = "counted from the right"
"""


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (ENTRY.replace("split_pair", "split_pear"), "split_pear.*expected one of the exercises"),
        (ENTRY.replace("counted from the right", " "), "expected a reason"),
        (ENTRY.replace("reason", "season"), "season"),
        (ENTRY.replace("after", "afterwards"), "after"),
        (ENTRY + ENTRY, "stands there twice"),
        (ENTRY + "[[", "expected \\[\\[equivalent"),
    ],
)
def test_entry_that_is_not_complete_is_an_error_with_its_place(tmp_path, entry, words):
    with pytest.raises(AuthorError, match=words) as caught:
        read_equivalents(an_assignment(tmp_path, entry))
    assert str(tmp_path) in str(caught.value)


def test_entry_that_matches_no_mutant_is_an_error_that_names_it(tmp_path):
    assignment = an_assignment(tmp_path, ENTRY.replace("-2", "7"))
    mutants = real_mutants("data_loading", "split_pair")[1]
    with pytest.raises(AuthorError, match=r"half = width // 7.*copy them"):
        match_equivalents(assignment, read_equivalents(assignment), mutants)


def test_entry_is_for_the_mutants_that_read_so_or_for_one_of_them(tmp_path):
    twice = find_mutants("split_pair", "half = width // 2\n\n\nhalf = width // 2\n")
    first, second = [mutant for mutant in twice if mutant.after == "half = width // 1"]
    entry = ENTRY.replace("-2", "1")
    everywhere = an_assignment(tmp_path / "everywhere", entry)
    assert set(match_equivalents(everywhere, read_equivalents(everywhere), twice)) == {first, second}
    once = an_assignment(tmp_path / "once", entry + "occurrence = 2\n")
    assert set(match_equivalents(once, read_equivalents(once), twice)) == {second}
    never = an_assignment(tmp_path / "never", entry + "occurrence = 3\n")
    with pytest.raises(AuthorError, match="found 2 that read so"):
        match_equivalents(never, read_equivalents(never), twice)


def test_score_leaves_equivalent_mutants_out_and_names_one_that_is_killed_all_the_same(tmp_path):
    assignment = an_assignment(tmp_path, ENTRY)
    mutants = real_mutants("data_loading", "split_pair")[1]
    equivalents = match_equivalents(assignment, read_equivalents(assignment), mutants)
    (equivalent,) = equivalents
    trials = tuple(Trial(mutant, "survived" if mutant == equivalent else "killed", "Halves") for mutant in mutants)
    audited = Mutation(trials, equivalents)
    assert (audited.killed, audited.counted, audited.score) == (len(mutants) - 1, len(mutants) - 1, 1.0)
    assert (audited.survivors, audited.problems) == ([], [])
    wrong = Mutation(tuple(replace(trial, fate="killed") for trial in trials), equivalents)
    assert "half = width // -2" in wrong.problems[0]
    assert "'Halves' kills it" in wrong.problems[0]
    missed = Mutation(trials, {})
    assert (missed.survivors, missed.killed, missed.counted) == ([equivalent], len(mutants) - 1, len(mutants))
    broken = Mutation((Trial(mutants[0], "internal", "Halves", "KeyError"),), {})
    assert "fails by itself: KeyError" in broken.problems[0]
    assert broken.score == 0.0


def test_entry_that_rounding_decides_counts_neither_way(tmp_path):
    assignment = an_assignment(tmp_path, ENTRY + "either = true\n")
    mutants = real_mutants("data_loading", "split_pair")[1]
    equivalents = match_equivalents(assignment, read_equivalents(assignment), mutants)
    for fate in ("killed", "survived"):
        audited = Mutation(tuple(Trial(mutant, fate, "Halves") for mutant in equivalents), equivalents)
        assert (audited.counted, audited.problems, audited.survivors) == (0, [], [])
