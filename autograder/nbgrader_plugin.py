"""nbgrader's commands and formgrader with our sandbox and hidden suites in place of a kernel.

nbgrader converts notebooks by an *exporter*, a class that its configuration names; docs/nbgrader_config.py names the
two below. `nbgrader autograde` then hands each submitted file to SandboxExporter as it is: before nbgrader would read
it (a broken file is no reason to stop), and without any cell of it ever meeting a kernel. nbgrader's own steps follow,
but for the two that ours replace, so that late penalties and a course's own steps work as ever.
"""

import dataclasses
import fnmatch
import glob
import json
import os
import re
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.preprocessors import ExecutePreprocessor
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import rmtree
from traitlets import Enum, Unicode
from traitlets.utils.importstring import import_item

from autograder.classbook import apply_overrides, read_overrides
from autograder.course import Assignment, Course, find_root, load_course
from autograder.errors import AutograderError, GraderError
from autograder.gradebook import Gradebook, autograded_path, graded_by_hand, open_gradebook, read_timestamp, record
from autograder.grading_service import GradingService, open_service
from autograder.intake import Job, find_submissions
from autograder.leaks import read_folder
from autograder.release import release_files
from autograder.results import Grade, encode_grade, result_path, visible_text, write_whole
from autograder.sandbox.isolation import DEFAULT_LEVEL, LEVELS
from autograder.ungraded import failed


class CourseExporter(NotebookExporter):  # type: ignore[misc]  # nbconvert has no types
    """What the two exporters share: `parent` is nbgrader's converter, `course` says where the hidden suites are."""

    course = Unicode(
        "", help="Folder of the course with the hidden suites; found from nbgrader's folder upward if not given."
    ).tag(config=True)
    converter: type = object

    def __init__(self, config: Any = None, **kwargs: Any) -> None:
        super().__init__(config=config, **kwargs)
        if not isinstance(self.parent, self.converter):
            raise TypeError(f"{type(self).__name__} works as {self.converter.__name__}.exporter_class only")
        try:
            self.prepare()
        except AutograderError as error:
            self.log.error("%s", error)
            raise NbGraderException(str(error)) from None

    def prepare(self) -> None:
        """Say what is wrong before anything is converted."""
        directory = self.parent.coursedir
        place = Path(directory.root, self.course)
        try:
            self._course = load_course(find_root(place))
        except GraderError as error:
            raise GraderError(f"{error} (nbgrader_config.py names it by c.CourseExporter.course)") from None
        self.assignment: Assignment = self._course.assignment(directory.assignment_id)
        # Its tables are made here, since nbgrader itself calls `alembic` from PATH, where a venv's is not always found.
        self.gradebook: Gradebook = dataclasses.replace(
            open_gradebook(url=str(directory.db_url)),
            directory=directory,
            course_id=directory.course_id or "default_course",
        )


class ReleaseExporter(CourseExporter):
    """For `nbgrader generate_assignment`: adds what a release holds besides nbgrader's part, and looks for leaks.

    That is the reader of submissions and what it asks for, so that the notebook's last cell can read itself.
    """

    converter = GenerateAssignment

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> Any:
        """As nbconvert's; AuthorError for the first leak."""
        output, resources = super().from_filename(filename, resources, **kwargs)
        source = read_folder(Path(filename).parent)
        files = release_files(self.assignment, source)
        resources["outputs"] = {name: content for name, content in files.items() if name not in source}
        return output, resources


