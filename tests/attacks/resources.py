"""Resources: memory of every kind, files, output, sockets. Behind the wall 256 MB are allowed, it takes 400."""

from tests.attacks.attack import Attack, doing, gaining

MEGABYTES = 400
OVER = {"memory": 256 << 20, "seconds": 10.0, "lifted": "limits"}
TOOK = f"return ['{MEGABYTES} MB']"


def takes(name: str, wants: str, source: str, **options: object) -> Attack:
    return Attack(name, "resources", wants, source, **options)


def memory(name: str, kind: str, *lines: str, **options: object) -> Attack:
    return takes(
        name, f"the machine's memory: {kind}", doing(*lines), **{**OVER, "ends": ("refused", "memory"), **options}
    )


ATTACKS = (
    memory("fills memory by a list", "Python's own", "block = [[0] * (1 << 20) for _ in range(50)]", TOOK),
    memory("fills memory by tensors", "torch's", "block = [torch.ones(1 << 20) for _ in range(100)]", TOOK),
    memory(
        "fills memory by shared mappings",
        "shared, anonymous",
        "block = [mmap.mmap(-1, 1 << 24) for _ in range(25)]",
        "for part in block: part.write(b'x' * (1 << 24))",
        TOOK,
    ),
    memory(
        "fills memory by a file",
        "of the file system in memory",
        "parts = []",
        "for number in range(4):",
        "    file = open(f'm{number}', 'w+b')",
        "    file.truncate(100 << 20)",
        "    parts.append(mmap.mmap(file.fileno(), 100 << 20))",
        "    parts[-1].write(b'x' * (100 << 20))",
        TOOK,
        ends=("refused", "memory", "died"),
        lifted="process",
    ),
    takes(
        "fills memory in many processes",
        "each a little, all together too much",
        """
def attack():
    reading, writing = os.pipe()
    for _ in range(5):
        if os.fork() == 0:
            block = bytearray(b"x") * (80 << 20)
            os.write(writing, b"x")
            time.sleep(30)
            os._exit(0)
    count = 0
    while count < 5:
        count += len(os.read(reading, 5))
    time.sleep(1.5)
    return ["400 MB"]
""",
        **{**OVER, "ends": ("memory",)},
    ),
    takes(
        "fills memory after a fork",
        "pages that were shared, written by each child",
        """
def attack():
    block = bytearray(b"x") * (100 << 20)
    reading, writing = os.pipe()
    for _ in range(4):
        if os.fork() == 0:
            block[::4096] = b"y" * len(block[::4096])
            os.write(writing, b"x")
            time.sleep(30)
            os._exit(0)
    count = 0
    while count < 4:
        count += len(os.read(reading, 4))
    time.sleep(1.5)
    return ["500 MB"]
""",
        **{**OVER, "ends": ("memory",)},
    ),
    takes(
        "fills sockets and pipes",
        "the kernel's memory, which no process is charged for",
        """
def fill(descriptor):
    os.set_blocking(descriptor, False)
    total = 0
    try:
        while True:
            total += os.write(descriptor, bytes(1 << 12))
    except OSError:
        return total
def hoard():
    kept, total = [], 0
    try:
        while len(kept) < 110:
            kept.append(socket.socketpair())
            total += sum(fill(end.fileno()) for end in kept[-1])
    except OSError:
        pass
    return kept, total
def attack():
    reading, writing = os.pipe()
    for _ in range(12):
        if os.fork() == 0:
            kept, total = hoard()
            os.write(writing, struct.pack("<q", total))
            time.sleep(30)
            os._exit(0)
    total = 0
    for _ in range(12):
        total += struct.unpack("<q", os.read(reading, 8))[0]
        if total > 300 << 20:
            time.sleep(1.0)
            return [f"{total >> 20} MB"]
    return []
""",
        **{**OVER, "ends": ("returned", "memory")},
    ),
    takes(
        "uses memory that nobody counts",
        "memory without an owner: memfd, SysV, queues",
        gaining(
            "gains(memfd, *(lambda c=c: call(*c) for c in CALLS))",
            """
CALLS = [("shmget", 0, 1 << 28, 0o1666), ("msgget", 0, 0o1666), ("semget", 0, 1, 0o1666), ("mq_open", b"/q", 66, 0, 0)]
REMOVE = {"shmget": "shmctl", "msgget": "msgctl", "semget": "semctl"}
def memfd(): return os.memfd_create("m")
def call(name, *args):
    number = getattr(LIBC, name)(*args)
    if number >= 0 and name in REMOVE:
        getattr(LIBC, REMOVE[name])(number, 0, 0)
    return number >= 0 and name
""",
        ),
    ),
    takes(
        "asks for rare system calls",
        "kernel code that few have looked at",
        gaining(
            "gains(*(lambda n=n: LIBC.syscall(n, *CALLS[n]) >= 0 and n for n in CALLS))",
            """
CALLS = {425: (2, ctypes.create_string_buffer(120)), 323: (1,), 272: (0x20000,), 319: (b"x", 0), 298: (0, 0, -1, -1, 0),
         321: (0, ctypes.create_string_buffer(72), 72), 250: (0, -3, 0), 135: (0xFFFFFFFF,), 103: (10, 0, 0)}
""",
        ),
    ),
    takes(
        "fills the disk",
        "space",
        """
def attack():
    for number in range(5):
        with open(f"f{number}", "wb") as file:
            for _ in range(20):
                file.write(b"x" * (1 << 20))
    time.sleep(1)
    return ["100 MB on the disk"]
""",
        ends=("refused", "died"),
        lifted="process",
    ),
    takes(
        "makes a sparse file",
        "a file of a terabyte",
        gaining("gains(lambda: os.truncate(os.open('s', os.O_CREAT | os.O_RDWR), 1 << 40) or '1 TB')"),
        lifted="process",
    ),
    takes(
        "makes files without end",
        "inodes",
        """
def attack():
    for number in range(9000):
        os.close(os.open(f"f{number}", os.O_CREAT | os.O_WRONLY))
        if number % 1000 == 999:
            time.sleep(0.15)
    return [f"{number} files"]
""",
        ends=("refused", "died"),
        lifted="process",
        seconds=8.0,
    ),
    takes(
        "opens descriptors without end",
        "the machine's table of files",
        gaining(
            "[f'{len(found)} open'] if len(found := gains(*[lambda: os.dup(1)] * 2000)) > 1000 else []",
            """
import resource
if not WALLED:
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
""",
        ),
    ),
    takes(
        "lends pages to a pipe",
        "memory that nobody is charged for: a pipe keeps them when they are given back",
        gaining(
            "gains(lend)",
            """
def lend():
    reading, writing = os.pipe()
    page = ctypes.create_string_buffer(4096)
    return LIBC.vmsplice(writing, (ctypes.c_void_p * 2)(ctypes.addressof(page), 4096), ctypes.c_size_t(1), 0) > 0
""",
        ),
    ),
    takes(
        "lets its children vanish",
        "CPU seconds of processes that ended and were never waited for, in nobody's account",
        gaining("gains(lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN) is not None)"),
    ),
    takes(
        "floods its output",
        "the grader's memory, by print",
        doing(
            "for _ in range(200):",
            "    print('x' * 100_000)",
            "    print('x' * 100_000, file=sys.stderr)",
            "    os.write(1, b'x' * 100_000)",
        ),
        asks="talk",
        lifted="process",
    ),
    takes(
        "raises a huge message",
        "the grader's memory and record",
        doing("raise ValueError('x' * (50 << 20))"),
        asks="talk",
        lifted="process",
    ),
    takes(
        "returns a huge tensor",
        "the grader's memory",
        doing("return torch.ones(1 << 26)"),
        ends=("refused",),
        asks="tensor by size",
        lifted="process",
        memory=1 << 30,
    ),
    takes(
        "returns a million entries",
        "the grader's time and memory",
        doing("return {n: [n] for n in range(1 << 17)}"),
        ends=("refused",),
        asks="tensor by size",
        lifted="process",
        memory=1 << 30,
        seconds=20.0,
    ),
)
