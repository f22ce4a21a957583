"""The worker's side of the protocol: runs cells, then does what the grader asks with the student's functions.

Nothing here is trusted by the grader. A student's code shares this process and may change all of it; what it can gain
by that is to send other data.
"""

import io
import random
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from . import modules, probes, protocol, shell, values


def warm_up() -> shell.NotebookShell:
    """Import, in the zygote, what notebooks use; what a first use imports lazily is used once."""
    torch.set_num_interop_threads(1)
    use_plain_arithmetic()
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt
    import torchvision
    from PIL import Image
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    figure, axes = plt.subplots()
    axes.imshow(np.zeros((2, 2)))
    figure.savefig(io.BytesIO(), format="png")
    plt.close("all")
    Image.init()
    assert torchvision.__version__
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.LeakyReLU(), nn.Flatten(), nn.Linear(8, 1))
    optimizer = torch.optim.Adam(network.parameters())
    for batch in DataLoader(TensorDataset(torch.zeros(2, 1, 4, 4)), batch_size=2):
        loss = nn.functional.binary_cross_entropy_with_logits(network(*batch), torch.ones(2, 1))
        torch.autograd.backward(loss)
        optimizer.step()
    _load_in_process(DataLoader)
    _spare_compilers()
    return shell.make_shell()


def use_plain_arithmetic() -> None:
    """One thread; and no oneDNN, which compiles code for each new size: dearer than all that tests then do with it."""
    torch.set_num_threads(1)
    torch.backends.mkldnn.enabled = False  # type: ignore[assignment]  # torch types it as a descriptor


def versions() -> dict[str, str]:
    """What the notebook runs on."""
    return {"torch": str(torch.__version__), "python": sys.version.split()[0], "numpy": np.__version__}


def serve(data: socket.socket, notebook: shell.NotebookShell, work: Path) -> None:
    """Answer the grader's requests, one after the other, until it hangs up."""
    shell.work_from(notebook, work)
    worker = Notebook(notebook)

    def read(length: int) -> bytearray:
        block = bytearray(length)
        view = memoryview(block)
        while view:
            count = data.recv_into(view)
            if not count:
                raise EOFError
            view = view[count:]
        return block

    while True:
        try:
            meta, blobs = protocol.read_frame(read)
        except (EOFError, ConnectionError):
            return
        message = protocol.decode(protocol.MESSAGE, meta)
        result, produced = worker.answer(message.request, blobs)
        frame = protocol.encode_frame(protocol.Reply(message.number, result), produced)
        if protocol.is_over_limit(frame):
            refused = protocol.Raised(("ValueError",), "what it returned is too large to be looked at")
            frame = protocol.encode_frame(protocol.Reply(message.number, refused), [])
        for piece in frame:
            data.sendall(piece)


