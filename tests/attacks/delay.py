"""Time: each goes on for a second, or for ever, where 0.3 CPU seconds and twice that by the clock are allowed."""

from tests.attacks.attack import Attack, doing

LATE = "return ['it took its time']"


def delays(name: str, wants: str, *lines: str, before: str = "", seconds: float = 0.3, **options: object) -> Attack:
    options = {"ends": ("timeout",), "lifted": "limits", **options}
    return Attack(name, "time", wants, before + doing(*lines), seconds=seconds, **options)


ATTACKS = (
    delays("loops", "a grader that waits", "burn(1.0)", LATE),
    delays("sleeps", "a grader that waits, without CPU time of its own", "LIBC.sleep(3)", LATE),
    delays(
        "is deaf",
        "to go on through every signal and exception",
        "for number in range(1, 65):",
        "    try: signal.signal(number, signal.SIG_IGN)",
        "    except (OSError, ValueError): pass",
        "end = time.thread_time() + 1.0",
        "while time.thread_time() < end:",
        "    try:",
        "        burn(0.1)",
        "    except BaseException: pass",
        LATE,
    ),
    delays("loops in C", "to go on where no Python code is asked", "sum(range(1 << 26))", LATE),
    delays(
        "loops in a kernel of torch",
        "the same, in torch",
        "x = torch.ones(600, 600)",
        "for _ in range(60): x = torch.linalg.qr(x)[0]",
        LATE,
    ),
    delays(
        "backtracks",
        "the same, in a regular expression",
        "import re",
        "re.fullmatch('(a|aa)+$$', 'a' * 33 + 'b')",
        LATE,
    ),
    delays(
        "loops while it is forgotten",
        "to go on in __del__",
        "Sticky()",
        LATE,
        before="class Sticky:\n    def __del__(self):\n        burn(1.0)\n",
    ),
    delays(
        "loops when garbage is collected",
        "to go on in a callback of the collector",
        "gc.callbacks.append(linger)",
        "gc.collect()",
        LATE,
        before="def linger(phase, info):\n    gc.callbacks.clear()\n    burn(1.0)\n",
    ),
    delays(
        "loops as its answer is packed",
        "to go on after it has returned: an endless mapping",
        "return Slow()",
        before="import collections.abc\nclass Slow(dict):\n    def items(self):\n        burn(1.0)\n"
        "        return [('passed', 1)]\n",
        asks="mapping",
    ),
    delays(
        "loops in forward",
        "to go on inside a network",
        "torch.nn.Sequential(Slow())(torch.ones(1))",
        LATE,
        before="class Slow(torch.nn.Module):\n    def forward(self, x):\n        burn(1.0)\n        return x\n",
    ),
    delays(
        "loops in backward",
        "to go on inside autograd",
        "Slow.apply(torch.ones(1, requires_grad=True)).backward()",
        LATE,
        before="class Slow(torch.autograd.Function):\n    @staticmethod\n    def forward(context, x):\n"
        "        return x * 1\n    @staticmethod\n    def backward(context, g):\n        burn(1.0)\n        return g\n",
    ),
    delays(
        "traces every line",
        "to be slow everywhere",
        "sys.settrace(slow)",
        "(lambda: 1)()",
        "sys.settrace(None)",
        LATE,
        before="def slow(frame, event, argument):\n    burn(1.0)\n",
    ),
    delays(
        "loops in a thread",
        "to go on where no signal is delivered",
        "thread = threading.Thread(target=burn, args=(1.0,))",
        "thread.start()",
        "thread.join()",
        LATE,
    ),
    delays(
        "loops in the message of an exception",
        "to go on as its text is read",
        "raise Slow",
        before="class Slow(Exception):\n    def __str__(self):\n        burn(1.0)\n        return 'late'\n",
        asks="text raised",
    ),
    delays(
        "stops",
        "a grader that waits for ever",
        "if os.fork() == 0:",
        "    time.sleep(3)",
        "    os.kill(os.getppid(), signal.SIGCONT)",
        "    os._exit(0)",
        "os.kill(os.getpid(), signal.SIGSTOP)",
        "LIBC.sleep(2)",
        LATE,
    ),
    delays(
        "waits for itself", "a deadlock", "lock = threading.Lock()", "lock.acquire()", "lock.acquire(timeout=3)", LATE
    ),
    delays(
        "reads what never comes",
        "a wait in the kernel",
        "reading, writing = os.pipe()",
        "threading.Timer(3, os.write, (writing, b'x')).start()",
        "os.read(reading, 1)",
        LATE,
    ),
    Attack(
        "loops in a cell",
        "time",
        "to use up the time of all cells",
        """
end = time.thread_time() + 2.0
while time.thread_time() < end:
    try:
        burn(0.1)
    except BaseException:
        pass
DONE = bool(1)  # no constant, which a new worker would define
def attack():
    return ["the cell ran to its end"] if "DONE" in globals() else []
""",
        lifted="limits",
        seconds=0.3,
    ),
)
