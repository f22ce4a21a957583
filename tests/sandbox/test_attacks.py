"""Hostile notebooks, run for real: nothing changes outside, nothing is left, a neighbour goes on, the grader too."""

import contextlib
import functools
import time
from pathlib import Path

import pytest
import torch

from autograder.compare import expect_close, expect_equal
from autograder.sandbox import launch, session
from autograder.sandbox.launch import WorkerDied, WorkerGone, WorkerLied, WorkerMemory, WorkerTimeout
from autograder.sandbox.proxy import StudentRaised, Submission, WrongAnswer
from autograder.sandbox.session import Cell, Session, SessionLimits
from tests.sandbox.attacks import ATTACKS, DAEMON, PRELUDE, Attack
from tests.sandbox.conftest import MEMORY
from tests.sandbox.outside import SECRET, Outside, sandboxed

ENDS = {
    "refused": StudentRaised,
    "timeout": WorkerTimeout,
    "memory": WorkerMemory,
    "died": WorkerDied,
    "lied": WorkerLied,
    "gone": WorkerGone,
}


@pytest.fixture
def outside(tmp_path: Path):
    place = Outside(tmp_path)
    yield place
    for listener in place.sockets:
        listener.close()


@pytest.fixture
def nothing_left(open_sandbox):
    """nothing_left(level): from here to the end of the test, processes, files and mounts stay as they were."""
    with contextlib.ExitStack() as stack:
        yield lambda level: stack.enter_context(unchanged(open_sandbox(level)))


@contextlib.contextmanager
def unchanged(sandbox):
    sandbox._drop_spares()
    before, mounts = sandboxed(), Path("/proc/mounts").read_text()
    yield
    sandbox._drop_spares()
    for _ in range(100):  # the supervisors say so first and leave afterwards
        if sandboxed() <= before:
            break
        time.sleep(0.05)
    assert sandboxed() <= before
    assert sandboxed(), "the zygote itself must live on"
    assert Path("/proc/mounts").read_text() == mounts
    assert not list(sandbox._scratch.iterdir())


@pytest.fixture(scope="session")
def neighbour(open_sandbox):
    """neighbour(level): a submission that is graded all the time."""

    @functools.cache
    def open_one(level: str) -> Submission:
        cell = Cell("f", "def f(x):\n    return 2 * x\n")
        other = Session(open_sandbox(level), "tiny", [cell], ["f"], SessionLimits(1000.0, 1000.0, MEMORY))
        other.run_cells()
        other.begin_test(seed=1, cpu_seconds=1000.0)
        return Submission(other)

    return open_one


def works(submission: Submission) -> bool:
    return submission.call("f", 21).integer() == 42


def run(attack: Attack, submission: Submission) -> None:
    """Call it; the only exceptions there may be are those a test expects of a submission."""
    if attack.end == "nothing":
        assert [item.text() for item in submission.call("attack").sequence()] == []
    elif attack.end == "any":
        with contextlib.suppress(WrongAnswer, WorkerGone):
            submission.call("attack")
    else:
        with pytest.raises(ENDS[attack.end]):
            submission.call("attack")


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_has_no_effect_outside(attack, level, outside, nothing_left, neighbour, start, monkeypatch):
    monkeypatch.setattr(launch, "WALL_FACTOR", 3.0)
    other = neighbour(level)
    nothing_left(level)
    hostile = start(PRELUDE, outside.fill(attack.source), level=level, cell_seconds=attack.seconds)
    assert [outcome.status for outcome in hostile.outcomes] == ["ok", "ok"]
    run(attack, Submission(hostile))
    assert works(other)
    hostile.close()
    outside.check()
    assert works(other)


@pytest.mark.parametrize("attack", ["is deaf", "leaves", "floods its output", "sends garbage"])
def test_attack_in_a_cell_leaves_the_other_cells_their_chance(
    attack, level, outside, nothing_left, submit, monkeypatch
):
    monkeypatch.setattr(launch, "WALL_FACTOR", 3.0)
    monkeypatch.setattr(session, "CELL_GRACE", 0.3)
    nothing_left(level)
    source = next(candidate.source for candidate in ATTACKS if candidate.name == attack)
    submission = submit(
        PRELUDE, f"{outside.fill(source)}\nattack()", "def f(x):\n    return 2 * x\n", level=level, cell_seconds=0.5
    )
    assert [outcome.status == "ok" for outcome in submission._session.outcomes] == [True, False, True]
    assert works(submission)
    submission._session.close()


