"""What a container gives decides how a submission is graded in it, and whether it can be."""

import pytest

from autograder.errors import GraderError
from autograder.gradescope import grader


@pytest.mark.parametrize(
    ("works", "chosen"),
    [
        ({"nested", "bubblewrap", "landlock"}, "nested"),
        ({"bubblewrap", "landlock"}, "bubblewrap"),
        ({"landlock"}, "landlock"),
    ],
)
def test_strongest_level_that_works_is_chosen(monkeypatch, works, chosen):
    monkeypatch.setattr(grader, "try_level", lambda level: "" if level in works else f"{level} is denied")
    assert grader.choose_level() == chosen


def test_container_without_any_level_is_refused_not_graded_unprotected(monkeypatch):
    monkeypatch.setattr(grader, "try_level", lambda level: "" if level == "none" else f"{level} is denied")
    with pytest.raises(
        GraderError, match=r"no level at all.*nested is denied; bubblewrap is denied; landlock is denied"
    ):
        grader.choose_level()


def test_memory_limit_of_an_assignment_holds_where_there_is_enough(tiny):
    assert grader.fit_memory(tiny, 1 << 20).limits.memory_mb == tiny.limits.memory_mb


def test_memory_limit_is_what_a_small_container_has_left(tiny):
    given = grader.RESIDENT_MB + 200
    assert grader.fit_memory(tiny, given).limits.memory_mb == 200


def test_container_too_small_for_any_submission_is_refused(tiny):
    with pytest.raises(GraderError, match=r"memory: expected \d+ MB at least, this container has 300 MB; give it more"):
        grader.fit_memory(tiny, 300)


def test_cpu_build_grades_in_gradescopes_default(monkeypatch):
    assert grader.resident_mb(None) + grader.LEAST_WORKER_MB <= 768
    assert grader.resident_mb("13.0") > 768
