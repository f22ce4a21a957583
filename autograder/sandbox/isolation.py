"""Isolation levels: which there are, what this machine can give, and the command that starts the zygote behind each."""

import itertools
import os
import shutil
import site
import stat
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.errors import GraderError
from autograder.sandbox.worker import scratch as scratch_folders

Level = Literal["nested", "bubblewrap", "landlock", "none"]
LEVELS: tuple[Level, ...] = ("nested", "bubblewrap", "landlock", "none")
DEFAULT_LEVEL: Level = "nested"
MEANING: dict[Level, str] = {
    "nested": "bubblewrap around all, and for each submission users, processes, network and mounts of its own",
    "bubblewrap": "bubblewrap around all; submissions see each other's processes, not each other's files",
    "landlock": "no namespaces (a container without them): Landlock, seccomp and rlimits alone",
    "none": "no wall at all: only to debug the grader",
}

WORKER = Path(__file__).parent / "worker"
NOBODY = 65534
UNUSED_USERS = 0x60000000  # from here on nobody gives out numbers
USERS_PER_GRADER = 64  # process numbers end at 2**22: the highest user is below 2**31
_sandboxes = itertools.count()
SCRATCH_SLOTS = 128  # two for each grading process
# Where things lie inside bubblewrap.
INSIDE_PYTHON, INSIDE_SITE, INSIDE_WORKER, INSIDE_COURSE = "/opt/python", "/opt/site", "/opt/grader/worker", "/course"
# What Python and its libraries need of the system, and no more: not /etc, not /home, not /usr/share.
SYSTEM_FOLDERS = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib")
SYSTEM_FILES = (
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives"),
    *("/usr/bin/sh", "/usr/bin/dash", "/usr/bin/setpriv", "/usr/sbin/ldconfig", "/usr/sbin/ldconfig.real"),
)
# Else glibc returns a tensor of some megabytes to the system each time, and has it zeroed for the next one. Names of
# these settings in an environment, their numbers for mallopt(3), and bytes.
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": (-3, 64 << 20), "MALLOC_TRIM_THRESHOLD_": (-1, 128 << 20)}
# One thread (a fork copies no other), the same hashes everywhere, no window, no GPU, nothing written beside code.
ENVIRONMENT = {
    **{f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")},
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONNOUSERSITE": "1",
    "MPLBACKEND": "agg",
    "CUDA_VISIBLE_DEVICES": "",
    "GAN_COURSE_PROFILE": "smoke",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/bin:/usr/sbin:/bin:/sbin",
    **{variable: str(size) for variable, (_, size) in KEPT_MEMORY.items()},
}


@dataclass(frozen=True)
class Launch:
    """How to start a zygote: its command, its environment, and where the released folders lie for it."""

    command: list[str]
    environment: dict[str, str]
    released: Path


def build_launch(level: Level, released: Path, scratch: Path, control: int, *, probe: bool = False) -> Launch:
    """The command that starts the zygote behind the outer wall of `level`.

    `released` is the folder of all released assignments, `scratch` an empty folder for the levels without mounts,
    `control` the descriptor of the zygote's control socket. With `probe` it imports no torch and runs no cells.
    GraderError if the machine lacks a program that the level needs.
    """
    if sys.platform != "linux":
        raise GraderError(
            f"grading needs Linux (namespaces and fork), this is {sys.platform}: use WSL2 or a virtual machine"
        )
    start = ["-m", "worker.zygote", str(control), *(["probe"] if probe else [])]
    if level in ("nested", "bubblewrap"):
        return _behind_bubblewrap(level, released, start)
    return _without_namespaces(level, released, scratch, start)


def advise(level: Level, failure: str) -> str:
    """What to do where this level could not be had for this reason."""
    if failure.startswith("bwrap:"):
        return (
            "; let bubblewrap make namespaces (Ubuntu: load an AppArmor profile for bwrap; a container: --cap-add "
            "SYS_ADMIN and a seccomp profile that allows them), or ask for a lower level: --isolation landlock"
        )
    if level == "nested" and "unshare" in failure:
        return "; namespaces within namespaces are denied here, ask for the next lower level: --isolation bubblewrap"
    if "Landlock" in failure:
        return "; it takes Linux 5.13 or later with Landlock switched on (lsm=landlock,… on the kernel's command line)"
    return ""


def _behind_bubblewrap(level: Level, released: Path, start: list[str]) -> Launch:
    program = shutil.which("bwrap")
    if program is None:
        raise GraderError(
            "bubblewrap: expected the program bwrap on PATH, found none; install it (Debian, Ubuntu: apt install "
            "bubblewrap; Fedora: dnf install bubblewrap) or ask for a lower level: --isolation landlock"
        )
    python, base = _python_inside()
    readable = [INSIDE_SITE, INSIDE_WORKER, base, *SYSTEM_FOLDERS, "/lib", "/lib64", *SYSTEM_FILES[:4]]
    environment = {
        **ENVIRONMENT,
        "PYTHONPATH": f"{INSIDE_SITE}:{Path(INSIDE_WORKER).parent}",
        "LD_LIBRARY_PATH": f"{base}/lib",
        "HOME": "/tmp",
        "SANDBOX_READABLE": os.pathsep.join(readable),
    }
    command = [program, "--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"]
    command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    command += _system_mounts()
    for folder in ("/opt", "/opt/grader", str(scratch_folders.SLOTS)):
        command += ["--perms", "0755", "--dir", folder]
    if base == INSIDE_PYTHON:
        command += ["--ro-bind", sys.base_prefix, INSIDE_PYTHON]
    command += ["--ro-bind", _site_packages(), INSIDE_SITE, "--ro-bind", str(WORKER), INSIDE_WORKER]
    command += ["--ro-bind", str(released), INSIDE_COURSE]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(256 << 20), "--perms", "1777", "--tmpfs", "/tmp"]
    if level == "bubblewrap":  # workers cannot mount: each is given one of these to write on
        size = str(scratch_folders.MEGABYTES << 20)
        for slot in range(SCRATCH_SLOTS):
            command += ["--perms", "1777", "--size", size, "--tmpfs", str(scratch_folders.SLOTS / f"{slot:03}")]
    for name, value in environment.items():
        command += ["--setenv", name, value]
    if os.getuid() == 0:  # root builds the wall, since only root may be able to reach Python; another lives behind it
        for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
            command += ["--cap-add", capability]
        command += ["--", *_drop_root("/usr/bin/setpriv", _unprivileged_user())]
    else:
        command += ["--unshare-user", "--"]
    return Launch([*command, python, "-s", "-P", *start], {"PATH": os.environ.get("PATH", "")}, Path(INSIDE_COURSE))


