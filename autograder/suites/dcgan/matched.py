"""A student's network beside the reference with the same parameters, and what can be compared then."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from autograder.compare import expect, expect_close, hinting
from autograder.sandbox.matching import Matching
from autograder.sandbox.proxy import RemoteModule, Submission, WrongAnswer
from autograder.suites.dcgan.networks import FORMS, MOMENTUM, Form, Network, redraw

GRADIENT_HINT = "Did you detach something in forward?"
MODE_HINT = "Does batch norm use its running statistics in evaluation mode, and those of the batch in training mode?"
STATISTICS_HINT = "Is batch norm a layer of the network, with PyTorch's momentum, right behind its convolution?"
LAYERS_HINT = "Are its layers those of the table, batch norm with PyTorch's own settings, and is none beside them?"
WIDTHS_HINT = "Do all widths follow from the arguments, as in the table, and is no layer beside them?"
FROZEN_HINT = "Is requires_grad of a layer switched off? All of them learn."
Mistakes = Mapping[str, Callable[[], Tensor]]


@dataclass(frozen=True)
class Matched:
    """The student's module, the reference in float64 with the same numbers, and who is who among their tensors.

    `sample` is a batch that the module takes.
    """

    module: RemoteModule
    matching: Matching
    network: Network
    sample: Tensor

    def draw(self, rng: torch.Generator, batch_size: int) -> Tensor:
        """Normal numbers as an input of this network."""
        return torch.randn(batch_size, *self.sample.shape[1:], generator=rng)

    def expect_outputs(self, inputs: Tensor, what: str, mistakes: Mistakes, hint: str, *, training: bool) -> None:
        """In this mode, the module gives what the reference gives."""
        self.module.train() if training else self.module.eval()
        self.network.train(training)
        with torch.no_grad():
            want = self.network.variation(inputs.double())
            got = self.module(inputs).tensor(want.shape)
            other = {MODE_HINT: lambda: self.network.variation(inputs.double(), training=not training)}
            expect_close(got, want, what, mistakes={**other, **mistakes}, deep=True, hint=hint)

    def expect_statistics(self, inputs: Tensor) -> None:
        """A batch in training mode moves the running statistics of every batch norm, in evaluation mode none."""
        before = self.matching.to_reference(self.module.buffers())
        self.module.eval()(inputs)
        kept = self.matching.to_reference(self.module.buffers())
        self.module.train()(inputs)
        after = self.matching.to_reference(self.module.buffers())
        with torch.no_grad():
            batch = self.network.statistics(inputs.double())
        for index, moments in batch.items():
            for kind, value in zip(("running_mean", "running_var"), moments, strict=True):
                key, what = f"norms.{index}.{kind}", f"{kind} of the batch norm behind convolution {index + 1}"
                expect(torch.equal(before[key], kept[key]), f"{what} moved in evaluation mode", STATISTICS_HINT)
                want = (1 - MOMENTUM) * before[key].double() + MOMENTUM * value
                expect_close(
                    after[key], want, f"{what} after a batch in training mode", deep=True, hint=STATISTICS_HINT
                )

    def expect_gradients(
        self, inputs: Tensor, cotangent: Tensor, what: str, *, training: bool, shape_hint: str = ""
    ) -> None:
        """Gradients with respect to the inputs and to every parameter that is in the table."""
        self.module.train() if training else self.module.eval()
        self.network.train(training)
        expect(all(self.module.requires_grad_flags().values()), "some parameters are frozen", FROZEN_HINT)
        with hinting(shape_hint):
            _, (slope,), slopes = self.module.vjp(inputs, wrt=(0,), cotangent=cotangent)
        leaf = inputs.double().requires_grad_()
        named = {
            name: parameter
            for name, parameter in self.network.named_parameters()
            if not (name.startswith("convolutions") and name.endswith("bias"))  # the table has none
        }
        wanted = torch.autograd.grad(self.network.variation(leaf), (leaf, *named.values()), cotangent.double())
        expect_close(slope, wanted[0], f"gradient of the {what}", forward=False, mistakes={GRADIENT_HINT: 0 * slope})
        found = self.matching.to_reference(slopes)
        for name, want in zip(named, wanted[1:], strict=True):
            part, number, kind = name.split(".")
            layer = "convolution" if part == "convolutions" else "batch norm behind convolution"
            place = f"gradient of the {kind} of {layer} {int(number) + 1}"
            expect_close(found[name], want, place, forward=False, mistakes={GRADIENT_HINT: 0 * want})


def match(
    submission: Submission,
    name: str,
    kind: Callable[..., Network],
    arguments: Mapping[str, int],
    inputs: Sequence[Callable[..., Tensor]],
    rng: torch.Generator,
) -> Matched:
    """Build the student's network and give it the parameters of a reference of the same form.

    `inputs` are ways to draw a batch for a network of some arguments, the next one tried where the first fails.
    Arguments that are not used have a test of their own: the full size is tried then. WrongAnswer if no form takes the
    parameters.
    """
    failure = None
    for sizes in (arguments, {}):
        for way in inputs:
            try:
                return _match(submission, name, kind, sizes, way(2, **sizes), rng)
            except WrongAnswer as wrong:
                failure = failure or wrong
    with hinting(LAYERS_HINT):
        raise failure or WrongAnswer(f"{name}: no way to call it")


def _match(
    submission: Submission,
    name: str,
    kind: Callable[..., Network],
    arguments: Mapping[str, int],
    batch: Tensor,
    rng: torch.Generator,
) -> Matched:
    module = submission.build(name, device=None, **arguments)
    module(batch)  # lazy layers get their parameters here
    failure = None
    for form in FORMS:
        if failure is not None and not _fits(module, kind, arguments, form):
            continue
        network = redraw(kind(**arguments, form=form), rng)
        try:
            matching = module.copy_from(network, batch)
        except WrongAnswer as wrong:
            failure = failure or wrong
            continue
        return Matched(module, matching, network.double(), batch)
    raise failure or WrongAnswer(f"{name}: its layers are not those of the table")


def _fits(module: RemoteModule, kind: Callable[..., Network], arguments: Mapping[str, int], form: Form) -> bool:
    return count(module) == size(kind, form, **arguments)


@cache
def size(kind: Callable[..., Network], form: Form = FORMS[0], **arguments: int) -> int:
    """How many parameters a network of these arguments has in this form."""
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in kind(**arguments, form=form).parameters())


def full_size(submission: Submission, name: str, inputs: Tensor) -> int:
    """The number of parameters at full width: without memory for them where the student's code allows that."""
    try:
        return _count(submission.build(name, device="meta"), inputs.to("meta"))
    except WrongAnswer:
        return _count(submission.build(name), inputs)


def count(module: RemoteModule) -> int:
    """The number of parameters of a student's module."""
    return sum(math.prod(shape) for shape in module.parameter_shapes().values())


def _count(module: RemoteModule, inputs: Tensor) -> int:
    with suppress(WrongAnswer):
        module(inputs)  # lazy layers get their parameters here; whether forward works is asked elsewhere
    return count(module)
