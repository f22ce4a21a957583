"""What the grader asks a hostile submission, and what it would take for a success.

Each question stands twice: as this grader asks it, of a submission behind the wall, and as a trusting grader would, of
the names of a cell that it has run itself. Both return what the attack got out of it, in words; an honest answer and a
refused one give nothing.
"""

import contextlib
import io
import json
import pickle
import select
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

import autograder.compare
from autograder.compare import expect, expect_equal
from autograder.sandbox.launch import WorkerGone
from autograder.sandbox.proxy import Submission, WrongAnswer
from autograder.sandbox.session import Cell, Session, SessionLimits

FULL_MARKS = "full marks for a wrong answer"
TALK_LIMIT = 1 << 20
WANTED = torch.tensor([3.0, -1.0, 0.5])
Names = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """asked: of a submission behind the wall; trusting: of names in the grader's own process."""

    asked: Callable[[Submission], list[str]]
    trusting: Callable[[Names], list[str]]


def _list(submission: Submission) -> list[str]:
    return [item.text() for item in submission.call("attack").sequence()]


def _marks(verdict: bool) -> list[str]:
    return [FULL_MARKS] if verdict else []


def _tensor(submission: Submission) -> list[str]:
    # Through the module: a patch of this process would show.
    autograder.compare.expect_close(submission.call("attack").tensor((3,)), WANTED, "attack")
    return [FULL_MARKS]


def _in_a_test(names: Names) -> list[str]:
    want = WANTED  # a local name: there to be found
    found = [str(item) for item in names["attack"]()]
    return found if torch.is_tensor(want) else []


def _trusting_tensor(names: Names) -> list[str]:
    got = names["attack"]()  # first: what compares may be another by then
    return _marks(bool(autograder.compare.is_close(got, WANTED)))


def _compare(judge: Callable[[Any], object]) -> Callable[[Names], list[str]]:
    return lambda names: _marks(bool(judge(names["attack"]())))


def _integer(submission: Submission) -> list[str]:
    expect_equal(submission.call("attack").integer(), 3, "attack")
    return [FULL_MARKS]


def _text(submission: Submission) -> list[str]:
    expect_equal(submission.call("attack").text(), "three", "attack")
    return [FULL_MARKS]


def _sequence(submission: Submission) -> list[str]:
    items = submission.call("attack").sequence(3)
    expect_equal([item.integer() for item in items], [1, 2, 3], "attack")
    return [FULL_MARKS]


def _network(submission: Submission) -> list[str]:
    """A network of 3 · 2 + 2 numbers that doubles its first two inputs."""
    module = submission.build("attack")
    count = sum(torch.Size(shape).numel() for shape in module.parameter_shapes().values())
    expect(count == 8, f"attack: expected 8 parameters, got {count}")
    expect(all(not flag for flag in module.eval().modes().values()), "attack: expected eval() to reach every layer")
    x = torch.tensor([[1.0, 2.0, 3.0]])
    module.load({"weight": torch.tensor([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]), "bias": torch.zeros(2)})
    autograder.compare.expect_close(module(x).tensor((1, 2)), 2 * x[:, :2], "attack")
    return [FULL_MARKS]


def _trusting_network(names: Names) -> list[str]:
    module = names["attack"]()
    module.load_state_dict({})
    return _marks(sum(p.numel() for p in module.parameters()) == 8 and isinstance(module, torch.nn.Linear))


def _doubling(submission: Submission) -> list[str]:
    """Twice the input, for three inputs that nobody has seen, and again for the first."""
    drawn = [torch.randn(3, generator=torch.Generator().manual_seed(seed)) for seed in (5, 6, 7, 5)]
    for x in drawn:
        autograder.compare.expect_close(submission.call("attack", x).tensor((3,)), 2 * x, "attack")
    return [FULL_MARKS]


def _trusting_doubling(names: Names) -> list[str]:
    """As a visible check does: one input, drawn where the student's code has been."""
    x = torch.randn(3, generator=torch.Generator().manual_seed(0))
    return _marks(torch.allclose(names["attack"](x), 2 * x))


def _drawn(names: Names) -> list[str]:
    torch.manual_seed(1)
    x = torch.randn(3)
    return _marks(torch.allclose(names["attack"](x), 2 * x))


def _next(submission: Submission) -> list[str]:
    """After it, the next test is put to the same notebook."""
    with contextlib.suppress(WrongAnswer, WorkerGone):
        submission.call("attack")
    submission._session.begin_test(seed=2, cpu_seconds=5.0)
    return [] if submission.call("f", 41).integer() == 42 else ["the next test is lost"]


def _trusting_next(names: Names) -> list[str]:
    try:
        answer = names["attack"]()
    except Exception as error:
        answer = str(error)
    json.dumps(str(answer)[:300]).encode()
    return [] if names["f"](41) == 42 else ["the next test is lost"]


def _follower(submission: Submission) -> list[str]:
    """After it, another submission reads the course's own module."""
    submission.call("attack")
    cell = Cell("look", "def look():\n    import course\n    return course.ANSWER\n")
    other = Session(submission._session._sandbox, "tiny", [cell], ["look"], SessionLimits(5.0, 60.0, 512 << 20))
    try:
        other.run_cells()
        other.begin_test(seed=1, cpu_seconds=5.0)
        return [] if Submission(other).call("look").integer() == 42 else ["what the next one reads is forged"]
    finally:
        other.close()


