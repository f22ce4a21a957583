"""One submission in Gradescope's container: find the notebook, have it graded, write results.json as exercises finish.

Grading is done by a process of its own (grader.py); this one is small, runs nothing of a student's, and is still there
when the other is killed or the time is up. Gradescope gives 0 to what it has to stop itself, so this stops before.

Exit codes: 0 a score was written; 1 the grader failed on this submission; 2 it cannot work in this container.
"""

import signal
import socket
import subprocess
import sys
import time
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path

import msgspec

from autograder.course import Assignment, load_course
from autograder.errors import AutograderError, GraderError
from autograder.gradescope.contract import (
    Results,
    describe_fault,
    describe_grade,
    describe_progress,
    encode_results,
)
from autograder.gradescope.layout import read_settings
from autograder.gradescope.reports import REPORT, Report
from autograder.gradescope.submitted import find_notebook, read_submission_time
from autograder.intake import Job
from autograder.results import ExerciseResult, Grade, write_whole

COURSE = Path(__file__).parents[2]
AUTOGRADER = Path("/autograder")
RESERVE_SECONDS = 40.0  # of Gradescope's time-out, for what happens around us
TRIES = 2
GRADER = (sys.executable, "-P", "-m", "autograder.gradescope.grader")  # and the socket, and the course's folder


class TimeUp(Exception):
    """The time limit is reached, or Gradescope has asked us to end."""


class Submission:
    """One submission on its way to results.json."""

    def __init__(
        self, assignment: Assignment, job: Job, results: Path, *, begun: float, deadline: float, end: Connection
    ) -> None:
        """`begun` and `deadline` are times of the monotonic clock; `end` is readable once Gradescope asks us to end."""
        self._assignment, self._job, self._results = assignment, job, results
        self._begun, self._deadline, self._end = begun, deadline, end
        self._isolation = ""
        self._finished: dict[str, ExerciseResult] = {}

    def grade(self) -> int:
        """Grade it and write what came of it; returns the exit code."""
        try:
            grade = None
            for _ in range(TRIES):
                grade = self._ask_grader()
                if grade is not None and grade.status != "internal_error":
                    break
                if self._seconds() > (self._deadline - self._begun) / 2:  # a second try would not come to its end
                    break
        except TimeUp:
            return self._stop()
        except AutograderError as error:
            print(f"autograder: {error}", flush=True)
            self._write(describe_fault(self._assignment, self._isolation, self._seconds()))
            return 2
        if grade is None:
            print("autograder: the grading process ended before it was done; its own words are above", flush=True)
            self._write(describe_fault(self._assignment, self._isolation, self._seconds(), self._finished))
            return 1
        if grade.message:
            print(f"autograder: {grade.status}: {grade.message}", flush=True)
        self._write(describe_grade(grade, self._assignment, self._seconds()))
        return 1 if grade.status == "internal_error" else 0

    def _stop(self) -> int:
        """The time is up. If students' code was running, what was graded counts; else it is a fault of ours."""
        print(f"autograder: stopped after {self._seconds():.0f} s", flush=True)
        if not self._isolation:
            self._write(describe_fault(self._assignment, "", self._seconds()))
            return 1
        self._write_progress(stopped=True)
        return 0

    def _ask_grader(self) -> Grade | None:
        """The grade, or None if the grading process ended without one. TimeUp, or GraderError where it cannot work."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [*GRADER, str(theirs.fileno()), str(COURSE)],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        with Connection(ours.detach()) as line:
            try:
                line.send_bytes(msgspec.msgpack.encode(self._job, enc_hook=str))
                # What was said counts, also if the time is up by now: first the line, then the clock.
                while line in wait([line, self._end], max(0.0, self._deadline - time.monotonic())):
                    report = REPORT.decode(line.recv_bytes())
                    if report.grade is not None:
                        return report.grade
                    self._note(report)
                raise TimeUp
            except (EOFError, OSError):
                return None
            finally:
                process.kill()  # and with it the sandbox; what it had to say has been said
                process.wait()

    def _note(self, report: Report) -> None:
        if report.trouble:
            raise GraderError(report.trouble)
        if report.level:
            self._isolation = report.level
            self._finished.clear()  # a first try may have come to something else
        if report.exercise is not None:
            self._finished[report.exercise.id] = report.exercise
        self._write_progress(stopped=False)

    def _write_progress(self, *, stopped: bool) -> None:
        progress = describe_progress(
            self._finished, self._assignment, self._isolation, self._seconds(), stopped=stopped
        )
        self._write(progress)

    def _write(self, results: Results) -> None:
        write_whole(self._results, encode_results(results))

    def _seconds(self) -> float:
        return time.monotonic() - self._begun


def main() -> int:
    """Grade what lies in /autograder/submission; returns the exit code."""
    begun = time.monotonic()
    results = AUTOGRADER / "results" / "results.json"
    results.unlink(missing_ok=True)  # as long as there is none, Gradescope knows of no score
    settings = read_settings(COURSE)
    course = load_course(COURSE)
    assignment = course.assignment(settings.assignment)
    submitted_at = read_submission_time(AUTOGRADER / "submission_metadata.json")
    job = find_notebook(AUTOGRADER / "submission", course, assignment.name, submitted_at)
    deadline = begun + settings.minutes * 60 - RESERVE_SECONDS
    return Submission(assignment, job, results, begun=begun, deadline=deadline, end=watch_for_end()).grade()


def watch_for_end() -> Connection:
    """What becomes readable when somebody asks this process to end."""
    reading, writing = Pipe(duplex=False)
    signal.signal(signal.SIGTERM, lambda *_: writing.send_bytes(b"end"))
    return reading


if __name__ == "__main__":
    sys.exit(main())
