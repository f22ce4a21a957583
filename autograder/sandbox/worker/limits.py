"""What a worker does to itself between the fork and the first line of a student's code.

The kernel does the work: namespaces, mounts, rlimits, Landlock (Linux 5.13+), seccomp (by libseccomp). Each step
raises OSError if the kernel refuses, and a worker that could not take every step of its level never runs a cell.
"""

import contextlib
import ctypes
import errno
import os
import resource
import signal
import socket
from collections.abc import Iterable
from pathlib import Path

import pyseccomp

from . import scratch

LIBC = ctypes.CDLL(None, use_errno=True)

# linux/sched.h, linux/mount.h, linux/prctl.h
CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 1 << 14, 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 36, 38

INSIDE_ID = 1000  # the worker's uid and gid in its own user namespace
PROCESSES = 16
OPEN_FILES = 256

# linux/landlock.h: rights that a file system path can be given, by ABI
EXECUTE = 1 << 0
READ_RIGHTS = EXECUTE | (1 << 2) | (1 << 3)  # read a file, list a folder
SCOPES_SIGNALS = 6  # the ABI from which on signals to processes outside are refused
RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
SYS_LANDLOCK_CREATE, SYS_LANDLOCK_ADD, SYS_LANDLOCK_RESTRICT = 444, 445, 446

