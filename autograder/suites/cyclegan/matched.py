"""A student's network beside the reference with the same parameters, and what can be compared then."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from autograder.compare import expect, expect_close, expect_equal, hinting, is_close
from autograder.sandbox.matching import Matching
from autograder.sandbox.proxy import RemoteModule, StudentRaised, WrongAnswer
from autograder.suites.cyclegan.networks import (
    LAYOUTS,
    Function,
    Layers,
    Layout,
    Wiring,
    batch_norm,
    instance_norm,
    keep,
    leak,
)

SHAPES_HINT = (
    "Are channels, kernels and biases those of the text, are the two ups transposed convolutions, and is the norm an "
    "instance norm? The number of parameters tells, too."
)
FORWARD_HINT = "Are the pictures right? Gradients can be so only if the pictures are."
BATCH_HINT = "Does one picture alone stay a batch of one, and one channel a channel? A squeeze takes both away."
DETACHED_HINT = "Did you detach something in forward?"
RANDOM_HINT = "Is there something random in it? The text asks for no dropout."
CONSTANT_HINT = "Does forward use the pictures it is given?"
CLEAR = 3e-5  # nothing that a rectifier gets may be nearer to zero: float32 would turn it, and gradients with it
Make = Callable[[Layout], Layers]

# hint -> how networks are wired that have this mistake
WIRINGS = {
    "Do all paddings of 1 in the block reflect the border? Zeros are the default of a convolution.": Wiring(
        edges=("constant", "constant")
    ),
    "Do all paddings of 1 in the block reflect the border? The first one has zeros.": Wiring(
        edges=("constant", "reflect")
    ),
    "Do all paddings of 1 in the block reflect the border? The second one has zeros.": Wiring(
        edges=("reflect", "constant")
    ),
    "Is the border reflected in the block? This repeats it.": Wiring(edges=("replicate", "replicate")),
    "Is the border reflected in the block, both times? The first one repeats it.": Wiring(
        edges=("replicate", "reflect")
    ),
    "Is the border reflected in the block, both times? The second one repeats it.": Wiring(
        edges=("reflect", "replicate")
    ),
    "Is the border reflected in the block? This goes round to the other side.": Wiring(edges=("circular", "circular")),
    "What happens after the addition in the block? The text has no ReLU there.": Wiring(after_sum=torch.relu),
    "What follows the second convolution of the block? Its norm, and no ReLU.": Wiring(before_sum=torch.relu),
    "Where is the ReLU in the block? It stands between the convolutions.": Wiring(inside=keep, before_sum=torch.relu),
    "Is there a ReLU between the two convolutions of the block?": Wiring(inside=keep),
    "Is it a plain ReLU between the convolutions of the block?": Wiring(inside=leak(0.2)),
    "Is it ReLU in the block, without a slope?": Wiring(inside=leak(0.01)),
    "Has the ReLU of the block no upper limit? This one stops at 6.": Wiring(inside=lambda x: x.clamp(0, 6)),
    "Does the ReLU of the block come before its norm? Norm first, then ReLU.": Wiring(
        inner_norm=lambda x: instance_norm(x.relu()), inside=keep
    ),
    "Is the input of the block added to what comes out?": Wiring(skip=0.0),
    "Is it the input itself that is added in the block, once?": Wiring(skip=2.0),
    "Is the input subtracted where it should be added?": Wiring(skip=-1.0),
    "Is there a norm behind the first convolution of the block, an instance norm, the same in both modes?": Wiring(
        inner_norm=keep
    ),
    "Is there a norm behind the second convolution of the block, an instance norm, the same in both modes?": Wiring(
        second_norm=keep
    ),
    "Are there norms in the block, instance norms, the same in both modes?": Wiring(inner_norm=keep, second_norm=keep),
    "Is the norm an instance norm? It treats every picture on its own.": Wiring(norm=batch_norm),
    "Is the first norm of the block an instance norm? It treats every picture on its own.": Wiring(
        inner_norm=batch_norm
    ),
    "Is the second norm of the block an instance norm? It treats every picture on its own.": Wiring(
        second_norm=batch_norm
    ),
    "Is there a norm behind each convolution? In both modes, it looks at the picture at hand.": Wiring(norm=keep),
}


@dataclass(frozen=True)
class Matched:
    """A student's module and the reference with the same parameters.

    followed: the reference has parts of the student's own.
    modes: whether training, for each mode to compare in (the student's own parts may well be random in training).
    """

    module: RemoteModule
    network: Layers
    matching: Matching
    followed: bool = False
    modes: tuple[bool, ...] = (False, True)

    def expect_outputs(self, x: Tensor, what: str, wirings: Mapping[str, Wiring], hint: str) -> None:
        """WrongAnswer unless the module makes of x what the reference makes of it, in its modes."""
        for training in self.modes:
            self.module.train() if training else self.module.eval()
            self._compare(x, f"{what} in {'training' if training else 'evaluation'} mode", wirings, hint)

    def _compare(self, x: Tensor, what: str, wirings: Mapping[str, Wiring], hint: str) -> None:
        with torch.no_grad():
            want = self.network(x.double())
            with hinting(hint, errors=True):
                got = read_pictures(self.module, x)

            def wire(wiring: Wiring) -> Callable[[], Tensor]:
                return lambda: self.network.variation(x.double(), wiring)

            mistakes = {} if self.followed else {known: wire(wiring) for known, wiring in wirings.items()}
            try:
                # without the skip, say, rounding grows from block to block: what is followed gets a wider tolerance
                expect_close(got, want, what, mistakes=mistakes, deep=True, forward=not self.followed, hint=hint)
            except WrongAnswer as wrong:
                finite = bool(got.isfinite().all())  # NaN is not even itself
                if finite and wrong.hint == hint and not torch.equal(self.module(x).tensor(want.shape), got):
                    wrong.hint = RANDOM_HINT
                raise

    def expect_gradients(self, x: Tensor, cotangent: Tensor, hint: str) -> None:
        """WrongAnswer unless the gradients of x and of all parameters are right."""
        self.module.eval() if self.followed else self.module.train()
        with hinting(hint, errors=True):
            output, (slope,), slopes = self.module.vjp(x, wrt=(0,), cotangent=cotangent)
        leaf = x.double().requires_grad_()
        names, parameters = zip(*self.network.named_parameters(), strict=True)
        want = self.network(leaf)
        if not is_close(output, want, deep=True, forward=not self.followed):
            hint = FORWARD_HINT
        found = torch.autograd.grad(
            want, (leaf, *parameters), cotangent.double(), allow_unused=True, materialize_grads=True
        )
        expect_close(
            slope, found[0], "gradient of the input", mistakes={DETACHED_HINT: 0 * slope}, forward=False, hint=hint
        )
        wanted = _join(dict(zip(names, found[1:], strict=True)))
        for name, got in _join(self.matching.to_reference(slopes)).items():
            what = "gradient of a convolution's weight and bias"
            known = {DETACHED_HINT: 0 * got}
            expect_close(got, wanted[name], what, mistakes=known, forward=False, hint=hint)


def match(module: RemoteModule, network: Layers, make: Make, x: Tensor) -> Matched:
    """Copy the reference's parameters into a student's module.

    What stands beside the convolutions' weights costs its points where parameters are counted, not wherever values are
    compared: `make` gives the same network for another layout.
    """
    mismatch: WrongAnswer | None = None
    for layout in LAYOUTS:
        if mismatch is not None:
            drawn, network = network.state_dict(), make(layout)
            network.load_state_dict(drawn, strict=False)
        try:
            return Matched(module, network, module.copy_from(network, x, leaves=network.leaves()))
        except StudentRaised:
            raise
        except WrongAnswer as wrong:
            mismatch = mismatch or wrong
    assert mismatch is not None
    mismatch.hint = mismatch.hint or SHAPES_HINT
    raise mismatch


def draw(rng: torch.Generator, network: Layers, *shape: int, change: Function = keep) -> Tensor:
    """Pictures in [-1, 1] and new parameters with which no rectifier stands near its kink; `change` is made of them."""
    while True:
        network.redraw(rng)
        x = change(2 * torch.rand(shape, generator=rng) - 1)
        if network.nearest_kink(x.double()) > CLEAR:
            return x


def spot(x: Tensor) -> Tensor:
    """Pictures of one pixel, bright and dark in turn: what a norm makes of them is far from zero there."""
    dark = torch.zeros_like(x)
    dark[:, 0, x.shape[2] // 2, x.shape[3] // 3] = torch.tensor([1.0, -1.0]).repeat(len(x))[: len(x)]
    return dark


def count(module: RemoteModule, x: Tensor) -> int:
    """The number of a student's parameters, also on the meta device; lazy layers get theirs from x."""
    try:
        shapes = module.parameter_shapes()
    except WrongAnswer:
        module(x)
        shapes = module.parameter_shapes()
    return sum(math.prod(shape) for shape in shapes.values())


@cache
def size_of(make: Callable[..., Layers], *args: int, layout: Layout = LAYOUTS[0]) -> int:
    """The number of parameters of such a network of ours."""
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in make(*args, layout=layout).parameters())


def read_pictures(module: RemoteModule, x: Tensor) -> Tensor:
    """The module's answer of the size of x; WrongAnswer if it has another one."""
    answer = module(x)
    expect_equal(len(answer.shape()), x.ndim, "number of dimensions of the answer", shown=True, hint=BATCH_HINT)
    return answer.tensor(x.shape)


def expect_pictures(module: RemoteModule, x: Tensor, hint: str) -> Tensor:
    """The module's answer of the size of x; WrongAnswer if it has another one, is not finite, or is constant."""
    with hinting(hint, errors=True):
        answer = read_pictures(module, x)
    expect(bool(answer.isfinite().all()), "some values are NaN or infinite")
    expect(float(answer.std()) > 1e-6, "all values are the same", CONSTANT_HINT)
    return answer


def _join(slopes: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Gradients of weight and bias of each convolution as one vector: a bias in front of a norm has none at all."""
    parts: dict[str, list[Tensor]] = {}
    for name in sorted(slopes):
        if name.startswith("convolutions") or "blocks" in name:
            parts.setdefault(name.rpartition(".")[0], []).append(slopes[name].double().flatten())
    return {name: torch.cat(values) for name, values in parts.items()}
