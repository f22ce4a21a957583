"""What grader, zygote and supervisors say to each other. No student's code ever holds a socket that carries these."""

from typing import Literal

import msgspec

REPORT_LIMIT = 8192

Excess = Literal["", "memory", "files", "time"]


class Attach(msgspec.Struct, tag="attach", frozen=True):
    """A further grading process: its control socket comes along."""


class Spawn(msgspec.Struct, tag="spawn", frozen=True):
    """Fork a worker: its data and report sockets come along."""

    level: Literal["nested", "bubblewrap", "landlock", "none"]
    released: str
    memory: int
    cpu_seconds: int


class Query(msgspec.Struct, tag="query", frozen=True):
    """To the supervisor: how much has the worker used?"""


class Started(msgspec.Struct, tag="started", frozen=True):
    """The zygote is ready."""

    versions: dict[str, str]


class Confined(msgspec.Struct, tag="confined", frozen=True):
    """Every step of the level was taken; from now on the worker runs cells."""


class Refused(msgspec.Struct, tag="refused", frozen=True):
    """The machine cannot give this level: what failed."""

    reason: str


class Usage(msgspec.Struct, tag="usage", frozen=True):
    """CPU seconds of the worker and all its children."""

    cpu_seconds: float


class Ended(msgspec.Struct, tag="ended", frozen=True):
    """The worker is gone: its exit code, or the signal that killed it as a negative number; all CPU seconds it cost.

    `excess` says why the supervisor killed it, where it did: its processes took more of something than they may.
    """

    code: int
    cpu_seconds: float
    excess: Excess = ""


ToZygote = msgspec.msgpack.Decoder(Attach | Spawn)
FromZygote = msgspec.msgpack.Decoder(Started)
ToSupervisor = msgspec.msgpack.Decoder(Query)
Report = Confined | Refused | Usage | Ended
FromSupervisor = msgspec.msgpack.Decoder(Report)
ENCODER = msgspec.msgpack.Encoder()