# System calls that no notebook needs; some escape the limits, some are ways to reach other processes or the kernel.
DENIED_CALLS = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "process_madvise", "process_mrelease"),
    *("vmsplice", "splice", "tee"),  # a byte of a huge page in a pipe holds all of it, and nobody is charged
    *("setpriority", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr", "ioprio_set"),
    *("migrate_pages", "move_pages", "modify_ldt", "ioperm", "iopl", "vfork"),
    *("memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "msgget", "semget", "mq_open"),
    *("socket", "mount", "umount2", "move_mount", "open_tree", "fsopen", "fsmount", "fspick", "mount_setattr"),
    *("pivot_root", "chroot", "unshare", "setns", "open_by_handle_at", "name_to_handle_at"),
    *("keyctl", "add_key", "request_key", "bpf", "perf_event_open", "userfaultfd", "fanotify_init", "quotactl"),
    *("inotify_init", "inotify_init1", "inotify_add_watch"),  # Landlock lets others' folders be watched
    *("io_uring_setup", "io_uring_enter", "io_uring_register", "personality", "syslog", "acct", "swapon", "swapoff"),
    *("reboot", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "lookup_dcookie"),
)
# Landlock does not ask about these; where files are shared with others (no mounts of its own), they are denied too.
DENIED_FILE_CALLS = (
    *("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"),
    *("setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr", "lremovexattr", "fremovexattr"),
    *("utime", "utimes", "utimensat", "futimesat", "flock"),
)
SIGNAL_CALLS = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")  # all take the process first
FLAGGED_CALLS = {"sendto": 3, "sendmsg": 2, "sendmmsg": 3, "recvfrom": 3, "recvmsg": 2, "recvmmsg": 3}  # place of flags
CLONE_VM, CLONE_THREAD = 0x100, 0x10000


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def die_with_parent(parent: int) -> None:
    """Ask to be killed when the parent dies; exit at once if it died before this call."""
    _checked("prctl", LIBC.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0))
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Make processes whose parent died children of this one, so that none gets away."""
    _checked("prctl", LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))


def set_dumpable(value: bool) -> None:
    """Whether other processes of the same user may look into this one."""
    _checked("prctl", LIBC.prctl(PR_SET_DUMPABLE, int(value), 0, 0, 0))


def enter_namespaces() -> None:
    """Leave the users, network and IPC of the zygote; children forked from now on have a process table of their own."""
    user, group = os.getuid(), os.getgid()
    new = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    _checked("unshare", LIBC.unshare(new))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{INSIDE_ID} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{INSIDE_ID} {group} 1")


def mount_scratch() -> None:
    """Give this process mounts of its own: empty, bounded /tmp and /dev/shm, and no view of any process table."""
    _checked("unshare", LIBC.unshare(CLONE_NEWNS))
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    safe = MS_NOSUID | MS_NODEV
    bounds = f"size={scratch.MEGABYTES}m,nr_inodes={scratch.FILES},mode=0700"
    for folder in ("/tmp", "/dev/shm"):
        _mount("tmpfs", folder, "tmpfs", safe | MS_NOEXEC, bounds)
    try:
        _mount("proc", "/proc", "proc", safe | MS_NOEXEC)
    except PermissionError:  # where a parent has masked parts of its own /proc, a fresh one is refused
        _mount("tmpfs", "/proc", "tmpfs", safe | MS_NOEXEC | MS_RDONLY, "size=4k,mode=0555")


def offer_to_memory_killer() -> None:
    """If the machine runs out of memory, let the kernel kill this process first, not the grader."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def limit_resources(memory: int, cpu_seconds: int, spare_processes: int) -> None:
    """Set hard limits. `memory`: bytes beyond what the zygote's image takes; call after the fork.

    The supervisor ends whoever has used up `cpu_seconds`, and can say so; the kernel's limit, which counts by another
    clock and kills without a word, lies beyond, should the supervisor not come to run.
    """
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    size, data = (int(status[key].split()[0]) * 1024 for key in ("VmSize", "VmData"))
    limits = {
        resource.RLIMIT_AS: size + memory,
        resource.RLIMIT_DATA: data + memory,
        resource.RLIMIT_CPU: 2 * cpu_seconds + 1,
        resource.RLIMIT_NPROC: PROCESSES + spare_processes,
        resource.RLIMIT_FSIZE: scratch.MEGABYTES << 20,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for name, value in limits.items():
        resource.setrlimit(name, (value, value))


def landlock_abi() -> int:
    """The version of Landlock that the kernel speaks, 0 if none."""
    return max(0, int(LIBC.syscall(SYS_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def restrict_files(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """By Landlock: read below `readable`, everything but execute below `writable`; no TCP, no signals to outside."""
    abi = landlock_abi()
    if not abi:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock")
    rights = RIGHTS_BY_ABI[max(version for version in RIGHTS_BY_ABI if version <= abi)]
    rules = _Ruleset(rights, 0b11 if abi >= 4 else 0, 0b11 if abi >= 6 else 0)
    length = 8 if abi < 4 else 16 if abi < 6 else 24  # fields that an older kernel does not know must not be sent
    ruleset = LIBC.syscall(SYS_LANDLOCK_CREATE, ctypes.byref(rules), ctypes.c_size_t(length), ctypes.c_uint32(0))
    _checked("landlock_create_ruleset", min(ruleset, 0))
    for paths, granted in ((readable, READ_RIGHTS), (writable, rights & ~EXECUTE)):
        for path in filter(Path.exists, paths):
            folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
            allowed = granted if path.is_dir() else granted & ((1 << 2) | (1 << 1) | 1 | (1 << 14)) & rights
            rule = _PathRule(allowed, folder)
            done = LIBC.syscall(SYS_LANDLOCK_ADD, ruleset, ctypes.c_int(1), ctypes.byref(rule), ctypes.c_uint32(0))
            _checked(f"landlock_add_rule {path}", done)
            os.close(folder)
    _checked("prctl", LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _checked("landlock_restrict_self", LIBC.syscall(SYS_LANDLOCK_RESTRICT, ruleset, ctypes.c_uint32(0)))
    os.close(ruleset)


def drop_privileges() -> None:
    """Give up every capability, for good."""
    for capability in range(64):
        if LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) and ctypes.get_errno() == errno.EINVAL:
            break  # past the last one that this kernel has
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    _checked("capset", LIBC.capset(header, (ctypes.c_uint32 * 6)()))
    _checked("prctl", LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def deny_system_calls(*, shared_files: bool) -> None:
    """By seccomp: the calls of DENIED_CALLS fail with EPERM, no program can be started, no user namespace made.

    `shared_files`: deny also what Landlock lets through, modes and owners of files that others use.
    """
    denied = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in (*DENIED_CALLS, *(DENIED_FILE_CALLS if shared_files else ())):
        with contextlib.suppress(OSError, RuntimeError, ValueError):  # an older libseccomp lacks the newest names
            rules.add_rule(denied, name)
    rules.add_rule(denied, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER))
    # A child in the same memory starts so fast that a chain of them outruns whoever kills them; only exec needs one.
    rules.add_rule(denied, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_VM | CLONE_THREAD, CLONE_VM))
    rules.add_rule(denied, "prlimit64", pyseccomp.Arg(0, pyseccomp.NE, 0))  # else others' limits could be lowered
    rules.add_rule(denied, "prctl", pyseccomp.Arg(0, pyseccomp.EQ, PR_SET_PDEATHSIG))
    # Who ignores SIGCHLD has children whose CPU time is charged to nobody once they have ended.
    ignoring = (pyseccomp.Arg(0, pyseccomp.EQ, signal.SIGCHLD), pyseccomp.Arg(1, pyseccomp.NE, 0))
    rules.add_rule(denied, "rt_sigaction", *ignoring)
    # Urgent data between local sockets: nobody needs them, and the kernel's part for them has had faults.
    for name, flags in FLAGGED_CALLS.items():
        rules.add_rule(denied, name, pyseccomp.Arg(flags, pyseccomp.MASKED_EQ, socket.MSG_OOB, socket.MSG_OOB))
    if landlock_abi() < SCOPES_SIGNALS:
        for name in SIGNAL_CALLS:
            rules.add_rule(denied, name, pyseccomp.Arg(0, pyseccomp.NE, os.getpid()))
        for name in ("tkill", "pidfd_send_signal"):
            rules.add_rule(denied, name)
    for name in ("execve", "execveat"):
        rules.add_rule(pyseccomp.ERRNO(errno.ENOENT), name)  # as if no program were installed
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")  # its flags cannot be seen: libc falls back to clone
    rules.load()


def close_descriptors(keep: int) -> None:
    """Close every descriptor but `keep`; standard input, output and error lead to nothing."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.closerange(3, keep)
    os.closerange(keep + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    encoded = kind.encode() if kind else None
    _checked(f"mount {target}", LIBC.mount(source.encode(), target.encode(), encoded, flags, options.encode()))


def _checked(what: str, result: int) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
