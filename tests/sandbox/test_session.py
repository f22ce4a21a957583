"""Sessions: what a cell breaks, a new worker mends; limits hold; submissions do not see each other."""

import pytest
import torch

from autograder.sandbox import launch
from autograder.sandbox.launch import WorkerDied, WorkerGone, WorkerTimeout
from autograder.sandbox.proxy import StudentRaised, Submission, WrongAnswer
from autograder.sandbox.session import Cell, Session, SessionLimits

DOUBLE = "def f(x):\n    return 2 * x\n"


def statuses(session: Session) -> list[str]:
    return [outcome.status for outcome in session.outcomes]


@pytest.mark.parametrize(
    ("broken", "status"),
    [
        ("import os\nos._exit(1)", "error"),
        ("import ctypes\nctypes.string_at(1)", "error"),
        ("while True: pass", "timeout"),
        ("1 / 0", "error"),
    ],
)
def test_cell_that_breaks_does_not_keep_the_next_from_running(broken, status, start):
    session = start(
        "A = 20", f"def g(x):\n    return x\n{broken}\ndef h(x):\n    return x + A\n", DOUBLE, cell_seconds=0.5
    )
    assert statuses(session) == ["ok", status, "ok"]
    assert Submission(session).call("f", 21).integer() == 42


@pytest.mark.parametrize("broken", ["import os\nos._exit(1)", "raise ValueError"])
def test_definitions_of_a_cell_that_breaks_still_count(broken, submit):
    submission = submit(f"def f(x):\n    return x + K\n{broken}\nK = 1\n")
    assert submission.call("f", 1).integer() == 2


def test_training_cell_runs_as_definitions_only(start):
    session = start("def f(x):\n    return x\nwhile True: pass\n", definitions=(0,))
    assert statuses(session) == ["skipped"]
    assert Submission(session).call("f", 1).integer() == 1


def test_last_callable_of_a_name_is_the_function(submit):
    submission = submit(DOUBLE, "def f(x):\n    return 3 * x\n", "f = [1, 2, 3]")
    assert submission.call("f", 2).integer() == 6


def test_test_after_a_crash_finds_the_same_notebook(start):
    session = start("STEP = 2", "def f(x):\n    return STEP * x\n", "import os\ndef attack():\n    os._exit(0)\n")
    submission = Submission(session)
    with pytest.raises(WorkerDied):
        submission.call("attack")
    with pytest.raises(WorkerGone, match="ended before"):
        submission.call("f", 1)
    session.begin_test(seed=2, cpu_seconds=5.0)
    assert submission.call("f", 21).integer() == 42


def test_test_begins_with_fresh_randomness_and_modes(start):
    session = start("""
import random, numpy, torch
def f():
    torch.set_grad_enabled(False)
    torch.set_default_dtype(torch.float64)
    draws = [random.random(), numpy.random.rand(), float(torch.rand(()))]
    return draws, torch.zeros(1, requires_grad=True).exp()
""")
    draws = []
    for _ in range(2):
        session.begin_test(seed=7, cpu_seconds=5.0)
        numbers, tensor = Submission(session).call("f").sequence(2)
        draws.append([item.number() for item in numbers.sequence(3)])
        assert not tensor.requires_grad
    session.begin_test(seed=7, cpu_seconds=5.0)
    assert draws[0] == draws[1]


def test_calls_of_one_test_share_their_allowance(start):
    burn = "import time\ndef f():\n    end = time.process_time() + 1.0\n    while time.process_time() < end: pass\n"
    session = start(burn)
    session.begin_test(seed=1, cpu_seconds=1.2)
    submission = Submission(session)
    submission.call("f")
    used = session.used
    with pytest.raises(WorkerTimeout):
        submission.call("f")
    assert 0 < used < session.used


def test_notebook_that_uses_up_its_total_is_stopped(start):
    session = start(*["while True: pass"] * 6, DOUBLE, cell_seconds=0.4, total_seconds=1.0)
    assert session.exhausted
    assert session.outcomes[-1].status == "timeout"
    assert session.outcomes[-1].error.startswith("not run")


def test_hard_limit_ends_what_the_grader_does_not_watch(open_sandbox):
    sandbox = open_sandbox("nested")
    worker = sandbox.spawn("tiny", 512 << 20, cpu_seconds=1)
    session = Session(sandbox, "tiny", [Cell("a", "while True: pass")], [], SessionLimits(30.0, 60.0, 512 << 20))
    session._worker = worker
    with pytest.raises(WorkerTimeout):
        session._run(session._cells[0])
    session._worker = None


def test_submissions_do_not_see_each_other(start, level):
    one = start("import pathlib\npathlib.Path('mine.txt').write_text('x')\nSECRET = 1", DOUBLE, level=level)
    two = start("import os\ndef f(x):\n    return [os.listdir('.'), 'SECRET' in globals()]\n", level=level)
    files, seen = Submission(two).call("f", 0).sequence(2)
    assert [name.text() for name in files.sequence()] == ["course.py"]
    assert not seen.boolean()
    assert Submission(one).call("f", 1).integer() == 2


