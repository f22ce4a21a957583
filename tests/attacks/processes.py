"""Processes: too many, too long, and other people's."""

from tests.attacks.attack import Attack, doing, gaining

COUNT = '''
def count_after(action, seconds=1.5):
    """How many processes or threads write a byte each while `action` goes on."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        action(lambda: os.write(writing, b"x"))
        time.sleep(30)
        os._exit(0)
    os.set_blocking(reading, False)
    end = time.monotonic() + (seconds if WALLED else 15.0)
    count = 0
    while time.monotonic() < end and count <= 20:
        try:
            count += len(os.read(reading, 4096))
        except BlockingIOError:
            time.sleep(0.01)
    return [f"{count} processes"] if count > 20 else []
'''


def runs(name: str, wants: str, source: str, **options: object) -> Attack:
    return Attack(name, "processes", wants, source, **options)


ATTACKS = (
    runs(
        "forks without end",
        "all process numbers",
        """
def attack():
    count = 0
    try:
        while WALLED or count < 60:
            if os.fork() == 0:
                time.sleep(30)
                os._exit(0)
            count += 1
    except OSError:
        pass
    return [count] and [f"{count} processes"] if count > 32 else []
""",
    ),
    runs(
        "forks in every child",
        "all process numbers, and the processor",
        COUNT
        + """
def bomb(tell):
    generation = 0
    while WALLED or generation < 5:
        try:
            if os.fork() == 0:
                tell()
        except OSError:
            pass
        generation += 1
def attack():
    return count_after(bomb)
""",
        ends=("returned", "timeout", "died"),
        seconds=1.0,
    ),
    runs(
        "is a comet",
        "to be found by nobody: each process ends as soon as it has forked the next",
        """
def fly():
    for _ in range(1 << 40 if WALLED else 2000):
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            pass
    time.sleep(30)
def attack():
    daemonize(fly)
    return []
""",
        lifted="process",
    ),
    runs(
        "starts threads without end",
        "all process numbers",
        """
def attack():
    threads = []
    try:
        while WALLED or len(threads) < 100:
            threads.append(threading.Thread(target=time.sleep, args=(30,), daemon=True))
            threads[-1].start()
    except RuntimeError:
        pass
    return [f"{len(threads)} threads"] if len(threads) > 64 else []
""",
    ),
    runs(
        "leaves a daemon",
        "to go on when its time is over",
        doing("daemonize(lambda: time.sleep(600))", "return []"),
        lifted="process",
    ),
    runs(
        "ends and leaves a child",
        "to go on when its process has ended",
        doing("if os.fork() == 0:", "    os.setsid()", "    time.sleep(600)", "os._exit(0)"),
        ends=("died",),
        lifted="process",
    ),
    runs(
        "leaves stopped children",
        "to stay where no polite signal reaches",
        doing(
            "for _ in range(3):",
            "    if os.fork() == 0:",
            "        os.setsid()",
            "        os.kill(os.getpid(), signal.SIGSTOP)",
            "        time.sleep(600)",
            "return []",
        ),
        lifted="process",
    ),
    runs(
        "forks a sister",
        "a process that is not below its own (CLONE_PARENT)",
        '''
def attack():
    """clone(CLONE_PARENT | SIGCHLD): the new process is a child of this one's parent."""
    if LIBC.syscall(56, 0x8000 | 17, None, None, None, None) == 0:
        os.setsid()
        time.sleep(600)
    return []
''',
        lifted="process",
    ),
    runs(
        "burns time in children of a thread",
        "more CPU time than it is given",
        """
def burn_beside():
    if os.fork() == 0:
        burn(3.0)
        os._exit(0)
def attack():
    for _ in range(2):
        thread = threading.Thread(target=burn_beside)
        thread.start()
        thread.join()
    os.wait()
    return ["3 CPU seconds in a child"]
""",
        ends=("timeout",),
        lifted="limits",
        seconds=0.4,
    ),
    runs(
        "kills what it can",
        "the grader, the zygote, other workers",
        """
def attack():
    everything = (-1, os.getppid(), 0, *range(2, 60)) if WALLED and os.getpid() == 1 else (os.getppid(), $other)
    for process in everything if WALLED else ($other,):
        try:
            os.kill(process, signal.SIGKILL)
        except OSError:
            continue
    return []
""",
        ends=("returned", "died"),
    ),
    runs(
        "stops others",
        "a grader that waits for ever",
        gaining(
            "gains(*(lambda p=p: os.kill(p, signal.SIGSTOP) or p for p in OTHERS))",
            "OTHERS = [$other, *([os.getppid()] if WALLED and os.getppid() else [])]",
        ),
    ),
    runs(
        "signals by other ways",
        "the same, past a filter of kill",
        gaining(
            "gains(pidfd, queue, thread, owner)",
            '''
def pidfd(): return signal.pidfd_send_signal(os.pidfd_open($other), signal.SIGSTOP) or 1
def queue(): return LIBC.sigqueue($other, signal.SIGSTOP, 0) == 0
def thread(): return LIBC.syscall(200, $other, signal.SIGSTOP) == 0
def owner():
    """SIGIO by a pipe that belongs to another process."""
    import fcntl
    reading, writing = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, $other)
    if fcntl.fcntl(reading, fcntl.F_GETOWN) != $other:
        return 0
    fcntl.fcntl(reading, 10, int(signal.SIGSTOP))
    fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC)
    os.write(writing, b"x")
    return 0
''',
        ),
    ),
    runs(
        "lowers others' limits",
        "a grader that may not write",
        gaining(
            "gains(*(lambda p=p: lower(p) for p in OTHERS))",
            """
import resource
OTHERS = [$other, *([os.getppid(), *range(2, 60)] if WALLED else [])]
OTHERS = [process for process in OTHERS if process not in (0, os.getpid())]
def lower(process):
    resource.prlimit(process, resource.RLIMIT_FSIZE, (1, 1))
    return process
""",
        ),
    ),
    runs(
        "raises its own limits",
        "more than it is given",
        gaining(
            "gains(*(lambda n=n: higher(n) for n in LIMITS))",
            """
import resource
LIMITS = [resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_NPROC, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE]
def higher(name):
    soft, hard = resource.getrlimit(name)
    if hard == resource.RLIM_INFINITY:
        return f"{name} is unlimited"
    resource.setrlimit(name, (soft + (1 << 20), hard + (1 << 20)))
    return name
""",
        ),
    ),
    runs(
        "takes the processor",
        "to come before all others",
        gaining(
            "gains(nice, everywhere, first)",
            """
def nice(): return os.nice(-15) < 0 and "nicer"
def everywhere(): return os.sched_setaffinity($other, os.sched_getaffinity(0)) or "moved another"
def first(): return os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1)) or "real time"
""",
        ),
    ),
    runs(
        "starts programs",
        "a shell, another Python, one of its own",
        gaining(
            "gains(*(lambda p=p: run(p) for p in PROGRAMS), own)",
            """
PROGRAMS = [sys.executable, "/bin/sh", "/usr/bin/dash", "/usr/bin/setpriv", "/lib64/ld-linux-x86-64.so.2"]
def run(program):
    return subprocess.run([program, "--help"], capture_output=True).args
def own():
    Path("program").write_bytes(b"#!/opt/python/bin/python3")
    os.chmod("program", 0o755)
    return WALLED and os.execv("program", ["program"])
""",
        ),
    ),
)
