"""What the hidden tests of both U-Nets share: pictures, wrong wirings, values and gradients."""

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.compare import expect, expect_close, hinting
from autograder.sandbox.proxy import RemoteModule, StudentRaised, WrongAnswer
from autograder.suites.pix2pix.copies import Copy, differentiate, expect_gradient, expect_gradients
from autograder.suites.pix2pix.networks import UNet

SHAPE_HINT = "Does every layer down halve the picture, and every layer up double it? Skips go between equal sizes."
FINITE_HINT = "Is an exponential too large for float32? torch.tanh takes any number."
CONTRAST = 1e4  # of a sketch for which nothing but a tanh at the end keeps pictures in [-1, 1]
RANDOM_HINT = "Is there something random in it? The text asks for no dropout."


def draw_sketch(rng: torch.Generator, *shape: int) -> Tensor:
    """Pictures in [-1, 1]."""
    return torch.rand(shape, generator=rng) * 2 - 1


def wrong_wirings(network: UNet, sketch: Tensor, slopes: dict[str, float]) -> dict[str, Callable[[], Tensor]]:
    """What the same parameters give where a mistake was made: hint -> pictures; `slopes` are wrong ones going down."""

    def wiring(**changes: object) -> Callable[[], Tensor]:
        def draw() -> Tensor:
            with torch.no_grad():
                return network.variation(sketch, **changes)  # type: ignore[arg-type]  # each change has its own type

        return draw

    return {
        "Is there a tanh at the end?": wiring(output=lambda x: x),
        "Did you apply tanh twice?": wiring(output=lambda x: x.tanh().tanh()),
        "Is there a sigmoid at the end where tanh belongs?": wiring(output=torch.sigmoid),
        "Is there a ReLU in front of every up-convolution, of the last one, too?": wiring(last_slope=1.0),
        "Is there a ReLU in front of every up-convolution, of the first one, too?": wiring(bottom_slope=1.0),
        "Are there activations on the way up? ReLU stands in front of every up-convolution.": wiring(up_slope=1.0),
        "Which activation belongs into the way up? It is a plain ReLU.": wiring(up_slope=0.2),
        "Is the activation in front of the first up-convolution a plain ReLU?": wiring(bottom_slope=0.2),
        "Is the activation in front of the last up-convolution a plain ReLU?": wiring(last_slope=0.2),
        "Where is a skip taken? It carries what comes out of the batch norm.": wiring(raw_skips=True),
        "Is there an activation in front of the very first convolution? It would cut the sketch.": wiring(
            bent_sketch=True
        ),
        **{hint: wiring(slope=slope) for hint, slope in slopes.items()},
    }


def check_picture(made: Copy, sketch: Tensor, what: str, slopes: dict[str, float], hint: str) -> None:
    """WrongAnswer unless the student's network draws what the reference draws, in the mode both are in."""
    with hinting(SHAPE_HINT):
        got = made.module(sketch).tensor(sketch.shape)
    with torch.no_grad():
        want = made.network(sketch)
    compare_pictures(made, sketch, got, want, what, slopes, hint)


def compare_pictures(
    made: Copy, sketch: Tensor, got: Tensor, want: Tensor, what: str, slopes: dict[str, float], hint: str
) -> None:
    """WrongAnswer, with the hint for a known wrong wiring, unless the pictures are the same."""
    try:
        expect_close(got, want, what, mistakes=wrong_wirings(made.network, sketch, slopes), deep=True, hint=hint)
    except WrongAnswer as wrong:
        finite = bool(got.isfinite().all())  # NaN is not even itself
        if finite and wrong.hint == hint and not torch.equal(made.module(sketch).tensor(sketch.shape), got):
            wrong.hint = RANDOM_HINT
        raise


def check_slopes(made: Copy, sketch: Tensor, cotangent: Tensor) -> None:
    """WrongAnswer unless gradients of the sketch and of every parameter are those of the reference."""
    with hinting(SHAPE_HINT):
        _, (slope,), slopes = made.module.vjp(sketch, wrt=(0,), cotangent=cotangent)
    _, (want,), wanted = differentiate(made.network, (sketch,), cotangent)
    expect_gradient(slope, want, "gradient of the sketch")
    expect_gradients(made, slopes, wanted)


def ask_strongly(module: RemoteModule, sketch: Tensor, hint: str) -> Tensor:
    """The pictures for a sketch of far too much contrast; for the sketch as it is, where code refuses such values."""
    try:
        answer = module(CONTRAST * sketch)
    except StudentRaised:
        with hinting(hint, errors=True):
            answer = module(sketch)
    with hinting(hint):
        return answer.tensor(sketch.shape)


def check_range(module: RemoteModule, sketch: Tensor, hint: str = SHAPE_HINT) -> None:
    """WrongAnswer unless pictures have the size of the sketch and values in [-1, 1], not all the same."""
    pictures = ask_strongly(module, sketch, hint)
    expect(bool(pictures.isfinite().all()), "some values are NaN or infinite", FINITE_HINT)
    largest = float(pictures.abs().max())
    expect(largest <= 1, f"values lie in [-1, 1]: the largest is {largest:.3g} in size", "Is there a tanh at the end?")
    expect(float(pictures.std()) > 1e-6, "all values of the picture are the same", "Does forward use the sketch?")
