"""The figures of a comparison as a picture, to be read in black and white."""

from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from benchmarks.comparison import OURS, TOOLS, Comparison, names_of, ratios

MARKERS = {"right": ("o", "black"), "partly right": ("s", "0.6"), "untouched": ("^", "white")}
WIDTH, HEIGHT, DPI = 9.0, 0.62, 150  # inches; the height is that of a tool
ROOM = 1.35  # inches for title, axis and legend
STYLE = {"font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False}


def draw_plot(found: Comparison, path: Path) -> None:
    """Ratios of CPU seconds on a logarithmic axis: a marker for each kind of submission, quartiles as a bar."""
    names, tools = names_of(found, "assignment"), [tool for tool in names_of(found, "tool") if tool != OURS]
    with plt.rc_context(STYLE):
        figure, panels = plt.subplots(
            1, len(names), figsize=(WIDTH, HEIGHT * len(tools) + ROOM), sharey=True, sharex=True, squeeze=False
        )
        for axes, name in zip(panels[0], names, strict=True):
            _draw_panel(axes, found, name, tools)
        handles, labels = panels[0][0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="lower center", ncols=len(labels), frameon=False)
        figure.tight_layout(rect=(0, 0.09, 1, 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=DPI, metadata={"Software": None})
        plt.close(figure)


def _draw_panel(axes: Axes, found: Comparison, assignment: str, tools: list[str]) -> None:
    kinds = names_of(found, "submission")
    for index, kind in enumerate(kinds):
        marker, fill = MARKERS[kind]
        offset = (index - (len(kinds) - 1) / 2) * 0.24
        found_here = [ratios(found, assignment, [kind], tool, "cpu_seconds") for tool in tools]
        medians = [ratio.median for ratio in found_here]
        below = [ratio.median - ratio.lower for ratio in found_here]
        above = [ratio.upper - ratio.median for ratio in found_here]
        axes.errorbar(
            medians,
            [row + offset for row in range(len(tools))],
            xerr=(below, above),
            fmt=marker,
            color="black",
            markerfacecolor=fill,
            markersize=7,
            capsize=3,
            linewidth=1,
            label=f"{kind} submission",
        )
    axes.axvline(1.0, color="black", linewidth=1)
    axes.text(1.0, -0.62, " ours", ha="left", va="center", style="italic")
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_ylim(len(tools) - 0.4, -0.85)  # the first tool on top
    axes.set_yticks(range(len(tools)), [TOOLS[tool].replace(", ", ",\n") for tool in tools])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", which="major", color="0.85")
    axes.set_axisbelow(True)
    axes.set_title(assignment, family="monospace", fontsize=11)
    axes.set_xlabel("CPU seconds, in times ours")
