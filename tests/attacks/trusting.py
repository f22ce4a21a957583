"""Graders without one of the layers: what an attack does to them is its control."""

import contextlib
import faulthandler
import json
import os
import pickle
import select
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import psutil
import torch

from autograder.sandbox import launch
from autograder.sandbox.answer import Answer
from autograder.sandbox.worker import limits, protocol, scratch, values
from tests.attacks.attack import PRELUDE, Attack
from tests.attacks.outside import SECRET, Outside
from tests.attacks.questions import QUESTIONS, WANTED

PATIENCE = 6.0  # seconds that a grader without limits waits for itself
BIG = 1 << 30
MISTAKES = (NameError, SyntaxError, ImportError)


class Swallowed(Exception):
    """A grader without limits would now set aside so much memory."""


@contextlib.contextmanager
def believing() -> Iterator[None]:
    """This grader, but it believes what comes over the socket: no sizes, no numbers, no types are looked at."""

    def decode(_decoder: Any, meta: bytearray) -> Any:
        if meta[:1] == b"\x80" and meta[1:2] in b"\x04\x05":
            return pickle.loads(meta)
        return msgspec.convert(msgspec.msgpack.decode(meta), protocol.Reply)

    def read_frame(read: Any) -> tuple[bytearray, list[bytearray]]:
        length, count = protocol.HEAD.unpack(read(protocol.HEAD.size))
        if max(length, count) > BIG:
            raise Swallowed(f"{length} bytes, {count} tensors")
        lengths = [size for (size,) in protocol.LENGTH.iter_unpack(read(protocol.LENGTH.size * count))]
        if sum(lengths) > BIG:
            raise Swallowed(f"{sum(lengths)} bytes")
        return read(length), [read(size) for size in lengths]

    def request(worker: launch.Worker, asked: Any, blobs: list[bytes], seconds: float) -> Any:
        worker.await_confined()
        worker._number += 1
        watch = launch._Watch(worker, seconds)
        for piece in protocol.encode_frame(protocol.Message(worker._number, asked), blobs):
            worker._write(memoryview(piece), watch)
        meta, received = read_frame(lambda length: worker._read(length, watch))
        return decode(None, meta).result, received, watch.used

    def tensor(answer: Answer, *_: Any, **__: Any) -> torch.Tensor:
        value = answer._value
        if isinstance(value, values.RefValue):
            return {1: WANTED}[value.handle]  # an object of the grader's own
        return torch.frombuffer(answer._blobs[value.blob], dtype=getattr(torch, value.dtype)).reshape(value.shape)

    with mock.patch.object(launch.Worker, "request", request), mock.patch.object(Answer, "tensor", tensor):
        yield


def grade_in_process(attack: Attack, outside: Outside) -> list[str]:
    """What the attack gets from a grader that runs the cell itself: a fork of this process, without any limit.

    Two forks: the first adopts whatever the second leaves behind, counts it and ends it.
    """
    folder = Path(tempfile.mkdtemp(prefix="trusting-"))
    reading, writing = os.pipe()
    host = os.fork()
    if host == 0:
        try:
            os.close(reading)
            os.setsid()
            limits.adopt_orphans()
            os.write(writing, json.dumps(_host(attack, outside, folder)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as line:
        found = json.load(line)
    os.waitpid(host, 0)
    _clean_up(folder)
    if folder.exists():
        found.append("files that cannot be removed")
        scratch.remove(folder)
    return list(found)


def _host(attack: Attack, outside: Outside, folder: Path) -> list[str]:
    reading, writing = os.pipe()
    grader = os.fork()
    if grader == 0:
        try:
            os.close(reading)
            faulthandler.disable()  # a fault here is the attack's success, nothing to report
            found = _grade(attack, outside, folder)
        except MISTAKES:
            found = []  # not by the attack's design
        except BaseException as error:
            found = [f"no record: the grader ends with {type(error).__name__}"]
        with contextlib.suppress(OSError):
            os.write(writing, json.dumps(found).encode() + b"\n")
        os._exit(0)
    os.close(writing)
    record = b""
    while select.select([reading], [], [], PATIENCE)[0] and (piece := os.read(reading, 1 << 16)):
        record += piece
        if record.endswith(b"\n"):
            break
    found = json.loads(record) if record else ["no record: the grader ended or hangs with it"]
    with contextlib.suppress(ProcessLookupError):
        os.kill(grader, signal.SIGKILL)
    os.waitpid(grader, 0)
    left = False
    while below := psutil.Process().children(recursive=True):
        left = left or any(child.status() != psutil.STATUS_ZOMBIE for child in below)
        for child in below:
            with contextlib.suppress(psutil.Error):
                child.kill()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
    return [*found, *(["a process was left behind"] if left else [])]


def _grade(attack: Attack, outside: Outside, folder: Path) -> list[str]:
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    (folder / "course.py").write_text("ANSWER = 42\n")
    os.environ["AUTOGRADER_SALT"] = SECRET
    names: dict[str, Any] = {"__name__": "__main__"}
    for source in (PRELUDE, attack.source):
        exec(outside.fill(source, walled=False), names)
    return QUESTIONS[attack.asks].trusting(names)


def _clean_up(folder: Path) -> None:
    """As one writes it at first: follow every folder, remove what is in it, by its path."""
    with contextlib.suppress(OSError, RecursionError):
        for top, folders, files in os.walk(folder, topdown=False, followlinks=True):
            for name in (*files, *folders):
                path = os.path.join(top, name)
                with contextlib.suppress(OSError):
                    os.rmdir(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
        folder.rmdir()
