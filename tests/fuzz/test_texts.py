"""Assignment texts with mistyped markers: what the lint lets pass is released without a line of its solution."""

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.author import build_source
from autograder.course import Assignment, load_course
from autograder.errors import AuthorError
from autograder.leaks import SHORTEST_LINE, split_solution
from autograder.markers import BEGIN, END, find_resemblance
from autograder.percent import read_text
from autograder.release import build_release
from tests.fuzz.tally import TALLY, fuzzed
from tests.fuzz.trees import Draw

ASSIGNMENTS = load_course(Path(__file__).parents[2]).assignments
CHUNKS = {a.name: read_text(a) for a in ASSIGNMENTS}
HEADERS = {a.name: a.text.read_text().splitlines() for a in ASSIGNMENTS}
SPARE = ("#", "##", "####", "\t", " ", "\u00a0", "\u200b", "_", "-", ".", "ОI", "x", "S")


class Typed:
    """A text, of which exercises, and whether only its markers were mistyped."""

    def __init__(self, assignment: Assignment, lines: list[str], secrets: set[str], steps: list[str]) -> None:
        self.assignment, self.lines, self.secrets, self.steps = assignment, lines, secrets, steps

    def __repr__(self) -> str:
        return f"{self.assignment.name} {[e.id for e in self.assignment.exercises]}: {self.steps}"


@st.composite
def texts(draw: Draw) -> Typed:
    """Exercises and questions of a real text, each with its check, and up to three slips."""
    assignment = draw(st.sampled_from(ASSIGNMENTS))
    chosen = draw(st.lists(st.sampled_from(assignment.exercises), min_size=1, max_size=2, unique=True))
    names = {exercise.id for exercise in chosen}
    lines: list[str] = []
    shown: set[str] = set()
    hidden: set[str] = set()
    for cell in CHUNKS[assignment.name]:
        if cell.name in names and cell.role in ("exercise", "check", "question"):
            outside, inside = split_solution("\n".join(cell.source.splitlines()))
            shown.update(line.strip() for line in outside)
            hidden.update(line.strip() for line in inside if len(line.replace(" ", "")) >= SHORTEST_LINE)
            lines += [HEADERS[assignment.name][cell.line - 1], *cell.lines]
    secrets = {secret for secret in hidden if not any(secret in line for line in shown)}
    kinds = draw(st.sampled_from(((), (mistype,), (mistype,), (mistype, mistype), (shift,), (shift, mistype), (slip,))))
    steps = [f"{kind.__name__}: {kind(draw, lines)}" for kind in kinds]
    if {shift, slip} & set(kinds):
        secrets = set()  # what the author moved out of the markers is shown on purpose
    exercises = tuple(exercise for exercise in assignment.exercises if exercise.id in names)
    return Typed(dataclasses.replace(assignment, exercises=exercises), lines, secrets, steps)


def mistype(draw: Draw, lines: list[str]) -> str:
    """One marker, as fingers, editors and memory get it wrong; never so far off that nobody would know it."""
    places = [at for at, line in enumerate(lines) if BEGIN in line or END in line]
    if not places:
        return "no marker"
    at = draw(st.sampled_from(places))
    marker = BEGIN if BEGIN in lines[at] else END
    place, other = draw(st.integers(4, len(marker) - 1)), draw(st.sampled_from(SPARE))
    wrong = draw(
        st.sampled_from(
            (
                marker[:place] + marker[place + 1 :],
                marker[:place] + marker[place] + marker[place:],
                marker[: place - 1] + marker[place] + marker[place - 1] + marker[place + 1 :],
                marker[:place] + other + marker[place:],
                marker[:place] + other + marker[place + 1 :],
                marker.lower(),
                marker.title(),
                marker.capitalize(),
                marker.replace(" ", ""),
                marker.replace(" ", "_"),
                marker.replace(" ", "  "),
                marker.replace("### ", other),
                marker.replace("### ", ""),
                marker + " " + other,
                marker + ":",
                "x = 1  " + marker,
                marker.replace("BEGIN", "START").replace("END", "STOP"),
                marker + "S",
            )
        )
    )
    lines[at] = lines[at].replace(marker, wrong)
    return wrong


def shift(draw: Draw, lines: list[str]) -> str:
    """A marker too many, too few, or some lines away."""
    places = [at for at, line in enumerate(lines) if BEGIN in line or END in line]
    if not places:
        return "no marker"
    at, how = draw(st.sampled_from(places)), draw(st.sampled_from(("repeat", "drop", "move", "move", "indent")))
    marker = lines[at] if how == "repeat" else lines.pop(at)
    if how == "indent":
        lines.insert(at, draw(st.sampled_from(("  ", "\t", "        "))) + marker)
    elif how != "drop":
        lines.insert(max(1, min(len(lines), at + draw(st.integers(-4, 4)))), marker)
    return f"{how} {at}"


def slip(draw: Draw, lines: list[str]) -> str:
    """Any line, header or not, gone, twice, or elsewhere; or one that wants to be a marker."""
    at, to = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    how = draw(st.sampled_from(("repeat", "drop", "move", "marker")))
    if how == "marker":
        lines.insert(to, draw(st.sampled_from((BEGIN, END, "### BEGIN HIDDEN TESTS", "# end of the solution", "# %%"))))
    else:
        line = lines[at] if how == "repeat" else lines.pop(at)
        if how != "drop":
            lines.insert(to, line)
    return f"{how} {at} {to}"


@pytest.fixture(scope="module")
def course():
    """The root of a course whose texts are written anew for each example."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@fuzzed
@given(texts())
def test_what_the_lint_lets_pass_is_released_without_its_solution(course, typed):
    assignment = dataclasses.replace(typed.assignment, root=course)
    assignment.text.parent.mkdir(parents=True, exist_ok=True)
    assignment.text.write_text("\n".join(typed.lines) + "\n", encoding="utf-8")
    with TALLY.example():
        try:
            read_text(assignment)
            TALLY.got_past()
            source = build_source(assignment)
            release = build_release(assignment, source)
        except AuthorError as refused:
            check_refusal(str(refused), assignment)
            return
    handed_out = "\n".join(cell.source for cell in release.cells)
    assert not [line for line in handed_out.splitlines() if find_resemblance(line.strip())]
    assert not [secret for secret in typed.secrets if secret in handed_out]
    for solved, given_out in zip(source.cells, release.cells, strict=True):
        check_cut(solved, given_out)


def check_refusal(message: str, assignment: Assignment) -> None:
    assert message.startswith(f"assignments/{assignment.name}/{assignment.name}.py")
    assert "\n" not in message
    assert len(message) < 500


def check_cut(solved: Any, given_out: Any) -> None:
    """Just what stands between the markers is gone, and a stub in its place."""
    outside, _ = split_solution(solved.source)
    stub = ("YOUR CODE HERE", "YOUR ANSWER HERE", "raise NotImplementedError()")
    left = [line for line in given_out.source.splitlines() if not any(word in line for word in stub)]
    assert left == [line for line in outside if not any(word in line for word in stub)]
    assert given_out.id == solved.id
    assert given_out.metadata.autograder == solved.metadata.autograder
