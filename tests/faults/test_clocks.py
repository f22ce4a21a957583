"""Clocks that jump, and files from times that no calendar has: the same grades, and durations of their own."""

import json
import os
import shutil
import time

from tests.faults.command import in_private_mounts, mount
from tests.faults.conftest import ClassFolder

DAY = 86_400
YEARS = 40 * 365 * DAY


def jump() -> None:
    """From here on the wall clock is set forward or back by years whenever somebody looks."""
    real, looks = time.time, iter(range(1 << 62))

    def leaping() -> float:
        return real() + (YEARS if next(looks) % 2 else -YEARS)

    time.time, time.time_ns = leaping, lambda: int(leaping() * 1e9)


def test_clock_set_back_and_forth_changes_no_grade_and_no_duration(ungraded, finished):
    ended = ungraded.grade(plant=jump)
    assert ended.code == 0, ended.text
    assert ungraded.published() == finished.published()
    for path in ungraded.out.glob("results/*/small.json"):
        found = json.loads(path.read_bytes())
        tests = [test for exercise in found["exercises"] for test in exercise["tests"]]
        assert all(0 <= each["seconds"] < DAY for each in (found, *tests))


def test_files_from_impossible_times_are_graded_like_any_other(graded, finished):
    times = {"amina": 1 << 62, "bruno": -(1 << 62), "clara": 10**11, "diego": -(10**9)}

    def act() -> None:
        kept = shutil.copytree(graded.submitted, graded.folder / "kept")
        mount("tmpfs", graded.submitted, options="size=8m,mode=0755")  # other file systems know no such times
        shutil.copytree(kept, graded.submitted, dirs_exist_ok=True)
        for student, seconds in times.items():
            path = graded.submitted / student / "small/small.ipynb"
            os.utime(path, ns=(0, 0))
            os.utime(path, (0, seconds))
        assert {s: (graded.submitted / s / "small/small.ipynb").stat().st_mtime for s in times} == times
        ended = graded.grade()
        assert ended.code == 0, ended.text
        assert graded.published()["records"] == finished.published()["records"]

    in_private_mounts(act)


def test_timestamps_say_when_the_work_came_in_whatever_the_clock_says(ungraded):
    assert submitted_at(ungraded) == {"2023-11-14T22:13:20+00:00"}


def submitted_at(graded: ClassFolder) -> set[str]:
    from autograder.course import load_course
    from autograder.intake import find_submissions

    jobs = find_submissions([graded.submitted], load_course(graded.root), None, None)
    return {job.submitted_at for job in jobs}
