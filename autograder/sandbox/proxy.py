"""What hidden tests hold: the submission and its objects as if they were here, while they run behind the wall.

Everything that comes back is an Answer or tensors checked against the shapes they must have: a test cannot be tripped
up by what a student's code returns. What counts is computed here, from tensors.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import torch

from autograder.sandbox.answer import Answer, Named, StudentRaised, WrongAnswer
from autograder.sandbox.launch import WorkerGone
from autograder.sandbox.objects import RemoteModule, RemoteObject
from autograder.sandbox.session import Session
from autograder.sandbox.worker import protocol, values

__all__ = ["Answer", "RemoteModule", "RemoteObject", "StudentRaised", "Submission", "WorkerGone", "WrongAnswer"]


@dataclass(frozen=True)
class Raised:
    """An exception that the student's code raised where a test wanted one. Self-reported: worth a point at the most."""

    types: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Entry:
    """The student's own function of that name, to be passed as an argument."""

    name: str


class Submission:
    """The student's functions and classes, by name."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def call(self, name: str, *args: Any, **kwargs: Any) -> Answer:
        """Call the student's function; StudentRaised if it raises."""
        return self._call(name, name, args, kwargs)

    def raises(self, name: str, *args: Any, **kwargs: Any) -> Raised:
        """Call the student's function where it must raise; WrongAnswer if it returns."""
        try:
            answer = self.call(name, *args, **kwargs)
        except StudentRaised as error:
            return Raised(error.types, error.text)
        raise WrongAnswer(f"{name}: expected an exception, got {answer.described}")

    @overload
    def vjp(
        self,
        name: str,
        *args: Any,
        of: None = ...,
        wrt: Sequence[int] = ...,
        cotangent: torch.Tensor | None = ...,
        **kwargs: Any,
    ) -> tuple[torch.Tensor, list[torch.Tensor]]: ...

    @overload
    def vjp(
        self,
        name: str,
        *args: Any,
        of: RemoteModule,
        wrt: Sequence[int] = ...,
        cotangent: torch.Tensor | None = ...,
        **kwargs: Any,
    ) -> tuple[torch.Tensor, list[torch.Tensor], dict[str, torch.Tensor]]: ...

    def vjp(
        self,
        name: str,
        *args: Any,
        of: RemoteModule | None = None,
        wrt: Sequence[int] | None = None,
        cotangent: torch.Tensor | None = None,
        **kwargs: Any,
    ) -> tuple[Any, ...]:
        """The output of the student's function and its gradients with respect to the arguments at `wrt`.

        With `of`, a module among the arguments, also those of its parameters, by name (and `wrt` is empty unless given;
        else it is the first argument). Without a cotangent the output must be a scalar of shape ().
        """
        if of is None:
            return self._vjp(name, name, args, kwargs, (0,) if wrt is None else wrt, None, cotangent)[:2]
        return self._vjp(name, name, args, kwargs, wrt or (), of.handle, cotangent)

    def function(self, name: str) -> Callable[..., torch.Tensor]:
        """The student's scalar function as a differentiable one on this side: for follow-through."""
        submission = self

        class Remote(torch.autograd.Function):
            @staticmethod
            def forward(context: Any, *args: torch.Tensor) -> torch.Tensor:
                value, gradients = submission.vjp(name, *args, wrt=range(len(args)))
                context.save_for_backward(*gradients)
                return value

            @staticmethod
            def backward(context: Any, *cotangents: torch.Tensor) -> Any:
                return tuple(cotangents[0] * gradient for gradient in context.saved_tensors)

        return Remote.apply  # type: ignore[no-any-return]  # torch does not type it

    def build(self, name: str, *args: Any, device: str | None = None, **kwargs: Any) -> RemoteModule:
        """Construct the student's class, on that default device ("meta" for full sizes); StudentRaised if it raises.

        Or call a function whose result is to stay in the worker: data sets, loaders, a tuple of them.
        """
        handle = self._session.new_handle()
        self._call(name, name, args, kwargs, keep=handle, device=device)
        return RemoteModule(self, handle, name)

    def probe(self, name: str, *args: Any, **kwargs: Any) -> RemoteModule:
        """A public mock of worker/probes.py."""
        return self._make("probe", name, name, args, kwargs)

    def layer(self, name: str, *args: Any, **kwargs: Any) -> RemoteModule:
        """A layer of torch.nn; those inside a Sequential are arguments: made before, or as (name, *arguments)."""
        return self._make("layer", name, name, args, kwargs)

    def rng(self, seed: int) -> RemoteObject:
        """A torch.Generator on the worker's side; its state goes on from call to call."""
        return self._make("rng", str(seed), "rng", (), {})

    def optimizer(self, name: str, owners: RemoteModule | Iterable[RemoteModule], **options: Any) -> RemoteObject:
        """An optimizer of torch.optim ("SGD", "Adam") over the parameters of one module or of several."""
        several = [owners] if isinstance(owners, RemoteModule) else list(owners)
        return self._make("optimizer", name, "optimizer", (several,), options)

    def entry(self, name: str) -> Entry:
        """The student's own function as an argument, for `module.apply` say."""
        return Entry(name)

    def seed(self, value: int) -> None:
        """Seed torch, NumPy and random in the worker; handles made before are forgotten."""
        self.ask(protocol.Reset(value), [], "seed")

    def ask(self, request: protocol.Request, blobs: list[bytes], place: str) -> Answer:
        """Send a request; StudentRaised if the student's code raised, WorkerGone if it ended or hung."""
        result, received = self._session.ask(request, blobs)
        if isinstance(result, protocol.Raised):
            if {"MemoryError"} & set(result.types) or "can't allocate memory" in result.message:
                raise StudentRaised(place, ("MemoryError",), "out of memory", result.place)
            raise StudentRaised(place, result.types, result.message, result.place)
        return Answer(result.value, received, place)

    def pack(self, args: Iterable[Any], kwargs: Mapping[str, Any], blobs: list[bytes]) -> Any:
        """Arguments in wire form; remote objects go as their handles."""
        return (
            tuple(values.pack(arg, blobs, _pack_special) for arg in args),
            {name: values.pack(arg, blobs, _pack_special) for name, arg in kwargs.items()},
        )

    def _call(
        self,
        target: str | int,
        place: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        method: str | None = None,
        keep: int | None = None,
        device: str | None = None,
    ) -> Answer:
        blobs: list[bytes] = []
        packed, named = self.pack(args, kwargs, blobs)
        return self.ask(protocol.Call(target, packed, named, method, keep, device), blobs, place)

    def _vjp(
        self,
        target: str | int,
        place: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        wrt: Sequence[int],
        module: int | None,
        cotangent: torch.Tensor | None,
    ) -> tuple[torch.Tensor, list[torch.Tensor], dict[str, torch.Tensor]]:
        blobs: list[bytes] = []
        packed, named = self.pack(args, kwargs, blobs)
        backward = protocol.Backward(tuple(wrt), module, values.pack(cotangent, blobs))
        answer = self.ask(protocol.Call(target, packed, named, backward=backward), blobs, place)
        output, inputs, parameters = answer.sequence(3)
        dtype = args[wrt[0]].dtype if wrt else torch.float32
        value = Answer(output._value, output._blobs, place).tensor(() if cotangent is None else cotangent.shape, dtype)
        gradients = [
            Answer(item._value, item._blobs, f"{place}: gradient").tensor(args[position].shape, args[position].dtype)
            for position, item in zip(wrt, inputs.sequence(len(wrt)), strict=True)
        ]
        return value, gradients, Named(place, ((key, item.tensor()) for key, item in parameters.mapping().items()))

    def _make(self, kind: Any, name: str, place: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> RemoteModule:
        blobs: list[bytes] = []
        packed, named = self.pack(args, kwargs, blobs)
        handle = self._session.new_handle()
        self.ask(protocol.Make(kind, name, packed, named, handle), blobs, place)
        return RemoteModule(self, handle, place)


def _pack_special(value: Any) -> values.Value:
    if isinstance(value, RemoteObject):
        return values.RefValue(value.handle)
    if isinstance(value, Entry):
        return values.EntryValue(value.name)
    return values.OpaqueValue("")
