"""The numbers of a class: spread of scores, difficulty and discrimination of exercises, mistakes by how many.

Source of the item statistics: Crocker and Algina 1986, Introduction to Classical and Modern Test Theory, chapter 14.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.course import Assignment
from autograder.results import ExerciseStatus, Grade, without_addresses

BINS = 10  # of a histogram over 0 … 100 %
FEWEST = 10  # submissions from which a correlation is shown: below, its standard error is above 0.3

# What became of an exercise, in the order in which the plots stack it.
OUTCOMES = ("full", "part", "none", "missing", "open")
_OUTCOMES: dict[ExerciseStatus, str] = {
    "passed": "full",
    "partial": "part",
    "failed": "none",
    "error": "none",
    "timeout": "none",
    "memory": "none",
    "missing": "missing",
    "internal": "open",
}
_WITHOUT_HINT = {
    "error": "stopped with an error",
    "timeout": "took too long",
    "memory": "used too much memory",
    "failed": "wrong in a way that has no hint yet",
}


@dataclass(frozen=True)
class Spread:
    """Five numbers and the mean, all in the unit of what was summed up."""

    count: int
    low: float
    lower: float
    median: float
    upper: float
    high: float
    mean: float


@dataclass(frozen=True)
class ExerciseStatistics:
    """One exercise over a class. `share`: mean part of its points, 0 … 1; `discrimination`: -1 … 1, None if unknown."""

    id: str
    title: str
    points: float
    count: int
    share: float | None
    discrimination: float | None
    outcomes: dict[str, int]


@dataclass(frozen=True)
class Mistake:
    """A mistake in an exercise and how many students made it; `hinted` if a hint names it."""

    exercise: str
    text: str
    students: int
    hinted: bool


@dataclass(frozen=True)
class Tally:
    """Something that was counted, and how often it was found."""

    text: str
    count: int


def spread(values: Iterable[float]) -> Spread | None:
    """Quartiles by linear interpolation (as numpy's percentile and Excel's QUARTILE.INC); None without values."""
    ordered = sorted(values)
    if not ordered:
        return None
    if len(ordered) == 1:
        lower = median = upper = ordered[0]
    else:
        lower, median, upper = statistics.quantiles(ordered, n=4, method="inclusive")
    return Spread(len(ordered), ordered[0], lower, median, upper, ordered[-1], statistics.fmean(ordered))


def histogram(percents: Iterable[float]) -> tuple[int, ...]:
    """How many lie in 0 … 9.99 %, 10 … 19.99 %, …, 90 … 100 %."""
    counts = [0] * BINS
    for percent in percents:
        within = min(100.0, max(0.0, percent))  # an edited record may hold any number
        counts[min(BINS - 1, int(within * BINS / 100))] += 1
    return tuple(counts)


def percent_of(grade: Grade) -> float | None:
    """The score in percent of what could be reached; None while it is open, or if there was nothing to reach."""
    return None if grade.score is None or not grade.max_score else 100 * grade.score / grade.max_score


def item_rest_correlation(shares: Sequence[float], rests: Sequence[float]) -> float | None:
    """Pearson's correlation of an exercise's share and the points of all others (point-biserial for right or wrong).

    None for fewer than FEWEST submissions, and where one of them is the same for everybody.
    """
    if len(shares) < FEWEST:
        return None
    try:
        return statistics.correlation(shares, rests)
    except statistics.StatisticsError:  # one of them is constant
        return None


def exercise_statistics(grades: Sequence[Grade], assignment: Assignment) -> tuple[ExerciseStatistics, ...]:
    """Each exercise that has scores, in the assignment's order; `grades` are those of the status graded."""
    found = []
    for exercise in assignment.exercises:
        results = [(grade, r) for grade in grades for r in grade.exercises if r.id == exercise.id]
        scored = [(grade, r, r.score) for grade, r in results if r.score is not None and r.max_score]
        if not results:
            continue
        shares = [score / r.max_score for _, r, score in scored]
        whole = [
            (score / r.max_score, grade.score - score)
            for grade, r, score in scored
            if grade.score is not None and all(other.score is not None for other in grade.exercises)
        ]
        outcomes = Counter(_OUTCOMES[result.status] for _, result in results)
        found.append(
            ExerciseStatistics(
                id=exercise.id,
                title=exercise.title,
                points=exercise.points,
                count=len(scored),
                share=statistics.fmean(shares) if shares else None,
                discrimination=item_rest_correlation([s for s, _ in whole], [rest for _, rest in whole]),
                outcomes={outcome: outcomes[outcome] for outcome in OUTCOMES},
            )
        )
    return tuple(found)


def mistakes(grades: Iterable[Grade], assignment: Assignment) -> tuple[Mistake, ...]:
    """Which mistakes were made by how many students, the most frequent first.

    A student counts once for each hint of an exercise. Who lost points there without any hint is counted by what
    happened; an exercise that was not attempted is no mistake.
    """
    titles = {exercise.id: exercise.title for exercise in assignment.exercises}
    counts: Counter[tuple[str, str, bool]] = Counter()
    for grade in grades:
        for result in grade.exercises:
            if result.status in ("passed", "missing", "internal"):
                continue
            wrong = [test for test in result.tests if test.status not in ("passed", "internal")]
            hints = {(_one_line(test.hint), True) for test in wrong if test.hint.strip()}
            kinds = {(_WITHOUT_HINT[test.status], False) for test in wrong if test.status in _WITHOUT_HINT}
            counts.update((result.id, *found) for found in hints or kinds)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Mistake(titles.get(e, e), text, count, hinted) for (e, text, hinted), count in ordered)


def tallies(texts: Iterable[str]) -> tuple[Tally, ...]:
    """Equal texts counted, the most frequent first."""
    return tuple(Tally(text, count) for text, count in sorted(Counter(texts).items(), key=lambda t: (-t[1], t[0])))


def _one_line(text: str) -> str:
    return " ".join(without_addresses(text).split())
