"""Other machines, made of this one: a host is a command that runs a Python script as if it were started there.

Needs root and bubblewrap. The interpreter may lie in a folder that is closed to others; `open_way` makes a way to it.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPEN_COURSE = Path("/mnt/release")
ORDINARY_USER = "12345"
# What Docker leaves to a container's root, and what its default profile forbids (those that matter here).
DOCKER_CAPABILITIES = (
    *("CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP"),
    *("NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"),
)
DOCKER_DENIED = (
    *("mount", "umount2", "pivot_root", "unshare", "setns", "keyctl", "add_key", "request_key", "bpf", "userfaultfd"),
    *("perf_event_open", "open_by_handle_at", "move_mount", "fsopen", "open_tree", "mount_setattr"),
)
NAMESPACES = 0x10000000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000 | 0x02000000 | 0x00020000
USERS = 0x10000000

FILTER = """
import os, sys, errno, pyseccomp as s
rules = s.SyscallFilter(s.ALLOW)
for name in {denied!r}:
    rules.add_rule(s.ERRNO(errno.EPERM), name)
for bit in [1 << n for n in range(32) if {flags} & 1 << n]:
    for name in ("clone", "unshare"):
        if name not in {denied!r}:
            rules.add_rule(s.ERRNO(errno.EPERM), name, s.Arg(0, s.MASKED_EQ, bit, bit))
rules.add_rule(s.ERRNO(errno.ENOSYS), "clone3")
rules.load()
os.execv(sys.argv[1], sys.argv[1:])
"""

# Start a sandbox of that level, run one function in it, and say what came of it.
PROBE = """
import sys
from pathlib import Path
from autograder.errors import GraderError
from autograder.sandbox.launch import Sandbox
from autograder.sandbox.proxy import Submission
from autograder.sandbox.session import Cell, Session, SessionLimits
level, released, probe = sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "probe"
try:
    with Sandbox(level, released, probe=probe) as sandbox:
        if not probe:
            cell = Cell("f", "import os\\ndef f(path):\\n    open(path).close()\\n    return os.getuid()")
            session = Session(sandbox, "tiny", [cell], ["f"], SessionLimits(5.0, 60.0, 512 << 20))
            session.run_cells()
            session.begin_test(1, 5.0)
            submission = Submission(session)
            submission.call("f", "course.py")
            assert submission.raises("f", "/etc/passwd").types[0] in ("PermissionError", "FileNotFoundError")
            session.close()
    print("works")
except GraderError as error:
    print("refused:", error)
"""


def run(host: list[str], level: str, released: Path, *, probe: bool) -> str:
    """Start a sandbox there; what the script above prints."""
    command = [*host, sys.executable, "-c", PROBE, level, str(released), "probe" if probe else "all"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "HOME": "/tmp", "TMPDIR": "/tmp"}
    done = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, timeout=300, check=False)
    return done.stdout.strip() or f"silent: {done.stderr.strip()[-600:]}"


def open_way(released: Path) -> list[str]:
    """The same file system, where everyone may reach the interpreter, and the course at OPEN_COURSE."""
    prefix = Path(os.path.realpath(sys.base_prefix))
    steps = ["mount --make-rprivate /", "mount -t tmpfs -o mode=0755 none /mnt", "mkdir /mnt/python /mnt/release"]
    steps += [f"mount --bind {shlex.quote(str(released))} {OPEN_COURSE}", f"mount --bind {prefix} /mnt/python"]
    closed = next((part for part in reversed(prefix.parents) if not part.stat().st_mode & 1), None)
    if closed is not None:
        steps += [
            f"mount -t tmpfs -o mode=0755 none {closed}",
            f"mkdir -p {prefix}",
            f"mount --bind /mnt/python {prefix}",
        ]
    return ["unshare", "--mount", "sh", "-ec", "; ".join([*steps, 'exec "$@"']), "sh"]


def ordinary_user(released: Path) -> list[str]:
    """A user without rights, on a machine where everyone may reach Python."""
    user = ["--reuid", ORDINARY_USER, "--regid", ORDINARY_USER, "--clear-groups"]
    return [*open_way(released), "setpriv", *user, "--bounding-set=-all", "--"]


def docker(released: Path) -> list[str]:
    """Root in a container with Docker's default capabilities and system calls."""
    kept = ",".join(["-all", *(f"+{capability.lower()}" for capability in DOCKER_CAPABILITIES)])
    drop = ["setpriv", f"--bounding-set={kept}", "--inh-caps=-all", "--no-new-privs", "--"]
    return [*open_way(released), *drop, *without(DOCKER_DENIED, NAMESPACES)]


def without(denied: tuple[str, ...], flags: int) -> list[str]:
    """The same machine, where these system calls and these flags of clone and unshare are denied."""
    return [sys.executable, "-c", FILTER.format(denied=denied, flags=flags)]
