"""What an audit prints: a table of the exercises, then what it costs and everything that is not as it must be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from autograder.audit.seeds import Flake
from autograder.audit.verdicts import Verdict, has_hint, result_of, score_of
from autograder.course import Assignment, Exercise
from autograder.results import Grade

if TYPE_CHECKING:
    from autograder.audit.trials import Mutation

BY_HAND = ("mutants\ncaught", "right\nhint", "past\ncheck", "variants\naccepted")
AUTOMATIC = ("automatic\nkilled", "mutation\nscore")
LEAST_SCORE = 0.95


@dataclass
class Findings:
    """All that an audit of an assignment found; CPU seconds by exercise and of a whole right submission."""

    assignment: Assignment
    exercises: Sequence[Exercise]
    verdicts: list[Verdict] = field(default_factory=list)
    mutation: "Mutation | None" = None
    seeds: int = 0
    flakes: list[Flake] = field(default_factory=list)
    test_seconds: Mapping[str, float] = field(default_factory=dict)
    submission_seconds: float | None = None

    @property
    def problems(self) -> list[str]:
        """Everything that is not as it must be, but for survivors: of those a few are allowed."""
        found = []
        for verdict in self.verdicts:
            place = "/".join(filter(None, (verdict.case.kind, verdict.case.exercise, verdict.case.name)))
            found += [f"{place}: {problem}" for problem in verdict.problems]
        if self.mutation is not None:
            found += self.mutation.problems
        return [*found, *map(str, self.flakes)]

    @property
    def sound(self) -> bool:
        """Whether the suite is as good as it must be."""
        return not self.problems and (self.mutation is None or self.mutation.score >= LEAST_SCORE)


def summarise(findings: Findings) -> Table:
    """A row for each exercise, and one for all."""
    table = Table(title=f"audit of {findings.assignment.name}", box=box.SIMPLE_HEAD)
    table.add_column("exercise", no_wrap=True)
    by_hand, automatic = bool(findings.verdicts), findings.mutation is not None
    for name in [*(BY_HAND if by_hand else ()), *(AUTOMATIC if automatic else ()), "CPU\nms"]:
        table.add_column(name, justify="right", no_wrap=True)
    rows = [[exercise] for exercise in findings.exercises]
    for exercises in [*rows, findings.exercises] if len(rows) > 1 else rows:
        one = exercises is not findings.exercises
        if not one:
            table.add_section()
        cells = [exercises[0].id if one else "all"]
        if by_hand:
            cells += _by_hand(exercises, findings.verdicts)
        if findings.mutation is not None:
            cells += _automatic(findings.mutation.of({exercise.id for exercise in exercises}))
        spent = [findings.test_seconds.get(exercise.id) for exercise in exercises]
        cells.append("–" if None in spent else f"{1000 * sum(filter(None, spent)):.0f}")
        table.add_row(*cells)
    return table


def describe(findings: Findings) -> Iterator[str]:
    """What stands under the table, line by line."""
    for verdict in findings.verdicts:
        if verdict.case.kind in ("solution", "untouched"):
            yield f"{verdict.case.name}: {_points(verdict.grade)} points"
    if findings.submission_seconds is not None:
        yield f"a right submission costs {findings.submission_seconds:.2f} CPU s, cells and all"
    if findings.seeds:
        flaky = f"{len(findings.flakes)} flaky" if findings.flakes else "none is flaky"
        yield f"tests of solution and variants under {findings.seeds} seeds: {flaky}"
    if findings.mutation is not None:
        yield from _describe_mutation(findings.assignment, findings.mutation)
    yield from (f"problem: {problem}" for problem in findings.problems)


def list_survivors(mutation: "Mutation") -> Iterator[str]:
    """Each mutant that no test noticed, with its change."""
    for mutant in mutation.survivors:
        yield f"survived: {mutant.exercise}, line {mutant.line} of its cell ({mutant.operator})"
        yield f"  - {mutant.before}"
        yield f"  + {mutant.after}"


def _describe_mutation(assignment: Assignment, mutation: "Mutation") -> Iterator[str]:
    listed = f"{assignment.suite.name}/equivalent.toml"
    count = len(mutation.equivalents)
    yield f"automatic mutants that are no mistakes, not counted: {count}{f' ({listed} says why)' if count else ''}"
    yield from list_survivors(mutation)
    if mutation.score < LEAST_SCORE:
        yield (
            f"problem: expected a mutation score of {LEAST_SCORE:.0%} at least, got {mutation.score:.1%}; write tests "
            f"for the survivors, or say in {listed} why one is no mistake"
        )


def _by_hand(exercises: Sequence[Exercise], verdicts: Sequence[Verdict]) -> list[str]:
    ids = {exercise.id: exercise.points for exercise in exercises}
    mine = [verdict for verdict in verdicts if verdict.case.exercise in ids]
    mutants = [verdict for verdict in mine if verdict.case.kind == "mutant"]
    variants = [verdict for verdict in mine if verdict.case.kind == "variant"]
    caught = [v for v in mutants if score_of(v.grade, v.case.exercise) < ids[v.case.exercise]]
    hinted = [v for v in caught if has_hint(result_of(v.grade, v.case.exercise), v.case.hint)]
    accepted = [verdict for verdict in variants if not verdict.problems]
    return [
        f"{len(caught)} / {len(mutants)}",
        f"{len(hinted)} / {len(mutants)}",
        str(sum(verdict.case.visible for verdict in mutants)),
        f"{len(accepted)} / {len(variants)}",
    ]


def _automatic(mutation: "Mutation") -> list[str]:
    return [f"{mutation.killed} / {mutation.counted}", f"{100 * mutation.score:.1f} %"]


def _points(grade: Grade) -> str:
    return f"{'none' if grade.score is None else f'{grade.score:g}'} of {grade.max_score:g}"
