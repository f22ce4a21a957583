"""What autograder doctor says of a course; of the machine's isolation, tests/sandbox and tests/grading say more."""

from pathlib import Path

import pytest

from autograder import doctor
from autograder.course import load_course

ROOT = Path(__file__).parents[1]


@pytest.fixture
def examine(monkeypatch, capsys):
    """examine(folder): whether all is well, and the text of the table, on a machine where every level works."""
    monkeypatch.setattr(doctor, "try_level", lambda level: "")

    def run(folder: Path) -> tuple[bool, str]:
        return doctor.examine(folder), capsys.readouterr().out

    return run


def test_every_assignment_of_the_course_is_ready(examine):
    well, table = examine(ROOT)
    assert well
    for assignment in load_course(ROOT).assignments:
        assert f"{assignment.title}, {len(assignment.graded)} graded exercises" in table


def test_missing_data_are_named(tiny, examine):
    (tiny.root / "assignments" / "data" / "points.csv").unlink()
    assert "missing data: points.csv; see assignments/data" in examine(tiny.root)[1]


def test_data_may_be_a_folder(tiny, examine):
    data = tiny.root / "assignments" / "data" / "points.csv"
    data.unlink()
    data.mkdir()
    tiny.release.mkdir(parents=True)
    (tiny.release / "tiny.ipynb").write_text("{}")
    assert "Tiny, 1 graded exercise " in examine(tiny.root)[1]


def test_an_assignment_that_was_not_built_says_how(tiny, examine):
    assert "not built: run autograder build tiny" in examine(tiny.root)[1]


def test_a_folder_that_is_no_course_is_no_success(tmp_path, examine):
    well, table = examine(tmp_path)
    assert not well
    assert "course" in table


def test_a_level_that_fails_says_why_and_only_the_default_decides(monkeypatch, tiny, capsys):
    monkeypatch.setattr(doctor, "try_level", lambda level: "no namespaces" if level == "nested" else "")
    assert not doctor.examine(tiny.root)
    assert "no namespaces" in capsys.readouterr().out
    monkeypatch.setattr(doctor, "try_level", lambda level: "no Landlock" if level == "landlock" else "")
    assert doctor.examine(tiny.root)