def _without_namespaces(level: Level, released: Path, scratch: Path, start: list[str]) -> Launch:
    readable = [_site_packages(), str(WORKER), sys.base_prefix, *SYSTEM_FOLDERS, "/lib", "/lib64", *SYSTEM_FILES[:4]]
    environment = {
        **ENVIRONMENT,
        "PYTHONPATH": os.pathsep.join([_site_packages(), str(WORKER.parent)]),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "SANDBOX_READABLE": os.pathsep.join(path for path in readable if Path(path).exists()),
    }
    command = [str(Path(sys._base_executable)), "-s", "-P", *start]  # type: ignore[attr-defined]
    if level == "landlock" and os.getuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise GraderError(
                "setpriv: expected it on PATH to leave root; install util-linux, or start as another user"
            )
        _refuse_closed_folders([sys.base_prefix, _site_packages(), WORKER, released])
        user = _unprivileged_user()
        os.chown(scratch, user, user)
        command = [*_drop_root(setpriv, user), *command]
    return Launch(command, environment, released)


def _system_mounts() -> list[str]:
    mounts: list[str] = []
    for folder in ("/usr", "/usr/bin", "/usr/sbin", "/usr/local", "/etc"):  # made on the way, they would be 0700
        mounts += ["--perms", "0755", "--dir", folder]
    for folder in SYSTEM_FOLDERS:
        mounts += ["--ro-bind-try", folder, folder]
    for folder in ("bin", "sbin", "lib", "lib32", "lib64"):
        if Path(f"/{folder}").is_symlink():
            mounts += ["--symlink", f"usr/{folder}", f"/{folder}"]
        else:
            mounts += ["--ro-bind-try", f"/{folder}", f"/{folder}"]
    for file in SYSTEM_FILES:
        mounts += ["--ro-bind-try", file, file]
    if sys.base_prefix == "/usr":
        executable = os.path.realpath(sys._base_executable)  # type: ignore[attr-defined]
        mounts += ["--ro-bind", executable, executable]
    return mounts


def _python_inside() -> tuple[str, str]:
    """The interpreter and its prefix as they are called inside bubblewrap."""
    executable = os.path.realpath(sys._base_executable)  # type: ignore[attr-defined]
    if sys.base_prefix == "/usr":
        return executable, "/usr"
    return str(Path(INSIDE_PYTHON) / Path(executable).relative_to(os.path.realpath(sys.base_prefix))), INSIDE_PYTHON


def _site_packages() -> str:
    """The folder with torch and the other libraries."""
    folder = sysconfig.get_path("purelib")
    if Path(folder, "torch").is_dir():
        return folder
    for other in (*site.getsitepackages(), site.getusersitepackages()):
        if Path(other, "torch").is_dir():
            return other
    raise GraderError(f"torch: expected it in {folder}, found none; install it: pip install torch torchvision")


def _refuse_closed_folders(needed: Iterable[str | Path]) -> None:
    """GraderError if an ordinary user cannot reach one of these folders."""
    for folder in needed:
        path = Path(os.path.realpath(folder))
        closed = next(
            (part for part in (*reversed(path.parents), path) if not part.stat().st_mode & stat.S_IXOTH), None
        )
        if closed is not None:
            raise GraderError(
                f"isolation landlock: started by root, workers run as another user, who cannot enter {closed} and so "
                f"not reach {path}; install Python, its environment and the course where every user may read (/opt, "
                "/usr/local), or start the grader as the user who owns them, or use --isolation nested"
            )


def _unprivileged_user() -> int:
    """A user of this sandbox's own, since rlimits count all processes of a user; nobody, where root has few users."""
    user = UNUSED_USERS + os.getpid() * USERS_PER_GRADER + next(_sandboxes) % USERS_PER_GRADER
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        first, _, count = map(int, line.split())
        if first <= user < first + count:
            return user
    return NOBODY


def _drop_root(setpriv: str, user: int) -> list[str]:
    return [
        *(setpriv, "--reuid", str(user), "--regid", str(user), "--clear-groups"),
        *("--inh-caps=-all", "--bounding-set=-all", "--"),
    ]
