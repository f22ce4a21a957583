"""The figures of a comparison, printed: every submission in the terminal, a row for each tool in Markdown."""

from rich import box
from rich.table import Table

from benchmarks.comparison import OURS, TOOLS, Comparison, Spread, names_of, ratios, spread, sum_rounds


def draw_table(found: Comparison) -> Table:
    """A row for each submission and tool: medians, and the ratios to ours with their quartiles."""
    table = Table(title=f"{found.setting['rounds']} rounds, interleaved", box=box.SIMPLE_HEAD)
    for name in ("assignment", "submission", "tool"):
        table.add_column(name, no_wrap=True)
    for name in ("CPU s", "wall s", "CPU, times ours", "wall, times ours"):
        table.add_column(name, justify="right", no_wrap=True)
    for assignment in names_of(found, "assignment"):
        for submission in names_of(found, "submission"):
            for tool in names_of(found, "tool"):
                place = (assignment, [submission], tool)
                seconds = [spread(list(sum_rounds(found, *place, q).values())) for q in ("cpu_seconds", "wall_seconds")]
                shown = [f"{one.median:.2f}" for one in seconds]
                quantities = ("cpu_seconds", "wall_seconds")
                shown += ["1" if tool == OURS else tell(ratios(found, *place, quantity)) for quantity in quantities]
                table.add_row(assignment, submission, TOOLS[tool].partition(",")[0], *shown, end_section=tool == OURS)
    table.caption = "\n".join(f"{TOOLS[tool]}: not measured: {reason}" for tool, reason in found.missing.items())
    return table


def write_markdown(found: Comparison) -> str:
    """README's table: for each tool the cost of the submissions together, in times ours."""
    names, kinds = names_of(found, "assignment"), names_of(found, "submission")
    lines = [
        "| | " + " | ".join(f"`{name}`, CPU | `{name}`, clock" for name in names) + " |",
        "|---|" + "--:|--:|" * len(names),
    ]
    for tool in names_of(found, "tool"):
        cells = []
        for name in names:
            for quantity in ("cpu_seconds", "wall_seconds"):
                if tool == OURS:
                    mean = spread(list(sum_rounds(found, name, kinds, tool, quantity).values())).median / len(kinds)
                    cells.append(f"1 ({mean:.2f} s)")
                else:
                    cells.append(tell(ratios(found, name, kinds, tool, quantity)))
        lines.append(f"| {TOOLS[tool]} | " + " | ".join(cells) + " |")
    for tool, reason in found.missing.items():
        lines.append(f"| {TOOLS[tool]} | not measured: {reason} |" + " |" * (2 * len(names) - 1))
    return "\n".join([*lines, "", describe(found)])


def describe(found: Comparison) -> str:
    """What the figures are, in a sentence for each thing that one must know to read them."""
    setting, kinds = found.setting, names_of(found, "submission")
    scores = ", ".join(f"`{name}` {score:.1%}" for name, score in found.mutation_scores.items())
    versions = ", ".join(f"{name} {setting[name]}" for name in ("nbgrader", "otter-grader", "torch", "python"))
    return (
        f"Times ours, median (and quartiles) of {setting['rounds']} interleaved rounds; a round grades {len(kinds)} "
        f"submissions of each assignment ({', '.join(kinds)}), and in brackets is what one costs us on average. One "
        f"thread; the level is `{setting['isolation']}`, one worker. nbgrader and otter-grader run every cell, "
        f"training cells cut to a few steps, and the visible checks; the others run all but training cells, and the "
        f"hidden tests, with mutation scores as recorded: {scores}. {versions}; {setting['processors']} processors, "
        f"{setting['date']}."
    )


def tell(ratio: Spread) -> str:
    """A ratio and its quartiles, with as many digits as its size deserves."""
    return f"{_short(ratio.median)} ({_short(ratio.lower)}–{_short(ratio.upper)})"


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 9.95 else f"{number:.1f}" if number >= 1.95 else f"{number:.2f}"
