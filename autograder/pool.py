"""The local executor: grading processes forked from one that has collected the suite, fed one submission at a time.

A grading process runs the suite; it never runs a student's code, but it reads what strangers hand in. If one dies all
the same, its submission is given to a new one once, then recorded as the grader's own fault; the class goes on.
"""

import hashlib
import json
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

import msgspec

from autograder.course import Assignment
from autograder.errors import SubmissionError
from autograder.grading import grade_submission, was_killed
from autograder.intake import Job, read_job
from autograder.plugin import Suite
from autograder.results import ExerciseResult, Grade
from autograder.sandbox.isolation import Level
from autograder.sandbox.launch import Sandbox, SandboxLost
from autograder.submission import Master, Unreadable, read_submission
from autograder.ungraded import failed, ungraded
from autograder.unplaced import find_unplaced

TRIES = 2
ENDED = f"the grading process ended {TRIES} times over this submission"


@dataclass(frozen=True)
class Outcome:
    """A Grade, and the repaired notebook where there was one to read."""

    grade: Grade
    notebook: dict[str, Any] | None
    answers: dict[str, str]


class _Reply(msgspec.Struct):
    """From a grading process: the outcome of its job, or that the sandbox is lost."""

    grade: Grade | None
    notebook: bytes = b""
    answers: dict[str, str] = {}


@dataclass
class _Process:
    process: BaseProcess
    line: Connection
    job: int | None = None


REPLY = msgspec.msgpack.Decoder(_Reply)
STOP = b""


def grade_job(
    suite: Suite,
    sandbox: Sandbox,
    master: Master,
    job: Job,
    watch: Callable[[ExerciseResult], None] | None = None,
) -> Outcome:
    """Grade one submission; whatever is wrong with it ends in a record. `watch` is told of each exercise at once."""
    notebook = read_notebook(suite.assignment, job)
    return notebook if isinstance(notebook, Outcome) else grade_notebook(suite, sandbox, master, job, notebook, watch)


def read_notebook(assignment: Assignment, job: Job) -> bytes | Outcome:
    """The bytes that were handed in; the outcome, where there are none to grade."""
    try:
        data = read_job(job)
    except SubmissionError as error:
        return Outcome(ungraded(assignment, job, "unreadable", str(error)), None, {})
    if data is None:
        return Outcome(ungraded(assignment, job, "missing", "no notebook was handed in"), None, {})
    return data


