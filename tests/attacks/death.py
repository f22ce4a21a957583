"""Death: of its own process, in every way; the next test must still be put to the notebook."""

from tests.attacks.attack import Attack, doing


def dies(name: str, *lines: str, before: str = "", **options: object) -> Attack:
    wants = "no record, or one without the rest"
    return Attack(name, "death", wants, before + doing(*lines), asks="next", lifted="process", **options)


ATTACKS = (
    dies("leaves", "os._exit(0)"),
    dies("leaves from a thread", "threading.Thread(target=os._exit, args=(0,)).start()", "time.sleep(5)"),
    dies("crashes", "ctypes.string_at(1)"),
    dies("aborts", "os.abort()"),
    dies("kills itself", "os.kill(os.getpid(), signal.SIGKILL)", "os._exit(9)"),
    dies("ends by an unnamed signal", "signal.signal(40, signal.SIG_DFL)", "os.kill(os.getpid(), 40)", "os._exit(7)"),
    dies("closes all descriptors", "os.closerange(0, 4096)", "return 1"),
    dies(
        "swaps its descriptors",
        "null = os.open('/dev/null', os.O_RDWR)",
        "for number in range(3, 256):",
        "    try:",
        "        os.fstat(number)",
        "        os.dup2(null, number)",
        "    except OSError:",
        "        continue",
        "return 1",
    ),
    dies("raises SystemExit", "raise SystemExit(0)"),
    dies("raises KeyboardInterrupt", "raise KeyboardInterrupt"),
    dies("raises what nobody catches", "raise Mine", before="class Mine(BaseException):\n    pass\n"),
    dies(
        "raises in the message of an exception",
        "raise Mine",
        before="class Mine(Exception):\n    def __str__(self):\n        raise SystemExit(0)\n",
    ),
    dies(
        "raises an exception that names itself",
        "raise Mine",
        before=(
            "class Named(type):\n    def __getattribute__(cls, name):\n        os._exit(0)\n"
            "class Mine(Exception, metaclass=Named):\n"
            "    def __str__(self):\n        os._exit(0)\n    __repr__ = __str__\n"
        ),
    ),
    dies(
        "leaves while it is forgotten",
        "Sticky()",
        "return 1",
        before="class Sticky:\n    def __del__(self):\n        os._exit(0)\n",
    ),
    dies("leaves when garbage is collected", "gc.callbacks.append(lambda *_: os._exit(0))", "gc.collect()"),
    dies(
        "leaves when it is packed",
        "return Packed()",
        before="class Packed(dict):\n    def items(self):\n        os._exit(0)\n    __str__ = items\n",
    ),
    dies("leaves in a while", "threading.Timer(0.2, os._exit, (0,)).start()", "time.sleep(1)", "return 1"),
    dies(
        "exhausts the stack",
        "sys.setrecursionlimit(1 << 30)",
        "class Endless:",
        "    def __getattr__(self, name): return getattr(self, name + 'x')",
        "value = []",
        "for _ in range(1 << 20): value = [value]",
        "return repr(value)",
    ),
    dies("is another program", "os.execv(sys.executable, [sys.executable, '-c', '0'])", "os._exit(0)"),
    dies(
        "takes the grader's signals",
        "signal.setitimer(signal.ITIMER_REAL, 0.1)",
        "signal.signal(signal.SIGALRM, signal.SIG_DFL)",
        "time.sleep(1)",
    ),
    dies(
        "lowers its own limits",
        "import resource",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))",
        "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
        "burn(3)",
    ),
)
