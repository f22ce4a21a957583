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
            message = f"{place}{error.strerror or error}; nothing that was written before is lost"
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
    workers: Annotated[int, typer.Option(min=1, help="Submissions graded at a time.")] = min(2, os.cpu_count() or 1),
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
    _show(grade_class(course, jobs, Settings(out, workers, _level(isolation), fresh, book)), out)


@app.command()
@_one_line_errors
def demo(
    out: Annotated[Path, typer.Option(help="Folder for results, feedback and class tables.")] = Path("demo"),
    isolation: Isolation = "nested",
    root: Root = None,
) -> None:
    """Grade the sample class in examples/submitted and write its feedback."""
    from autograder.batch import Settings, grade_class
    from autograder.intake import find_submissions

    course = _course(root)
    submitted = course.root / "examples" / "submitted"
    jobs = find_submissions([submitted], course, None, None)
    # These are single samples: who handed in one assignment does not owe the others.
    jobs = [job for job in jobs if (submitted / job.student / job.assignment).is_dir()]
    _show(grade_class(course, jobs, Settings(out, isolation=_level(isolation), fresh=True)), out)


@app.command()
@_one_line_errors
def audit(
    names: Names = None,
    exercise: Annotated[list[str] | None, typer.Option(help="Only this exercise; may be given again.")] = None,
    isolation: Isolation = "nested",
    root: Root = None,
) -> None:
    """Put the suites to the test: mutants must lose points and get their hint, variants must not."""
    from autograder.audit import audit_assignment

    course, level, problems = _course(root), _level(isolation), 0
    for assignment in course.select(names or []):
        problems += audit_assignment(course, assignment, level, [assignment.exercise(e).id for e in exercise or []])
    if problems:
        raise typer.Exit(1)


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