def grade_notebook(
    suite: Suite,
    sandbox: Sandbox,
    master: Master,
    job: Job,
    data: bytes,
    watch: Callable[[ExerciseResult], None] | None = None,
) -> Outcome:
    """Grade what was handed in for a job."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        submission = read_submission(data, master)
    except Unreadable as error:
        return Outcome(ungraded(suite.assignment, job, "unreadable", str(error), digest), None, {})
    known = {"student": job.student, "submitted_at": job.submitted_at}
    grade = grade_submission(suite, sandbox, submission, notebook_sha256=digest, watch=watch, **known)
    if was_killed(grade):  # by a machine short of memory, say: what that cost is not the student's to pay
        grade = grade_submission(suite, sandbox, submission, notebook_sha256=digest, watch=watch, **known)
    blank, notes = find_unplaced(submission, master)
    grade = msgspec.structs.replace(
        grade, repairs=(*job.notes, *grade.repairs, *notes), needs_manual=(*grade.needs_manual, *blank)
    )
    return Outcome(grade, submission.notebook, submission.answers)


class Pool:
    """Grading processes for one assignment. Needs a sandbox factory: a lost sandbox is replaced."""

    def __init__(self, suite: Suite, master: Master, level: Level, workers: int) -> None:
        self._suite, self._master, self._level, self._workers = suite, master, level, workers
        self._context = multiprocessing.get_context("fork")
        self._sandbox: Sandbox | None = None
        self._processes: list[_Process] = []

    def run(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Grade all jobs, in the order in which they are done."""
        waiting = list(range(len(jobs)))
        tries = [0] * len(jobs)
        try:
            while waiting or any(process.job is not None for process in self._processes):
                self._hire(jobs, len(waiting))
                for process in self._processes:
                    if process.job is None and waiting:
                        process.job = waiting.pop(0)
                        with suppress(OSError):  # one that has died since: its line tells so, like any other's
                            process.line.send_bytes(str(process.job).encode())
                yield from self._collect(jobs, waiting, tries)
        finally:
            self._dismiss()

    def _hire(self, jobs: Sequence[Job], wanted: int) -> None:
        busy = sum(process.job is not None for process in self._processes)
        while len(self._processes) < min(self._workers, busy + wanted):
            line = self._attach()
            ours, theirs = self._context.Pipe()
            others = [process.line for process in self._processes] + [ours]
            duty = (os.getpid(), theirs, others, self._suite, line, self._master, jobs)
            process = self._context.Process(target=_work, args=duty)
            process.start()
            theirs.close()
            line.hang_up()
            self._processes.append(_Process(process, ours))

    def _attach(self) -> Sandbox:
        """A line to the sandbox; to a new one, if there is none or its zygote has died."""
        if self._sandbox is not None:
            try:
                return self._sandbox.attach()
            except SandboxLost:
                self._sandbox.close()
        self._sandbox = Sandbox(self._level, self._suite.assignment.release.parent)
        return self._sandbox.attach()

    def _collect(self, jobs: Sequence[Job], waiting: list[int], tries: list[int]) -> Iterator[Outcome]:
        lost = False
        for ready in wait([process.line for process in self._processes]):
            process = next(process for process in self._processes if process.line is ready)
            number = process.job
            try:
                reply = REPLY.decode(process.line.recv_bytes())
            except (EOFError, OSError):
                reply = _Reply(None)
            process.job = None
            if reply.grade is not None:
                notebook = json.loads(reply.notebook) if reply.notebook else None
                yield Outcome(reply.grade, notebook, reply.answers)
                continue
            self._processes.remove(process)
            process.line.close()
            process.process.join()
            lost = True
            if number is not None:
                tries[number] += 1
                if tries[number] < TRIES:
                    waiting.insert(0, number)
                else:
                    yield own_fault(self._suite.assignment, jobs[number])
        if lost and not any(process.job is not None for process in self._processes):
            self._dismiss()  # with a new sandbox, in case it was the zygote that died

    def _dismiss(self) -> None:
        for process in self._processes:
            try:
                process.line.send_bytes(STOP)
            except OSError:
                process.process.kill()
            process.process.join()
            process.line.close()
        self._processes.clear()
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None


def own_fault(assignment: Assignment, job: Job, what: str = ENDED) -> Outcome:
    """The outcome of a submission that brought down whatever graded it."""
    return Outcome(failed(assignment, job, f"{what}; nothing is lost, please look at it by hand"), None, {})


def _work(
    grader: int,
    line: Connection,
    others: list[Connection],
    suite: Suite,
    sandbox: Sandbox,
    master: Master,
    jobs: Sequence[Job],
) -> None:
    """Life of a grading process: a number comes in, the outcome of that job goes out. `grader` is its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that writes the records
    from autograder.sandbox.worker.limits import die_with_parent  # needs libraries that only Linux has

    die_with_parent(grader)
    for other in others:
        other.close()
    try:
        while True:
            try:
                number = line.recv_bytes()
            except EOFError:
                break
            if number == STOP:
                break
            line.send_bytes(msgspec.msgpack.encode(_answer(suite, sandbox, master, jobs[int(number)])))
    finally:
        sandbox.hang_up()
        os._exit(0)


def _answer(suite: Suite, sandbox: Sandbox, master: Master, job: Job) -> _Reply:
    try:
        outcome = grade_job(suite, sandbox, master, job)
    except SandboxLost:
        os._exit(1)
    except Exception:
        return _Reply(failed(suite.assignment, job, traceback.format_exc()))
    notebook = json.dumps(outcome.notebook).encode() if outcome.notebook is not None else b""
    return _Reply(outcome.grade, notebook, outcome.answers)