class SandboxExporter(CourseExporter):
    """For `nbgrader autograde`: grades in the sandbox, writes scores and comments into the gradebook."""

    converter = Autograde
    isolation = Enum(LEVELS, DEFAULT_LEVEL, help="Isolation level; `autograder doctor` says what there is.").tag(
        config=True
    )
    out = Unicode(
        "",
        help="Folder for records, as of `autograder grade --out`, for report and diff; none are written if not given.",
    ).tag(config=True)

    def prepare(self) -> None:
        super().prepare()
        self._out = Path(self.parent.coursedir.root, self.out) if self.out else None
        self._overrides = read_overrides(self._out / "overrides.toml", self._course) if self._out else ()
        notebook = self.assignment.release / f"{self.assignment.name}.ipynb"
        if not notebook.is_file():
            raise GraderError(f"{notebook}: not found; run autograder build {self.assignment.name}")
        self._released: dict[str, Any] = json.loads(notebook.read_bytes())
        self._service: GradingService = open_service(self.assignment, self.isolation)
        self._jobs: dict[str, Job] = {}
        self._previous = graded_by_hand(self.gradebook, self.assignment.name)  # with --force, nbgrader deletes them
        for folder, student in self._folders():
            self._take(folder, student)

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        """As nbconvert's, but nothing that runs a student's cell, nor what saves the scores that this would give."""
        step = import_item(preprocessor) if isinstance(preprocessor, str) else preprocessor
        if issubclass(step if isinstance(step, type) else type(step), ExecutePreprocessor | SaveAutoGrades):
            return None
        return super().register_preprocessor(step, enabled)

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> Any:
        """As nbconvert's. A submitted file is graded first; what nbgrader goes on with is the repaired copy."""
        job = self._jobs.pop(os.path.dirname(filename), None)
        return super().from_filename(filename if job is None else str(self._grade(job)), resources, **kwargs)

    def _folders(self) -> list[tuple[str, str]]:
        """The folders of submissions that nbgrader was asked for, and whose they are."""
        directory, name = self.parent.coursedir, self.assignment.name
        stage, excluded = directory.submitted_directory, directory.student_id_exclude.split(",")
        pattern = re.compile(directory.format_path(stage, "(?P<student>.*)", name, escape=True))
        folders = sorted(filter(os.path.isdir, glob.glob(directory.format_path(stage, directory.student_id, name))))
        found = [(folder, match["student"]) for folder in folders if (match := pattern.fullmatch(folder))]
        wanted = fnmatch.fnmatchcase(name, directory.notebook_id)
        return [(folder, student) for folder, student in found if wanted and student not in excluded]

    def _take(self, folder: str, student: str) -> None:
        """Find what a student handed in, under whatever name; what nbgrader would stop or pass over is graded now."""
        job = _find_job(folder, student, self._course, self.assignment.name)
        if job.found and self._may_be_copied(folder):
            self._forget_unfinished(student)
            self._jobs[folder] = job
            self.parent.assignments[folder] = [os.path.join(folder, f"{self.assignment.name}.ipynb")]
        else:
            self.parent.assignments.pop(folder, None)
            self._grade(job)

    def _forget_unfinished(self, student: str) -> None:
        """Remove a folder without a notebook, of a student who had none, or of a run that was killed.

        nbgrader would take the folder for a submission that is graded already.
        """
        notebook = autograded_path(self.parent.coursedir, student, self.assignment.name)
        if notebook.parent.is_dir() and not notebook.exists():
            rmtree(str(notebook.parent))

    def _may_be_copied(self, folder: str) -> bool:
        """Whether nbgrader gets as far as the notebook: it first copies what else is there, and reads its timestamp."""
        for place, folders, files in os.walk(folder):
            for entry in (Path(place, name) for name in (*folders, *files)):
                plain = entry.is_dir() or (entry.is_file() and os.access(entry, os.R_OK))
                if entry.is_symlink() or not plain:
                    return False
        stamp = Path(folder, "timestamp.txt")
        if not stamp.exists():
            return True
        try:
            return (
                read_timestamp(stamp) is not None and self.parent.coursedir.get_existing_timestamp(folder) is not None
            )
        except Exception:  # of many kinds: a student may have written anything there
            return False

    def _grade(self, job: Job) -> Path:
        """Grade a submission and enter what came of it; the place of the notebook for formgrader."""
        trouble = "the grading process ended over this submission; nothing is lost, please look at it by hand"
        try:
            reply = self._service.grade(job)
        except AutograderError as error:
            reply, trouble = None, str(error)
        grade = reply.grade if reply and reply.grade else failed(self.assignment, job, trouble)
        self._tell(grade)
        if self._out:
            write_whole(result_path(self._out, job.student, job.assignment), encode_grade(grade))
        grade = apply_overrides(grade, self.assignment, self._overrides)
        notebook, previous = reply.notebook if reply else None, self._previous.get(job.student)
        record(self.gradebook, grade, self._released, notebook, self._overrides, previous=previous)
        return autograded_path(self.parent.coursedir, job.student, self.assignment.name)

    def _tell(self, grade: Grade) -> None:
        say = self.log.error if grade.status == "internal_error" else self.log.info
        score = "no score" if grade.score is None else f"{grade.score:g} / {grade.max_score:g}"
        student = visible_text(grade.student)  # students choose names, of folders and of files
        say("%s: %s, %s %s", student, grade.status, score, visible_text(grade.message))
        for repair in grade.repairs:
            self.log.info("%s: %s", student, visible_text(repair))


def _find_job(folder: str, student: str, course: Course, assignment: str) -> Job:
    """The one submission in a student's folder, by the same rules as `autograder grade`."""
    try:
        jobs = find_submissions([Path(folder)], course, assignment, None)
    except GraderError as error:
        return Job(student, assignment, Path(folder), trouble=str(error))
    best = min(jobs, key=lambda job: (not job.found, len(job.path.parts)))
    return dataclasses.replace(best, student=student)
