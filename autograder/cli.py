"""The command line: commands only, no logic."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder.course import Course, find_root, load_course
from autograder.errors import AutograderError, GraderError

app = typer.Typer(
    help="Generate, grade and report the assignments of a course on generative adversarial networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Root = Annotated[Path | None, typer.Option(help="Folder of the course; found from the working folder if not given.")]
Names = Annotated[list[str] | None, typer.Argument(help="Assignments; all if none is named.", metavar="[NAME]...")]
Isolation = Annotated[str, typer.Option(help="nested, bubblewrap or landlock, strongest first; see autograder doctor.")]


def main() -> None:
    """Entry point of the command `autograder`."""
    app()


def _one_line_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Show the project's own errors, and what the system refuses, as one line; exit code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except AutograderError as error:
            message = str(error)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            kept = "what was written before is kept: mend this, then run the same command again"
            message = f"{place}{error.strerror or error}; {kept}"
        typer.echo(f"autograder: {' '.join(message.split())}", err=True)
        raise typer.Exit(2)

    return run


@app.command()
@_one_line_errors
def build(names: Names = None, root: Root = None) -> None:
    """Write source/ and release/ from assignments/."""
    from autograder import release

    for folder in release.build(_course(root), names or []):
        typer.echo(f"wrote {folder}")


@app.command()
@_one_line_errors
def new(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits and underscores.")], root: Root = None
) -> None:
    """Begin an assignment: text, description and a hidden suite of one small exercise, which passes its own audit."""
    from autograder.scaffold import scaffold

    for path in scaffold(_course(root), name):
        typer.echo(f"wrote {path}")
    typer.echo(f"next: autograder build {name}, then autograder audit {name}; docs/contributors.md says how to go on")


@app.command()
@_one_line_errors
def check(names: Names = None, root: Root = None) -> None:
    """Compare source/ and release/ with a fresh build; lint the markers, look for leaks."""
    from autograder import release

    problems = release.check(_course(root), names or [])
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("source/ and release/ are fresh, nothing leaks")


@app.command()
@_one_line_errors
def grade(
    paths: Annotated[list[Path], typer.Argument(help="Notebooks, folders, a submitted/ tree, Canvas or Moodle zips.")],
    out: Annotated[Path, typer.Option(help="Folder for results, feedback and class tables.")],
    assignment: Annotated[str | None, typer.Option(help="The assignment, where the path does not say.")] = None,
    student: Annotated[str | None, typer.Option(help="The student, for a single notebook.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Submissions graded at a time by this machine.")] = min(
        2, os.cpu_count() or 1
    ),
    executor: Annotated[str, typer.Option(help="local: this machine; dask: the workers of a Dask cluster.")] = "local",
    scheduler: Annotated[str | None, typer.Option(help="Address of the Dask scheduler, tcp://… or tls://….")] = None,
    isolation: Isolation = "nested",
    fresh: Annotated[bool, typer.Option("--fresh/--resume", help="Grade again what has a record already.")] = False,
    gradebook: Annotated[str | None, typer.Option(help="nbgrader's gradebook, as a URL of SQLAlchemy's.")] = None,
    root: Root = None,
) -> None:
    """Grade submissions; exit code 1 if the grader itself failed on any."""
    from autograder.batch import Settings, grade_class, nbgrader_course
    from autograder.intake import find_submissions

    course = _course(root)
    jobs = find_submissions(paths, course, assignment, student)
    nbgrader = nbgrader_course(paths)
    book = None
    if gradebook or nbgrader:
        from autograder.gradebook_database import open_gradebook  # slow to import

        book = open_gradebook(url=gradebook, course_folder=nbgrader)
    settings = Settings(out, workers, _level(isolation), fresh, book, executor, scheduler)
    _show(grade_class(course, jobs, settings), out)


@app.command()
@_one_line_errors
def demo(
    out: Annotated[Path, typer.Option(help="Folder for results, feedback and class tables.")] = Path("demo"),
    isolation: Isolation = "nested",
    root: Root = None,
) -> None:
    """Grade the sample class in examples/submitted, write its feedback and the class report."""
    from autograder.batch import Settings, grade_class
    from autograder.intake import find_submissions
    from autograder.report import write_report

    course = _course(root)
    submitted = course.root / "examples" / "submitted"
    jobs = find_submissions([submitted], course, None, None)
    # These are single samples: who handed in one assignment does not owe the others.
    jobs = [job for job in jobs if (submitted / job.student / job.assignment).is_dir()]
    outcome = grade_class(course, jobs, Settings(out, isolation=_level(isolation), fresh=True))
    report = write_report(out, course)
    _show(outcome, out)
    typer.echo(f"report: {report}")


@app.command()
@_one_line_errors
def audit(
    names: Names = None,
    exercise: Annotated[list[str] | None, typer.Option(help="Only this exercise; may be given again.")] = None,
    automatic: Annotated[
        bool | None, typer.Option("--automatic/--hand-written", help="Only one kind of mutants; both if not given.")
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=0, help="Solution and variants are judged under so many seeds of the hidden inputs.")
    ] = 3,
    isolation: Isolation = "nested",
    root: Root = None,
) -> None:
    """Put the suites to the test: mutants must lose points and get their hint, right answers must not."""
    from autograder.audit.command import audit_assignment

    course, level, sound = _course(root), _level(isolation), True
    for assignment in course.select(names or []):
        chosen = [assignment.exercise(e).id for e in exercise or []]
        kinds = {"hand_written": automatic is not True, "automatic": automatic is not False}
        sound = audit_assignment(course, assignment, level, chosen, **kinds, seeds=seeds) and sound
    if not sound:
        raise typer.Exit(1)


@app.command()
@_one_line_errors
def report(
    folder: Annotated[Path, typer.Argument(help="Output folder of autograder grade.", metavar="DIR")],
    due: Annotated[
        list[str] | None, typer.Option(help="When an assignment was due, NAME=DATE; may be given again.")
    ] = None,
    root: Root = None,
) -> None:
    """Write the class report, one HTML page: scores, exercises, mistakes, and what needs a person."""
    from autograder.report import parse_due, write_report

    course = _course(root)
    typer.echo(f"wrote {write_report(folder, course, parse_due(due or [], course))}")


@app.command()
@_one_line_errors
def diff(
    old: Annotated[Path, typer.Argument(help="Output folder of the first grading.")],
    new: Annotated[Path, typer.Argument(help="Output folder of the regrade.")],
    csv: Annotated[Path | None, typer.Option(help="Write the changes here as CSV.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the changes here as JSON.")] = None,
    fail_if_lower: Annotated[
        bool, typer.Option("--fail-if-lower", help="Exit code 1 if a score fell, is gone, or cannot be compared.")
    ] = False,
    root: Root = None,
) -> None:
    """Say what a regrade changed: whose score, on which exercise, by which test and message."""
    from rich.console import Console

    from autograder.diff import compare_records, difference_table, summarise, write_csv, write_json
    from autograder.records import read_records

    course = _course(root)
    before, after = read_records(old, course), read_records(new, course)
    difference = compare_records(before, after)
    for path, write in ((csv, write_csv), (json, write_json)):
        if path is not None:
            write(difference, path)
    console = Console(width=None if sys.stdout.isatty() else 110)
    if difference.changes:
        console.print(difference_table(difference))
    console.print(summarise(difference), markup=False)
    for line in (*before.unmatched, *after.unmatched):
        typer.echo(line, err=True)
    if fail_if_lower and difference.losses:
        raise typer.Exit(1)


@app.command()
@_one_line_errors
def export(
    folder: Annotated[Path, typer.Argument(help="Output folder of autograder grade.", metavar="DIR")],
    format: Annotated[str, typer.Option(help="canvas, moodle, nbgrader or csv.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    roster: Annotated[Path | None, typer.Option(help="The platform's own export: who is who.")] = None,
    match: Annotated[str | None, typer.Option(help="Column of the roster that has the students' names.")] = None,
    assignment: Annotated[list[str] | None, typer.Option(help="Only this one; may be given again.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Canvas's column of an assignment, NAME=COLUMN; may be given again.")
    ] = None,
    scale: Annotated[bool, typer.Option("--scale", help="Fit scores to the platform's maximum.")] = False,
    root: Root = None,
) -> None:
    """Write scores for Canvas, Moodle, nbgrader or a spreadsheet; exit code 1 if somebody has no score in it."""
    from autograder.platforms import Settings, export_scores, parse_columns, tell

    course = _course(root)
    columns = parse_columns(column or [], course)
    settings = Settings(format, out, roster, match, tuple(assignment or ()), columns, scale)
    outcome = export_scores(folder, course, settings)
    typer.echo(f"wrote {out}" + (f", students found by {outcome.matched_by}" if outcome.matched_by else ""))
    for line in (*outcome.notes, *map(tell, outcome.problems)):
        typer.echo(line, err=True)
    if outcome.beside:
        typer.echo(f"{len(outcome.problems)} problems, also in {outcome.beside}", err=True)
        raise typer.Exit(1)


@app.command()
@_one_line_errors
def gradescope(
    name: Annotated[str, typer.Argument(help="The assignment.", metavar="NAME")],
    out: Annotated[Path, typer.Option(help="The zip to write.")],
    minutes: Annotated[float, typer.Option(help="Gradescope's time-out, as set there for this assignment.")] = 10.0,
    root: Root = None,
) -> None:
    """Write the autograder zip of an assignment for Gradescope."""
    from autograder.gradescope.package import write_package

    course = _course(root)
    for line in write_package(course, course.assignment(name), out, minutes):
        typer.echo(line)


@app.command()
@_one_line_errors
def doctor(root: Root = None) -> None:
    """Say what this machine has: torch, isolation levels, data, nbgrader, Chromium."""
    from autograder.doctor import examine

    healthy = examine(root or Path.cwd())
    if not healthy:
        raise typer.Exit(1)


def _course(root: Path | None) -> Course:
    if root is not None and not root.is_dir():
        raise GraderError(f"{root}: expected the folder of a course, found none; check --root")
    return load_course(find_root(root or Path.cwd()))


def _level(name: str) -> Any:
    from autograder.sandbox.isolation import LEVELS

    if name not in LEVELS:
        raise GraderError(f"--isolation: expected one of {', '.join(LEVELS)}, got {name!r}")
    return name


def _show(outcome: Any, out: Path) -> None:
    from rich.console import Console

    from autograder.classbook import class_table

    console = Console(width=None if sys.stdout.isatty() else 110)
    console.print(class_table(outcome.grades, outcome.overrides))
    for line in outcome.unmatched:
        console.print(line, markup=False)
    console.print(
        f"feedback: {out / 'feedback'}   results: {out / 'results'}   table: {out / 'class.csv'}", markup=False
    )
    if outcome.internal_errors:
        console.print("the grader itself failed on these; nobody lost a point by it, please look at them by hand:")
        for failed in outcome.internal_errors:
            console.print(f"  {failed.student} {failed.assignment}: {failed.message[-500:]}", markup=False)
        raise typer.Exit(1)