def _trusting_follower(names: Names) -> list[str]:
    names["attack"]()
    return [] if names["look"]() == 42 else ["what the next one reads is forged"]


def _blamed(submission: Submission) -> list[str]:
    """An exception of the student's is the student's, whatever it is called."""
    submission.call("attack")
    return ["it returned"]


def _trusting_blamed(names: Names) -> list[str]:
    try:
        names["attack"]()
    except BaseException as error:
        if type(error).__name__ in ("SandboxLost", "GraderError", "KeyboardInterrupt"):
            return ["the grader takes the blame"]
    return []


def _talk(submission: Submission) -> list[str]:
    """How much text gets out: a message for the student is short."""
    try:
        submission.call("attack")
    except WrongAnswer as wrong:
        return [f"{len(wrong.message)} characters in the record"] if len(wrong.message) > TALK_LIMIT else []
    return []


def _trusting_talk(names: Names) -> list[str]:
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
        try:
            names["attack"]()
        except Exception as error:
            heard.write(str(error))
    size = len(heard.getvalue())
    return [f"{size} characters in the record"] if size > TALK_LIMIT else []


def _mapping(submission: Submission) -> list[str]:
    return list(submission.call("attack").mapping(("passed",)))


def _raised(submission: Submission) -> list[str]:
    return [submission.raises("attack").message]


def _blob(submission: Submission) -> list[str]:
    got = submission.call("attack").tensor(dtype=None)
    return [f"{got.nbytes} bytes were taken"]


def _unpickled(names: Names) -> list[str]:
    pickle.loads(pickle.dumps(names["attack"]()))
    return []


def _replies(submission: Submission) -> list[str]:
    """Two questions one after the other; each has one answer, given after it was asked."""
    submission.call("attack")
    got = submission.call("f", 41).plain()
    return [] if got == 42 else [f"f is said to have returned {got!r}"]


def _late_replies(submission: Submission) -> list[str]:
    """The same, but the second question is asked when something has already come."""
    submission.call("attack")
    select.select([submission._session._worker._data], [], [], 5.0)
    got = submission.call("f", 41).plain()
    return [] if got == 42 else [f"f is said to have returned {got!r}"]


def _cell(names: Names) -> list[str]:
    """nbgrader's way: a test is a cell that asserts, run by the student's own shell."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    names["install"](shell)
    result = shell.run_cell("assert 1 == 2", silent=True)
    return _marks(result.success)


TENSOR = Question(_tensor, _trusting_tensor)


def _with_tensor(judge: Callable[[Any], object]) -> Question:
    return Question(_tensor, _compare(judge))


QUESTIONS = {
    "gains in a test": Question(_list, _in_a_test),
    "gains": Question(_list, lambda names: [str(item) for item in names["attack"]()]),
    "tensor": TENSOR,
    "tensor by ==": _with_tensor(lambda got: torch.as_tensor(got == WANTED).all()),
    "tensor by torch.equal": _with_tensor(lambda got: torch.equal(got, WANTED)),
    "tensor by allclose": _with_tensor(lambda got: torch.allclose(got, WANTED)),
    "tensor by not differing": _with_tensor(lambda got: not ((got - WANTED).abs() > 1e-5).any()),
    "tensor by relative error": _with_tensor(lambda got: not ((got - WANTED).abs() / got.abs() > 1e-5).any()),
    "tensor by values": _with_tensor(lambda got: ((got - WANTED).abs() <= 1e-5).all()),
    "tensor by its shape": _with_tensor(lambda got: tuple(got.shape) == (3,) and isinstance(got, torch.Tensor)),
    "tensor by a loss of torch": _with_tensor(lambda got: torch.nn.functional.mse_loss(got, WANTED) < 1e-6),
    "tensor by its claim": _with_tensor(lambda got: got["passed"] and got["score"] > 0),
    "tensor by size": Question(_blob, lambda names: [f"{len(names['attack']())} entries were taken"]),
    "mapping": Question(_mapping, lambda names: list(names["attack"]().items())),
    "text raised": Question(_raised, lambda names: []),
    "integer": Question(_integer, _compare(lambda got: got == 3)),
    "integer by text": Question(_integer, lambda names: _marks(str(names["attack"]()) == "3")),
    "text": Question(_text, _compare(lambda got: got == "three")),
    "text in a record": Question(
        _text, lambda names: _marks(not json.dumps(names["attack"](), ensure_ascii=False).encode())
    ),
    "sequence": Question(_sequence, _compare(lambda got: len(got) == 3 and next(iter(got)) == 1)),
    "sequence by ==": Question(_sequence, _compare(lambda got: got == [1, 2, 3])),
    "sequence in full": Question(_sequence, _compare(lambda got: list(got) == [1, 2, 3])),
    "network": Question(_network, _trusting_network),
    "doubling": Question(_doubling, _trusting_doubling),
    "doubling of what it drew": Question(_doubling, _drawn),
    "next": Question(_next, _trusting_next),
    "follower": Question(_follower, _trusting_follower),
    "blamed": Question(_blamed, _trusting_blamed),
    "talk": Question(_talk, _trusting_talk),
    "pickle": Question(_tensor, _unpickled),
    "replies": Question(_replies, lambda names: []),
    "late replies": Question(_late_replies, lambda names: []),
    "a cell that asserts": Question(_tensor, _cell),
}
