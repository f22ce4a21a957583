"""Objects and networks that live in the worker, as hidden tests hold them: what is asked of one crosses the wall."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from autograder.sandbox.answer import Answer, Named, T, WrongAnswer, shorten
from autograder.sandbox.matching import Leaf, Matching, match_in_order, match_parameters
from autograder.sandbox.worker import modules, protocol, values

if TYPE_CHECKING:
    from autograder.sandbox.proxy import Submission


@dataclass(frozen=True)
class RecordedCall:
    """One call of a probe: its arguments, and the state of autograd and of the module then.

    `requires_grad` is that of the inputs; `frozen` says that no parameter of the module asked for a gradient.
    """

    inputs: list[Answer]
    grad_enabled: bool
    training: bool
    requires_grad: bool
    frozen: bool


class RemoteObject:
    """An object that lives in the worker."""

    def __init__(self, submission: "Submission", handle: int, place: str) -> None:
        self._submission, self.handle, self.place = submission, handle, place

    def __call__(self, *inputs: Any, **kwargs: Any) -> Answer:
        """Call it (a module: forward, with gradients switched on)."""
        return self._submission._call(self.handle, self.place, inputs, kwargs)

    def method(self, name: str, *args: Any, **kwargs: Any) -> Answer:
        """Call one of its methods."""
        return self._submission._call(self.handle, f"{self.place}.{name}", args, kwargs, method=name)

    def length(self) -> int:
        """len() of it."""
        return self.method("__len__").integer()

    def item(self, index: int) -> Answer:
        """Its item at `index`."""
        return self.method("__getitem__", index)

    def part(self, index: int) -> "RemoteObject":
        """Its item at `index`, left where it is: one of the loaders that a function returned."""
        submission, place = self._submission, f"{self.place}[{index}]"
        handle = submission._session.new_handle()
        submission._call(self.handle, place, (index,), {}, method="__getitem__", keep=handle)
        return RemoteObject(submission, handle, place)

    def iterate(self, limit: int) -> list[Answer]:
        """The first `limit` items of an iteration over it."""
        return self._submission.ask(protocol.Iterate(self.handle, limit), [], self.place).sequence()

    def calls(self) -> list[RecordedCall]:
        """The calls that a probe recorded."""
        recorded = self._submission.ask(protocol.Calls(self.handle), [], self.place).sequence()
        flags = ("grad_enabled", "training", "requires_grad", "frozen")
        calls = [item.mapping(("inputs", *flags)) for item in recorded]
        return [RecordedCall(call["inputs"].sequence(), *(call[flag].boolean() for flag in flags)) for call in calls]


class RemoteModule(RemoteObject):
    """A torch module that lives in the worker."""

    def vjp(
        self,
        *inputs: Any,
        wrt: Sequence[int] = (),
        cotangent: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, list[torch.Tensor], dict[str, torch.Tensor]]:
        """Output, gradients of the inputs at `wrt`, gradients of the parameters by the student's names."""
        return self._submission._vjp(self.handle, self.place, inputs, {}, wrt, self.handle, cotangent)

    def parameters(self) -> dict[str, torch.Tensor]:
        """Parameters by name, in order of registration; shared ones once."""
        return self._state("parameters", _read_tensor)

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of the parameters, also on the meta device."""
        return self._state("parameters", Answer.shape)

    def buffers(self) -> dict[str, torch.Tensor]:
        """Buffers by name."""
        return self._state("buffers", _read_tensor)

    def gradients(self) -> dict[str, torch.Tensor | None]:
        """The `.grad` of each parameter."""
        return self._state("gradients", lambda item: None if item.is_none else _read_tensor(item))

    def requires_grad_flags(self) -> dict[str, bool]:
        """`requires_grad` of each parameter."""
        return self._state("requires_grad", Answer.boolean)

    def modes(self) -> dict[str, bool]:
        """`training` of the module ("") and of each of its submodules."""
        return self._state("modes", Answer.boolean)

    def training(self) -> bool:
        """Whether the module itself is in training mode."""
        return self.modes()[""]

    def train(self) -> "RemoteModule":
        return self._configure(training=True)

    def eval(self) -> "RemoteModule":
        return self._configure(training=False)

    def freeze(self, frozen: bool = True) -> "RemoteModule":
        """Set requires_grad of all parameters."""
        return self._configure(requires_grad=not frozen)

    def fill_gradients(self, value: float) -> "RemoteModule":
        """Set every parameter's gradient to a constant: a missing zero_grad shows at once."""
        return self._configure(gradients=value)

    def clear_gradients(self) -> "RemoteModule":
        """Set every parameter's gradient to None."""
        return self._configure(gradients=math.nan)

    def load(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Copy tensors into parameters and buffers, by the student's own names."""
        blobs: list[bytes] = []
        packed = {name: values.pack(tensor.detach(), blobs) for name, tensor in tensors.items()}
        self._submission.ask(protocol.Load(self.handle, packed), blobs, self.place)  # type: ignore[arg-type]

    def leaves(self, *inputs: Any) -> list[Leaf]:
        """The modules that compute something, by order of execution on these inputs."""
        return [_leaf(item, options=True) for item in self._trace(inputs)]

    def copy_from(self, reference: nn.Module, *inputs: Any, leaves: list[Leaf] | None = None) -> Matching:
        """Copy the reference's parameters and buffers into this module, whatever its names, style or order.

        Buffers of a kind that the reference has none of (a constant, a counter) keep what they hold, if need be.
        leaves: those of the reference, where they are known. WrongAnswer, naming both lists of shapes, if they cannot
        be matched.
        """
        wanted = trace_reference(reference, *inputs) if leaves is None else leaves
        found = [_leaf(item, options=False) for item in self._trace(inputs)]  # lazy layers have no parameters before
        own = self._state("shapes", Answer.shape)
        tensors = {**dict(reference.named_parameters()), **dict(reference.named_buffers())}
        shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        try:
            matching = match_parameters(self.place, found, own, wanted, shapes)
        except WrongAnswer:
            kinds = {name.rpartition(".")[2] for name, _ in reference.named_buffers()}
            strange = {name for name in self._state("buffers", Answer.shape) if name.rpartition(".")[2] not in kinds}
            if not strange:
                raise
            own = {name: shape for name, shape in own.items() if name not in strange}
            matching = match_parameters(self.place, found, own, wanted, shapes)
        self.load(matching.from_reference(tensors))
        return matching

    def copy_in_order(self, reference: nn.Module, leaves: list[Leaf]) -> Matching | None:
        """Copy the reference's tensors, by execution (its `leaves`), to this module's, by order of registration.

        None where shapes or the last parts of names differ. Cheaper than `copy_from`, and only a guess: it proves
        nothing unless the outputs are then equal.
        """
        tensors = {**dict(reference.named_parameters()), **dict(reference.named_buffers())}
        names = [name for part in ("parameters", "buffers") for leaf in leaves for name in getattr(leaf, part)]
        own = self._state("shapes", Answer.shape)
        matching = match_in_order(self.place, own, {name: tuple(tensors[name].shape) for name in names})
        if matching is not None:
            self.load(matching.from_reference(tensors))
        return matching

    def _trace(self, inputs: Sequence[Any]) -> list[Answer]:
        blobs: list[bytes] = []
        packed, _ = self._submission.pack(inputs, {}, blobs)
        return self._submission.ask(protocol.Trace(self.handle, packed), blobs, self.place).sequence()

    def _configure(self, **settings: Any) -> "RemoteModule":
        self._submission.ask(protocol.Configure(self.handle, **settings), [], self.place)
        return self

    def _state(self, part: Any, read: Callable[[Answer], T]) -> dict[str, T]:
        found = self._submission.ask(protocol.State(self.handle, part), [], self.place).mapping()
        return Named(self.place, ((name, read(item)) for name, item in found.items()))


def _read_tensor(item: Answer) -> torch.Tensor:
    return item.tensor(dtype=None)


def _leaf(item: Answer, *, options: bool) -> Leaf:
    found = item.mapping(("name", "types", "options", "parameters", "buffers"))
    settings: dict[str, Any] = {}
    for key, value in found["options"].mapping().items() if options else ():
        settings[key] = tuple(x.number() for x in value.sequence()) if value.is_tuple else value.plain()
    return Leaf(
        shorten(found["name"].text()),
        [shorten(name.text()) for name in found["types"].sequence()],
        settings,
        [name.text() for name in found["parameters"].sequence()],
        [name.text() for name in found["buffers"].sequence()],
    )


def trace_reference(network: nn.Module, *inputs: Any) -> list[Leaf]:
    """The leaves of a network of ours."""
    return [Leaf(**description) for description in modules.trace(network, inputs)]
