"""What both exercises on sizes share: how sizes are asked for and compared, and how hidden settings are drawn."""

from collections.abc import Callable, Mapping, Sequence

import torch

from autograder.compare import expect, hinting
from autograder.sandbox.proxy import Answer, Submission, WrongAnswer

Sizes = Callable[..., float]


def draw(rng: torch.Generator, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included."""
    return int(torch.randint(low, high + 1, (), generator=rng))


def check_sizes(
    submission: Submission,
    name: str,
    reference: Sizes,
    mistakes: Mapping[str, Sizes],
    settings: Sequence[tuple[tuple[int, ...], Mapping[str, int]]],
) -> None:
    """The student's function gives the reference's size for all settings, (arguments, keywords) each.

    Where it does not, the hint names a mistake that explains everything, or at least every wrong size.
    """
    found = []
    for args, named in settings:
        with hinting("Does it return one whole number?"):
            found.append(submission.call(name, *args, **named).integer())
    wanted = [reference(*args, **named) for args, named in settings]
    wrong = [place for place, (got, want) in enumerate(zip(found, wanted, strict=True)) if got != want]
    if not wrong:
        return
    known = {hint: [mistaken(*args, **named) for args, named in settings] for hint, mistaken in mistakes.items()}
    whole = (hint for hint, values in known.items() if values == found)
    partly = (hint for hint, values in known.items() if all(values[place] == found[place] for place in wrong))
    hint = next(whole, "") or next(partly, "")
    args, named = settings[wrong[0]]
    place = ", ".join([f"{len(args)} arguments", *named])
    settings_of_all = f"all {len(found)} settings, got another one in {len(wrong)} of them, such as one by {place}"
    raise WrongAnswer(f"expected PyTorch's size in {settings_of_all}", hint)


def expect_whole(answer: Answer, place: str, hint: str = "Is the division a whole one? // gives an int.") -> None:
    """The answer is an integer by type, not a float without a fraction: layers refuse those."""
    plain = answer.plain()
    whole = type(plain) is int or answer.described.startswith(("a NumPy int", "a NumPy uint"))
    expect(whole, f"{place}: expected an int, got {answer.described}", hint)