def test_forged_answer_is_only_data_and_the_next_question_shows_it(level, start):
    forge = """
def attack():
    protocol, frame = sys.modules["worker.protocol"], sys._getframe()
    while not hasattr(frame.f_locals.get("message"), "number"):
        frame = frame.f_back
    reply = protocol.Reply(frame.f_locals["message"].number, protocol.Done("all tests passed"))
    os.write(data_socket(), protocol.encode_frame(reply, [])[0])
    return torch.ones(2)
"""
    submission = Submission(start(PRELUDE, forge, level=level))
    with pytest.raises(WrongAnswer, match="expected a tensor"):
        submission.call("attack").tensor((2,))
    with pytest.raises(WorkerLied):
        submission.call("f", 1)


def test_late_answer_reaches_no_later_question(level, start, monkeypatch):
    monkeypatch.setattr(launch, "WALL_FACTOR", 0.0)
    slow = start(PRELUDE, "def attack():\n    time.sleep(1.5)\n    return 666\n", level=level, cell_seconds=1.0)
    with pytest.raises(WorkerTimeout):
        Submission(slow).call("attack")
    monkeypatch.undo()
    slow.begin_test(seed=1, cpu_seconds=3.0)
    assert Submission(slow).call("f", 1).integer() == 2


@pytest.mark.parametrize(
    "returned",
    [
        "torch.full((2,), float('nan'))",
        "torch.full((2,), float('inf'))",
        "Always(torch.zeros(2))",
        "Always()",
        "torch.ones(2).bool()",
        "torch.ones(2, device='meta')",
        "torch.ones(2).to_sparse()",
        "torch.ones(2, 1)",
        "[1.0, 1.0]",
        "float('nan')",
    ],
)
def test_what_only_claims_to_be_equal_is_a_wrong_answer(returned, submit):
    claims = """
import builtins, torch
class Always(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if function in (torch.equal, torch.allclose):
            return True
        return super().__torch_function__(function, types, args, kwargs or {})
    def __eq__(self, other): return True
    def __sub__(self, other): return torch.zeros(2)
    __rsub__ = __sub__
    __hash__ = None
"""
    submission = submit(claims, f"def f():\n    return {returned}\n")
    with pytest.raises(WrongAnswer):
        expect_close(submission.call("f").tensor((2,)), torch.ones(2), "f")


def test_always_equal_object_is_not_equal_here(submit):
    submission = submit("class Same:\n    def __eq__(self, other): return True\ndef f():\n    return Same()\n")
    with pytest.raises(WrongAnswer):
        expect_equal(submission.call("f").integer(), 3, "f")


def test_patched_torch_and_builtins_stay_in_their_process(level, submit, neighbour):
    patched = """
import builtins, torch
torch.equal = torch.allclose = lambda *args, **kwargs: True
torch.Tensor.__sub__ = lambda a, b: a * 0
builtins.abs = builtins.max = lambda *args: 0
def f(x):
    return x
"""
    other, hostile = neighbour(level), submit(patched, level=level)
    with contextlib.suppress(WrongAnswer, WorkerGone):
        expect_close(hostile.call("f", torch.ones(2)).tensor((2,)), torch.ones(2), "f")
    with pytest.raises((WrongAnswer, WorkerGone)):
        expect_close(hostile.call("f", torch.ones(2)).tensor((2,)), torch.zeros(2), "f")
    assert works(other)
    assert not torch.equal(torch.ones(2), torch.zeros(2))
    assert len([1, 2]) == 2


# Controls: without the wall the harmless ones of these attacks do succeed, so the attacks are real.


@pytest.fixture
def gained(outside, start):
    """gained(name): what that attack gains without any wall."""

    def attack(name: str) -> list[str]:
        source = next(attack.source for attack in ATTACKS if attack.name == name)
        submission = Submission(start(PRELUDE, outside.fill(source), level="none"))
        return [item.text() for item in submission.call("attack").sequence()]

    return attack


def test_control_reads_the_hidden_file_without_a_wall(gained, outside):
    assert any(SECRET[:20] in text for text in gained("reads what is hidden"))


def test_control_changes_the_results_without_a_wall(outside, submit):
    submission = submit(PRELUDE, outside.fill("def attack():\n    return gains(change('$results'))\n"), level="none")
    submission.call("attack")
    assert outside.results.read_text() == "{}changed"


def test_control_connects_without_a_wall(gained, outside):
    assert len(gained("connects")) >= 4
    assert outside.tcp.accept()
    assert outside.udp.recv(3) == b"out"


def test_control_daemon_is_found_by_the_way_we_look_for_it(outside, submit, open_sandbox):
    source = DAEMON + "\ndef attack():\n    daemonize(lambda: time.sleep(600))\n    return []\n"
    submission = submit(PRELUDE, source, level="none")
    open_sandbox("none")._drop_spares()
    before = sandboxed()
    submission.call("attack")
    assert len(sandboxed() - before) == 1
    submission._session.close()
