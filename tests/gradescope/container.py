"""A container as Gradescope starts one, made of this machine by bubblewrap: another root, no network, /autograder.

Inside are the system's own /usr with its Python, and what the zip brought: no repository, no environment of ours.
Root has the capabilities, and is denied the system calls, that Docker's default profile says. Memory is bounded by a
control group, and the CPU, where this machine lets us make one.
"""

import json
import os
import select
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyseccomp

from tests.sandbox.hosts import DOCKER_CAPABILITIES, DOCKER_DENIED, NAMESPACES

CGROUPS = Path("/sys/fs/cgroup")
END_SECONDS = 20.0
MEMORY_MB, PERIOD_US = 768, 100_000  # Gradescope's default; and half of one CPU
SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"


@dataclass(frozen=True)
class Run:
    """What a run left: exit code, what Gradescope reads, what the instructor reads, most memory in MB (0: unknown)."""

    code: int
    results: dict[str, Any]
    stdout: str
    peak_mb: int


class Container:
    """The image that a zip makes, and runs of it."""

    def __init__(self, folder: Path, package: Path) -> None:
        self.folder = folder
        self.home = folder / "autograder"
        for place in ("source", "submission", "results"):
            (self.home / place).mkdir(parents=True)
        (folder / "opt").mkdir()
        with zipfile.ZipFile(package) as archive:
            for member in archive.infolist():
                Path(archive.extract(member, self.home / "source")).chmod(member.external_attr >> 16 & 0o777)
        shutil.copy(self.home / "source" / "run_autograder", self.home)

    def set_up(self, wheels: Path) -> str:
        """Run setup.sh, for real, with pip told to find all packages in a folder; what it printed."""
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels"}
        command = ["bash", "/autograder/source/setup.sh"]
        done = self.start(command, mounts=["--ro-bind", str(wheels), "/wheels"], environment=pip)
        assert done.returncode == 0, done.stdout[-3000:]
        return done.stdout

    def run(self, files: Mapping[str, bytes], metadata: bytes = b"{}") -> Run:
        """Start run_autograder for a submission, as Gradescope's harness does, with its half CPU and 768 MB."""
        for place in ("submission", "results"):
            shutil.rmtree(self.home / place)
            (self.home / place).mkdir()
        for name, content in files.items():
            path = self.home / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (self.home / "submission_metadata.json").write_bytes(metadata)
        with _ControlGroup() as group:
            done = self.start(["/autograder/run_autograder"], group=group)
            peak = group.peak_mb()
        results = self.home / "results" / "results.json"
        return Run(done.returncode, json.loads(results.read_bytes()) if results.exists() else {}, done.stdout, peak)

    def start(
        self,
        command: list[str],
        *,
        mounts: Sequence[str] = (),
        environment: Mapping[str, str] = MappingProxyType({}),
        group: "_ControlGroup | None" = None,
        privileged: bool = False,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command as the container's root; `privileged`: as in `docker run --privileged`."""
        build = ["bwrap", "--clearenv", "--die-with-parent", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
        build += ["--unshare-uts", "--hostname", "gradescope"]
        kept = [] if privileged else ["--cap-drop", "ALL"]
        kept += [part for name in DOCKER_CAPABILITIES for part in ("--cap-add", f"CAP_{name}") if not privileged]
        build += kept
        build += ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/run"]
        build += [part for name in ("etc", "sys", "sys/fs") for part in ("--perms", "0755", "--dir", f"/{name}")]
        build += ["--perms", "1777", "--tmpfs", "/tmp", "--dir", "/root", "--ro-bind", str(CGROUPS), str(CGROUPS)]
        for name in ("bin", "sbin", "lib", "lib64"):
            build += ["--symlink", f"usr/{name}", f"/{name}"]
        for file in ("passwd", "group", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives"):
            build += ["--ro-bind-try", f"/etc/{file}", f"/etc/{file}"]
        build += ["--bind", str(self.folder / "opt"), "/opt", "--bind", str(self.home), "/autograder"]
        build += [*mounts, "--chdir", "/autograder"]
        for name, value in {"PATH": SEARCHED, "HOME": "/root", "LANG": "C.UTF-8", **environment}.items():
            build += ["--setenv", name, value]
        enter = group.enter_command() if group is not None else []
        with tempfile.TemporaryFile() as rules:
            if not privileged:
                _docker_profile().export_bpf(rules)
                rules.seek(0)
                build += ["--seccomp", str(rules.fileno())]
            return subprocess.run(
                [*enter, *build, "--", *command],
                pass_fds=[rules.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=900,
                check=False,
            )


def _docker_profile() -> pyseccomp.SyscallFilter:
    """What Docker's default profile denies a container without CAP_SYS_ADMIN, of what matters here."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in DOCKER_DENIED:
        rules.add_rule(pyseccomp.ERRNO(1), name)
    for bit in [1 << number for number in range(32) if NAMESPACES & 1 << number]:
        rules.add_rule(pyseccomp.ERRNO(1), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, bit, bit))
    rules.add_rule(pyseccomp.ERRNO(38), "clone3")
    return rules


class _ControlGroup:
    """Bounds memory and CPU as Gradescope does by default, by control groups of version 1 or 2.

    Where this machine lets us make none, nothing is bounded, and `bounds` is False.
    """

    def __init__(self) -> None:
        self._old = (CGROUPS / "memory").is_dir()
        places = ("memory", "cpu") if self._old else ("",)
        self._folders = [CGROUPS / place / f"gradescope-{os.getpid()}" for place in places]
        self.bounds = False

    def __enter__(self) -> "_ControlGroup":
        memory, cpu = self._folders[0], self._folders[-1]
        try:
            for folder in self._folders:
                folder.mkdir()
            (memory / ("memory.limit_in_bytes" if self._old else "memory.max")).write_text(str(MEMORY_MB << 20))
            quota = str(PERIOD_US // 2)
            if self._old:
                (cpu / "cpu.cfs_period_us").write_text(str(PERIOD_US))
                (cpu / "cpu.cfs_quota_us").write_text(quota)
            else:
                (cpu / "cpu.max").write_text(f"{quota} {PERIOD_US}")
            self.bounds = True
        except OSError:
            self.__exit__()
        return self

    def __exit__(self, *_: object) -> None:
        for folder in self._folders:
            if folder.is_dir():
                self._await_end(folder)
                folder.rmdir()

    def _await_end(self, folder: Path) -> None:
        """bubblewrap is gone a moment before the last process behind it."""
        for process in (folder / "cgroup.procs").read_text().split():
            with suppress(ProcessLookupError):
                ended = os.pidfd_open(int(process))
                select.select([ended], [], [], END_SECONDS)
                os.close(ended)

    def enter_command(self) -> list[str]:
        """A prefix that puts the command into the groups."""
        if not self.bounds:
            return []
        enter = "; ".join(f"echo $$ > {folder}/cgroup.procs" for folder in self._folders)
        return ["sh", "-c", f'{enter}; exec "$@"', "sh"]

    def peak_mb(self) -> int:
        """The most memory that was taken at a time; 0 if that is not known."""
        name = "memory.max_usage_in_bytes" if self._old else "memory.peak"
        return int((self._folders[0] / name).read_text()) >> 20 if self.bounds else 0
