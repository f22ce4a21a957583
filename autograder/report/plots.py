"""Geometry of the plots: what the template draws as SVG, in percent of the width and in pixels of the height.

No view box: so text keeps its size on a phone, and the same numbers always give the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.report.statistics import BINS, OUTCOMES, Spread, histogram, spread

BAR_TOP, BAR_BOTTOM = 24.0, 150.0  # px; above the highest bar is room for its number
LEFT, SPAN = 3.0, 94.0  # % of the width: where 0 % lies, and how wide 0 … 100 % is
GAP = 0.5  # % of the width between two bars, on each side


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram and how many are in it."""

    label: str
    count: int
    x: float
    width: float
    y: float
    height: float
    middle: float


@dataclass(frozen=True)
class Histogram:
    """Bars of ten percent each; below them low, quartiles and high as places on the same axis."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    numbers: Spread | None
    low: float
    lower: float
    median: float
    upper: float
    high: float


@dataclass(frozen=True)
class Segment:
    """Part of a stacked bar. `outcome` names its pattern."""

    outcome: str
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class Stack:
    """A bar of what became of an exercise; `whole` is how many submissions it stands for."""

    segments: tuple[Segment, ...]
    whole: int


def draw_histogram(percents: Sequence[float]) -> Histogram:
    """Place the bars and the five numbers of scores in percent."""
    counts, numbers = histogram(percents), spread(percents)
    tallest = max(counts) or 1
    step = SPAN / BINS
    bars = []
    for index, count in enumerate(counts):
        height = (BAR_BOTTOM - BAR_TOP) * count / tallest
        bars.append(
            Bar(
                label=f"{100 // BINS * index} to {100 // BINS * (index + 1)} %",
                count=count,
                x=round(LEFT + step * index + GAP, 2),
                width=round(step - 2 * GAP, 2),
                y=round(BAR_BOTTOM - height, 1),
                height=round(height, 1),
                middle=round(LEFT + step * (index + 0.5), 2),
            )
        )
    ticks = tuple((_place(100 / BINS * index), f"{100 // BINS * index}") for index in range(BINS + 1))
    five = (numbers.low, numbers.lower, numbers.median, numbers.upper, numbers.high) if numbers else (0.0,) * 5
    return Histogram(tuple(bars), ticks, numbers, *map(_place, five))


def draw_stack(outcomes: Mapping[str, int]) -> Stack:
    """Place the parts of a bar side by side, over the whole width."""
    whole = sum(outcomes.values())
    segments, x = [], 0.0
    for outcome in OUTCOMES:
        width = 100 * outcomes[outcome] / whole if whole else 0.0
        if width:
            segments.append(Segment(outcome, outcomes[outcome], round(x, 2), round(width, 2)))
        x += width
    return Stack(tuple(segments), whole)


def _place(percent: float) -> float:
    """Where a score lies, in percent of the width; a score beyond the points (an edited record) at the edge."""
    return round(LEFT + SPAN * min(100.0, max(0.0, percent)) / 100, 2)
