"""A whole audit as a function that another process can run, once for all who ask in a run of the tests."""

import os
import pickle
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from filelock import FileLock

from autograder.audit import Case, Verdict, audit, find_cases
from autograder.course import load_course
from autograder.grading import read_salt
from autograder.plugin import Suite, open_suite
from autograder.sandbox.launch import Sandbox
from tests.suites.secrets import Exchange, watch

ROOT = Path(__file__).parents[2]
SHARED = "AUTOGRADER_SHARED_AUDITS"  # the folder where the processes of one run of the tests leave their audits


@dataclass(frozen=True)
class Audited:
    """Verdicts, and of each failed test what the grader kept to itself."""

    verdicts: dict[Case, Verdict] = field(default_factory=dict)
    exchanges: dict[Case, tuple[Exchange, ...]] = field(default_factory=dict)


def audit_all(name: str) -> dict[Case, Verdict]:
    """Every case of an assignment, graded in the sandbox."""
    return audit_watched(name).verdicts


def audit_watched(name: str) -> Audited:
    """The same with what the grader kept to itself; in a process of its own, since it patches the comparisons."""
    kept = Path(os.environ[SHARED], f"{name}.pickle")
    with FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(_audit(name)))
        audited: Audited = pickle.loads(kept.read_bytes())
    return audited


def _audit(name: str) -> Audited:
    assignment, found = load_course(ROOT).assignment(name), Audited()

    def run(suite: Suite) -> None:
        with Sandbox("nested", assignment.release.parent) as sandbox:
            for verdict in audit(suite, sandbox, find_cases(assignment)):
                found.verdicts[verdict.case], found.exchanges[verdict.case] = verdict, log.take()

    with pytest.MonkeyPatch.context() as patch:
        log = watch(patch.setattr)
        open_suite(assignment, read_salt(ROOT), run)
    return found