class Notebook:
    """The notebook's names, and the objects that the grader keeps here."""

    def __init__(self, notebook: shell.NotebookShell) -> None:
        self.notebook = notebook
        self.entries: dict[str, Any] = {}
        self.names: tuple[str, ...] = ()
        self.kept: dict[int, Any] = {}

    def answer(
        self, request: protocol.Request, blobs: list[bytearray]
    ) -> tuple[protocol.Done | protocol.Raised, list[bytes]]:
        """Do what is asked for; whatever the student's code raises is an answer too."""
        produced: list[bytes] = []
        try:
            value = self._do(request, blobs)
            return protocol.Done(values.pack(value, produced)), produced
        except BaseException as error:  # SystemExit and classes of their own: all are the student's
            return protocol.Raised(*shell.describe_error(error)), []

    def _do(self, request: protocol.Request, blobs: list[bytearray]) -> Any:
        match request:
            case protocol.RunCell():
                return self._run_cell(request)
            case protocol.Begin():
                self.names = request.entry_points
                return _seed(0)  # what cells draw is the same in every worker and every grading
            case protocol.Ready():
                return self._fix_entries()
            case protocol.Reset():
                return self._reset(request.seed)
            case protocol.Call():
                return self._call(request, blobs)
            case protocol.Make():
                args, kwargs = self._arguments(request.args, request.kwargs, blobs)
                self.kept[request.keep] = probes.make(request.kind, request.name, args, kwargs)
                return None
            case protocol.State():
                return modules.state(self.kept[request.handle], request.part)
            case protocol.Load():
                tensors = {name: values.unpack_tensor(value, blobs) for name, value in request.tensors.items()}
                return modules.load(self.kept[request.handle], tensors)
            case protocol.Configure():
                return modules.configure(
                    self.kept[request.handle], request.training, request.requires_grad, request.gradients
                )
            case protocol.Trace():
                args, _ = self._arguments(request.args, {}, blobs)
                return modules.trace(self.kept[request.handle], args)
            case protocol.Calls():
                return [vars(call) for call in self.kept[request.handle].recorded]
            case protocol.Iterate():
                iterator = iter(self.kept[request.handle])
                return [item for _, item in zip(range(request.limit), iterator, strict=False)]

    def _run_cell(self, request: protocol.RunCell) -> None:
        error = shell.run_cell(self.notebook, request.source, request.definitions, request.seconds)
        for name in self.names:
            value = self.notebook.user_ns.get(name)
            known = self.entries.get(name)
            if callable(value) and not (isinstance(known, type) and isinstance(value, known)):  # Net = Net()
                self.entries[name] = value
        if error is not None:
            raise error

    def _fix_entries(self) -> None:
        """A function keeps its meaning even where a later cell used its name for something else (a list, say)."""
        self.notebook.user_ns.update(self.entries)

    def _reset(self, seed: int) -> None:
        self.kept.clear()
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)
        torch.set_default_device(None)
        use_plain_arithmetic()
        _seed(seed)

    def _call(self, request: protocol.Call, blobs: list[bytearray]) -> Any:
        target = self._entry(request.target) if isinstance(request.target, str) else self.kept[request.target]
        if request.method is not None:
            target = getattr(target, request.method)
        args, kwargs = self._arguments(request.args, request.kwargs, blobs)
        if request.backward is not None:
            return self._differentiate(target, args, kwargs, request.backward, blobs)
        if request.device is not None:
            with torch.device(request.device):
                result = target(*args, **kwargs)
        else:
            result = target(*args, **kwargs)
        if request.keep is not None:
            self.kept[request.keep] = result
            return type(result).__name__
        return result

    def _differentiate(
        self,
        target: Callable[..., Any],
        args: list[Any],
        kwargs: dict[str, Any],
        backward: protocol.Backward,
        blobs: list[bytearray],
    ) -> Any:
        """[output, gradients of the arguments asked for, gradients of the module's parameters by name]."""
        cotangent = values.unpack(backward.cotangent, blobs, self._special)
        module = None if backward.module is None else self.kept[backward.module]
        return modules.differentiate(target, args, kwargs, backward.arguments, module, cotangent)

    def _arguments(
        self, args: tuple[values.Value, ...], kwargs: dict[str, values.Value], blobs: list[bytearray]
    ) -> tuple[list[Any], dict[str, Any]]:
        return (
            [values.unpack(value, blobs, self._special) for value in args],
            {name: values.unpack(value, blobs, self._special) for name, value in kwargs.items()},
        )

    def _special(self, value: values.Value) -> Any:
        match value:
            case values.RefValue():
                return self.kept[value.handle]
            case values.EntryValue():
                return self._entry(value.name)
            case values.PathValue():
                return Path(value.path)
            case values.DeviceValue():
                return torch.device(value.name)
            case values.ScalarValue():
                return getattr(np, value.kind)(value.number)
        raise TypeError(f"{value} cannot be sent to a worker")

    def _entry(self, name: str) -> Any:
        if name in self.entries:
            return self.entries[name]
        raise NameError(f"the notebook defines no {name}")


def _seed(seed: int) -> None:
    """Seed the generators that a notebook may draw from without one of its own."""
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed % (1 << 32))
    random.seed(seed)


def _spare_compilers() -> None:
    """Let what only makes code faster leave it as it is: there is no compiler here, and threads are set for good."""
    torch.compile = lambda model=None, **_: (lambda inner: inner) if model is None else model  # type: ignore[assignment]
    torch.nn.Module.compile = lambda *_, **__: None  # type: ignore[method-assign]
    torch.set_num_interop_threads = lambda nthreads: None


def _load_in_process(loader: type) -> None:
    """Let a DataLoader work without processes of its own: the sandbox gives it no sockets to talk to them."""
    make = loader.__init__  # type: ignore[misc]

    def make_in_process(self: Any, *args: Any, **kwargs: Any) -> None:
        kwargs.update(num_workers=0) if len(args) < 6 else None
        args = (*args[:5], 0, *args[6:]) if len(args) > 5 else args
        kwargs.update({name: value for name, value in _IN_PROCESS.items() if name in kwargs})
        make(self, *args, **kwargs)

    loader.__init__ = make_in_process  # type: ignore[misc]


_IN_PROCESS: dict[str, Any] = {
    "persistent_workers": False,
    "prefetch_factor": None,
    "multiprocessing_context": None,
    "pin_memory": False,
    "timeout": 0,
}
