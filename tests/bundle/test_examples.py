"""The sample class: fresh, and graded by the real command as examples/expected.toml declares."""

import csv
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autograder.course import find_root
from autograder.results import Grade, decode_grade

ROOT = find_root(Path(__file__).parent)
DECLARED = tomllib.loads((ROOT / "examples" / "expected.toml").read_text())
EXPECTED = {
    (student, assignment): sample for assignment, samples in DECLARED.items() for student, sample in samples.items()
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> tuple[Path, str]:
    """The folder that `autograder demo` wrote, and what it printed."""
    out = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "autograder", "demo", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    return out, done.stdout


def read_grade(out: Path, sample: tuple[str, str]) -> Grade:
    student, assignment = sample
    path = out / "results" / student / f"{assignment}.json"
    return decode_grade(path.read_bytes(), path)


def declared(grade: Grade) -> dict:
    """A grade in the words of expected.toml, without those that feedback must say."""
    found: dict = {"status": grade.status, "score": grade.score}
    if grade.repairs:
        found["repaired"] = True
    lost = {e.id: f"{e.status} {e.score:g}" for e in grade.exercises if e.status != "passed"}
    if grade.status == "graded" and lost:
        found["lost"] = lost
    return found


def test_samples_are_what_the_script_makes():
    command = [sys.executable, "examples/make_samples.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_sample_has_a_verdict_and_a_row_in_the_description():
    folders = {(folder.parent.name, folder.name) for folder in (ROOT / "examples" / "submitted").glob("*/*")}
    rows = [row.split("|") for row in (ROOT / "examples" / "README.md").read_text().splitlines() if row.startswith("|")]
    described = {(row[1].strip(), row[2].strip()) for row in rows} - {("student", "assignment"), ("---", "---")}
    assert folders == set(EXPECTED) == described


@pytest.mark.parametrize("sample", EXPECTED, ids="-".join)
def test_sample_gets_its_verdict(demo, sample):
    expected = {key: value for key, value in EXPECTED[sample].items() if key != "says"}
    assert declared(read_grade(demo[0], sample)) == expected


@pytest.mark.parametrize(
    "sample", [sample for sample, expected in EXPECTED.items() if "says" in expected], ids="-".join
)
def test_sample_is_told_what_is_wrong(demo, sample):
    grade = read_grade(demo[0], sample)
    said = {e.id: "\n".join(f"{test.message} {test.hint}" for test in e.tests) for e in grade.exercises}
    said["submission"] = grade.message
    for place, words in EXPECTED[sample]["says"].items():
        assert words in said[place], place


def test_every_sample_gets_a_feedback_page_and_a_row(demo):
    out, _ = demo
    for student, assignment in EXPECTED:
        page = (out / "feedback" / student / f"{assignment}.html").read_text()
        assert page.startswith("<!DOCTYPE html>")
    with (out / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(row["student"], row["assignment"]) for row in csv.DictReader(file)] == sorted(EXPECTED)


def test_class_table_in_the_readme_is_what_the_demo_prints(demo):
    readme = {line.rstrip() for line in (ROOT / "README.md").read_text().splitlines()}
    rows = [line.rstrip() for line in demo[1].splitlines() if any(assignment in line for assignment in DECLARED)]
    assert len(rows) == len(EXPECTED)
    assert [row for row in rows if row not in readme] == []


def test_hostile_sample_writes_nothing(demo):
    out, _ = demo
    written = {path.name for path in (out / "results" / "katja").iterdir()}
    assert written == {"vanilla_gan.json"}
    assert list((ROOT / "examples").rglob("results")) == []
