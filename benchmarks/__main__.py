"""`python -m benchmarks`: what grading costs beside other tools, and what many submissions do to the grader."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from autograder.course import find_root, load_course
from autograder.errors import AutograderError, GraderError
from benchmarks import comparison, many
from benchmarks.audited import recorded_scores
from benchmarks.plot import draw_plot
from benchmarks.tables import draw_table, write_markdown

ROOT = find_root(Path(__file__).parent)
FOLDER = ROOT / "build" / "bench"
PLOT = ROOT / "docs" / "benchmark.png"

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
Markdown = Annotated[bool, typer.Option("--markdown", help="Print README's table, too.")]
Folder = Annotated[Path, typer.Option(help="Where figures are written, and otter-grader is installed.")]
Plot = Annotated[Path, typer.Option(help="The picture to write.")]


@app.command()
def compare(
    assignment: Annotated[list[str] | None, typer.Option(help="May be given again.")] = None,
    rounds: Annotated[int, typer.Option(min=1)] = 7,
    tool: Annotated[list[str] | None, typer.Option(help=f"{', '.join(comparison.TOOLS)}; all if not given.")] = None,
    folder: Folder = FOLDER,
    plot: Plot = PLOT,
    markdown: Markdown = False,
) -> None:
    """The same submissions through nbgrader, otter-grader, pytest, no wall at all, and us."""
    course = load_course(ROOT)
    names = assignment or ["vanilla_gan", "dcgan"]
    unknown = sorted(set(tool or ()) - comparison.TOOLS.keys())
    if unknown:
        raise GraderError(f"--tool: expected some of {', '.join(comparison.TOOLS)}, got {', '.join(unknown)}")
    tools = [name for name in comparison.TOOLS if name in (tool or comparison.TOOLS) or name == comparison.OURS]
    scores = recorded_scores(ROOT / "README.md", names)
    found = comparison.compare(course, names, rounds, tools, folder, scores)
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / "comparison.json"
    written.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    typer.echo(f"wrote {written}")
    show(folder, plot, markdown)


@app.command()
def show(folder: Folder = FOLDER, plot: Plot = PLOT, markdown: Markdown = False) -> None:
    """Print and draw again what was measured last."""
    found = msgspec.json.decode((folder / "comparison.json").read_bytes(), type=comparison.Comparison)
    Console(width=130).print(draw_table(found))
    draw_plot(found, plot)
    typer.echo(f"wrote {plot}")
    if markdown:
        typer.echo(write_markdown(found))


@app.command("many")
def grade_many(
    submissions: Annotated[int, typer.Option(min=10, help="How many to make and grade.")] = 10_000,
    workers: Annotated[int, typer.Option(min=1)] = 2,
    folder: Folder = FOLDER,
    markdown: Markdown = False,
) -> None:
    """Many submissions in one run of `autograder grade`: memory, descriptors and processes along the way."""
    watched = many.watch(load_course(ROOT), submissions, workers, folder)
    written = folder / "many.json"
    written.write_bytes(msgspec.json.format(msgspec.json.encode(watched), indent=1) + b"\n")
    typer.echo(f"wrote {written}")
    Console(width=130).print(many.draw_table(watched))
    if markdown:
        typer.echo(many.write_markdown(watched))


def main() -> None:
    """Run, and show the project's own errors as one line; exit code 2."""
    try:
        app()
    except (AutograderError, OSError) as error:
        typer.echo(f"benchmarks: {error}", err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