def test_names_that_are_not_there_are_the_students_error(submit):
    submission = submit(DOUBLE)
    with pytest.raises(StudentRaised, match="the notebook defines no attack"):
        submission.call("attack")


def test_worker_that_speaks_before_it_is_asked_is_replaced(start, monkeypatch):
    monkeypatch.setattr(launch, "WALL_FACTOR", 1.0)
    talk = """
import os, stat
for descriptor in range(3, 99):
    try:
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            os.write(descriptor, b"!")
    except OSError:
        pass
"""
    session = start(talk, DOUBLE, cell_seconds=0.5)
    assert session.outcomes[1].status == "ok"
    assert Submission(session).call("f", 1).integer() == 2


def test_remote_module_can_be_stepped_and_looked_at(submit):
    submission = submit("import torch\nclass f(torch.nn.Linear):\n    pass\n")
    module = submission.build("f", 3, 2)
    module.fill_gradients(1.0)
    before = module.parameters()
    submission.optimizer("SGD", module, lr=0.5).method("step")
    after = module.parameters()
    assert torch.allclose(after["weight"], before["weight"] - 0.5)
    module.clear_gradients()
    assert module.gradients() == {"weight": None, "bias": None}
    assert module.eval().training() is False
    assert set(module.freeze().requires_grad_flags().values()) == {False}
    with pytest.raises(WrongAnswer, match='expected "kernel"'):
        before["kernel"]


def test_full_size_network_is_counted_without_memory(submit):
    submission = submit("import torch\nclass f(torch.nn.Linear):\n    pass\n")
    module = submission.build("f", 100_000, 100_000, device="meta")
    assert module.parameter_shapes() == {"weight": (100_000, 100_000), "bias": (100_000,)}
    with pytest.raises(WrongAnswer, match="expected a tensor with values"):
        module.parameters()


@pytest.mark.parametrize(("returned", "got"), [("3.0", "a Python float"), ("x", r"\(2,\)"), ("None", "None")])
def test_loss_that_is_no_scalar_tensor_is_described(returned, got, submit):
    with pytest.raises(WrongAnswer, match=f"f: expected a tensor of shape .*got .*{got}"):
        submit(f"def f(x):\n    return {returned}\n").vjp("f", torch.ones(2))


def test_remote_function_can_be_differentiated_here(submit):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    (3 * submit("def f(x):\n    return (x ** 2).sum()\n").function("f")(x)).backward()
    assert torch.equal(x.grad, torch.tensor([6.0, 12.0]))


def test_who_sleeps_is_charged_a_part_of_the_clock(start, monkeypatch):
    monkeypatch.setattr(launch, "WALL_FACTOR", 1.0)
    session = start("import time\ndef f(x):\n    time.sleep(0.06)\n    return x\n", cell_seconds=0.5)
    submission = Submission(session)
    with pytest.raises(WorkerTimeout):  # each is too short to be looked at while it lasts
        list(map(submission.call, ["f"] * 20, [1] * 20))
    assert session.used > 0.4


def test_a_grader_that_is_stopped_meanwhile_charges_nobody(start, monkeypatch):
    session = start("import time\ndef f(x):\n    time.sleep(0.3)\n    return x\n")
    clock = iter(range(0, 10**9, 3600))
    monkeypatch.setattr(launch.time, "monotonic", lambda: float(next(clock)))  # an hour from look to look
    assert Submission(session).call("f", 1).integer() == 1
    assert session.used < 10.0


def test_a_process_that_ends_costs_what_it_used_and_no_more(start):
    session = start("import os\ndef f(x):\n    os._exit(3)\n", total_seconds=60.0)
    for seed in range(3):
        session.begin_test(seed, cpu_seconds=30.0)
        with pytest.raises(WorkerDied):
            Submission(session).call("f", 1)
    assert not session.exhausted


def test_what_a_failed_cell_made_is_there_again_in_a_new_process(start):
    session = start("import math\nk = math.sqrt(4)\n1 / 0", "import os\ndef f(x):\n    return k * x or os._exit(1)\n")
    submission = Submission(session)
    with pytest.raises(WorkerDied):
        submission.call("f", 0)
    session.begin_test(seed=2, cpu_seconds=5.0)
    assert submission.call("f", 1).number() == 2


def test_a_class_keeps_its_name_where_its_object_takes_it(submit):
    submission = submit("import torch\nclass f(torch.nn.Linear):\n    pass\n", "f = f(3, 2)")
    assert submission.build("f", 5, 4).parameter_shapes() == {"weight": (4, 5), "bias": (4,)}


@pytest.mark.parametrize("way", ["one.send(b'x', socket.MSG_OOB)", "two.recv(1, socket.MSG_OOB)"])
def test_urgent_data_between_sockets_are_refused(way, level, submit):
    submission = submit(f"import socket\ndef f():\n    one, two = socket.socketpair()\n    return {way}\n", level=level)
    assert "PermissionError" in submission.raises("f").types


def test_wall_clock_limit_is_ten_times_the_cpu_limit():
    assert launch.WALL_FACTOR == 10.0
