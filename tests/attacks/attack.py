"""What an attack is: a cell that defines `attack`, what it is after, and how one sees that it got it.

A cell may use what PRELUDE defines, and `$name`s that the range fills in: things planted outside, which the attack is
told about to make it easy for it. Where `$walled` is false it aims at what was planted only: controls hurt nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Family = Literal[
    "reading", "writing", "network", "processes", "resources", "time", "death", "protocol", "tampering", "deceit"
]
# How asking about it ended: the exceptions of the sandbox by name, or "internal": any other, a fault of the grader's.
End = Literal["returned", "refused", "wrong", "timeout", "memory", "died", "lied", "internal"]
# What stops it, and is switched off in its control:
#   wall      namespaces, mounts, Landlock, seccomp, rlimits: the control runs on level `none`
#   limits    CPU seconds and memory: level `none`, and allowances that it does not reach
#   messages  the grader's distrust of what comes over the socket: level `none`, and a grader that believes it
#   process   the border between grader and student: a fork of the grader runs the cell itself, and compares naively
Layer = Literal["wall", "limits", "messages", "process"]

PRELUDE = '''
import ctypes, errno, gc, mmap, os, signal, socket, stat, struct, subprocess, sys, threading, time
from pathlib import Path
import torch

LIBC = ctypes.CDLL(None, use_errno=True)
WALLED = $walled

def gains(*attempts):
    """What the attempts gave, those that were refused left out."""
    found = []
    for attempt in attempts:
        try:
            gain = attempt()
        except BaseException:
            continue
        if gain:
            found.append(str(gain)[:200])
    return found

def read(path):
    return lambda: Path(path).read_bytes()[:40]

def data_socket():
    return next(fd for fd in range(3, 256) if is_socket(fd))

def is_socket(fd):
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False

def send(data, then=30):
    os.write(data_socket(), data)
    time.sleep(then)

def asked():
    """The number of the question that is being answered, from the frames of the worker."""
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("message"), "number"):
        frame = frame.f_back
    return frame.f_locals["message"].number

def forged(number, value):
    wire = sys.modules["worker.protocol"]
    return wire.encode_frame(wire.Reply(number, wire.Done(value)), [])[0]

def burn(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass

def daemonize(action):
    """Twice forked, in a session of its own, deaf to signals."""
    if os.fork():
        os.wait()
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    action()
    os._exit(0)

def f(x=0):
    return x + 1

def look():
    import course
    return course.ANSWER
'''


@dataclass(frozen=True)
class Attack:
    """A hostile submission.

    source: a cell that defines `attack`.
    ends: how asking for it may end behind the wall.
    asks: the question of questions.py that the grader puts to it.
    lifted: the layer that stops it.
    passes: levels at which it gets through, each with the reason; elsewhere nothing may be seen of it.
    seconds, memory: the CPU seconds and bytes it is allowed.
    """

    name: str
    family: Family
    wants: str
    source: str
    ends: tuple[End, ...] = ("returned",)
    asks: str = "gains"
    lifted: Layer = "wall"
    passes: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 3.0
    memory: int = 512 << 20


def gaining(expression: str, before: str = "") -> str:
    """The cell of an attack in one expression: the list of what it gained."""
    return f"{before}\ndef attack():\n    return {expression}\n"


def doing(*lines: str) -> str:
    """The cell of an attack of several lines."""
    return "def attack():\n" + "".join(f"    {line}\n" for line in lines)
