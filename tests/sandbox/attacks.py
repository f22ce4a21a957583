"""What a hostile notebook tries: each attack is a cell that defines `attack()`, and how calling it must end.

Ends: "nothing" (it returns the list of what it gained: none), "refused" (StudentRaised), "timeout", "memory", "died",
"lied" (the WorkerGone of that kind), "gone" (any of these), "any" (whatever a test expects of a submission).
`$name` is filled in by the test: things planted outside, which the attack is told about to make it easy for it.
"""

from dataclasses import dataclass
from typing import Literal

PRELUDE = '''
import ctypes, errno, gc, mmap, os, signal, socket, stat, struct, subprocess, sys, threading, time
from pathlib import Path
import torch

LIBC = ctypes.CDLL(None, use_errno=True)

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

def change(path):
    def attempt():
        with open(path, "ab") as file:
            file.write(b"changed")
        return path
    return attempt

def data_socket():
    return next(fd for fd in range(3, 256) if is_socket(fd))

def send(data, then=60):
    os.write(data_socket(), data)
    time.sleep(then)

def is_socket(fd):
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False

def f(x=0):
    return x + 1
'''


End = Literal["nothing", "refused", "timeout", "memory", "died", "lied", "gone", "any"]


@dataclass(frozen=True)
class Attack:
    """A cell, how calling its `attack()` must end, and what it is allowed for it."""

    name: str
    source: str
    end: End
    seconds: float = 3.0


def returning(name: str, expression: str, before: str = "", seconds: float = 3.0) -> Attack:
    """An attack in one expression that lists what it gained."""
    return Attack(name, f"{before}\ndef attack():\n    return {expression}\n", "nothing", seconds)


def ending(name: str, end: End, *body: str, seconds: float = 2.0) -> Attack:
    """An attack of several lines that ends like that."""
    return Attack(name, "def attack():\n" + "".join(f"    {line}\n" for line in body), end, seconds)


SEARCH = """
def search(secret):
    seen = []
    for top, folders, files in os.walk("/"):
        folders[:] = [f for f in folders if os.path.join(top, f) not in ("/opt/site", "/opt/python", "/usr", "/dev")]
        for name in files:
            try:
                with open(os.path.join(top, name), "rb") as file:
                    if secret in file.read(1 << 16):
                        seen.append(os.path.join(top, name))
            except OSError:
                continue
    return seen
"""

SCAN = '''
def scan(secret):
    """Own memory: all objects, the environment, and the heap, page by page (a write of an unmapped page fails)."""
    found = [type(x).__name__ for x in gc.get_objects() if isinstance(x, (str, bytes)) and secret in str(x)]
    found += [key for key, value in os.environ.items() if secret in value]
    reading, writing = os.pipe()
    LIBC.sbrk.restype = ctypes.c_void_p
    page = LIBC.sbrk(ctypes.c_long(0)) & ~4095
    for _ in range(1 << 15):
        page -= 4096
        if LIBC.write(writing, ctypes.c_void_p(page), ctypes.c_size_t(4096)) != 4096:
            break
        if secret.encode() in os.read(reading, 4096):
            found.append(hex(page))
    return found

def scan_others(secret):
    found = []
    for pid in range(1, 200):
        for part in ("environ", "mem", "maps", "cmdline", "fd"):
            found += gains(read(f"/proc/{pid}/{part}"))
    return found

def read_other(pid):
    block = ctypes.create_string_buffer(8)
    ours = (ctypes.c_void_p * 2)(ctypes.addressof(block), 8)
    theirs = (ctypes.c_void_p * 2)(id(block), 8)
    return LIBC.process_vm_readv(pid, ours, 1, theirs, 1, 0) > 0
'''

DAEMON = '''
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
'''

ATTACKS = (
    # Files
    returning("reads what is hidden", 'gains(read("$hidden"), read("$project"), *map(read, PRIVATE))',
              'PRIVATE = ["/etc/passwd", "/etc/shadow", "/etc/hostname", "/root/.bashrc", "/proc/self/environ"]'),
    returning("searches all it can read", 'search("$secret"[::-1].encode())', SEARCH, 8.0),
    returning("looks at others' work", 'gains(*(lambda p=p: os.listdir(p) for p in PLACES))',
              'OTHERS = {f"/scratch/{n:03}/worker" for n in range(9)} - {os.environ["HOME"]}\n'
              'PLACES = ["$folder", "/scratch", "/scratch/000", *OTHERS, "/proc/1/cwd", "/proc/1/root", "/home"]'),
    returning("changes what is not its own",
              'gains(*map(change, [*OWN, "$results", "/course/tiny/course.py", "/etc/ld.so.preload", "/x"]))',
              'OWN = [sys.modules["worker.agent"].__file__, torch.__file__, sys.executable, "course.py", os.__file__]'),
    returning("replaces what is not its own", 'gains(*(lambda p=p: os.rename(p, p + "x") or p for p in OWN), *MORE)',
              'OWN = [sys.modules["worker.agent"].__file__, torch.__file__, "/course/tiny", "$results", "$folder"]\n'
              'MORE = [lambda: os.chmod("$results", 0) or 1, lambda: os.link("$results", "l") or 1, '
              'lambda: os.mkdir("/x") or 1, lambda: os.truncate("$results", 0) or 1, '
              'lambda: os.chmod(OWN[0], 0) or 1]'),
    returning("mounts and leaves its root",
              'gains(*(lambda c=c: getattr(LIBC, c[0])(*c[1:]) == 0 for c in CALLS))',
              'CALLS = [("chroot", b"."), ("unshare", 0x10000000), ("unshare", 0x20000), ("umount2", b"/tmp", 2),'
              '("mount", b"none", b"/tmp", b"tmpfs", 0, b""), ("mount", b"/", b"/", None, 4096 | 32, None)]'),
    # memory of others
    returning("scans its memory for secrets", 'scan("$secret"[::-1])', SCAN, 8.0),
    returning("scans other processes", 'scan_others("$secret"[::-1])', SCAN, 8.0),
    returning("traces other processes",
              'gains(*(lambda p=p: LIBC.ptrace(16, p, 0, 0) == 0 or read_other(p) for p in range(1, 60)))', SCAN),
    # the network
    returning("connects", 'gains(tcp, udp, dns, path, abstract, raw)', '''
def tcp(): return socket.create_connection(("127.0.0.1", $port), timeout=1)
def udp(): return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"out", ("127.0.0.1", $port))
def dns(): return socket.getaddrinfo("localhost.example.org", 80)
def path(): return socket.socket(socket.AF_UNIX).connect("$folder/listener") or "path"
def abstract(): return socket.socket(socket.AF_UNIX).connect("\\0$abstract") or "abstract"
def raw(): return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)
'''),
    # signals and limits of others
    ending("kills everything", "gone", "for pid in (-1, os.getppid(), 0, *range(2, 60)):", "    for number in (9, 19):",
           "        try:", "            os.kill(pid, number)", "        except OSError:", "            continue",
           "os._exit(0)"),
    returning("lowers others' limits", 'gains(*(lambda p=p: lower(p) for p in OTHERS if p > 0))', '''
import resource
OTHERS = [p for p in [os.getppid(), *range(1, 60)] if p != os.getpid()]
def lower(pid):
    resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1))
    return pid
'''),
    returning("raises its own limits", 'gains(*(lambda n=n: higher(n) for n in LIMITS))', '''
import resource
LIMITS = [resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_NPROC, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE]
def higher(name):
    soft, hard = resource.getrlimit(name)
    resource.setrlimit(name, (soft + (1 << 20), hard + (1 << 20)))
    return name
'''),
    returning("starts programs", 'gains(*(lambda p=p: subprocess.run([p, "-c", "0"]) for p in PROGRAMS), own)', '''
PROGRAMS = [sys.executable, "/bin/sh", "/usr/bin/dash", "/usr/bin/setpriv", "/lib64/ld-linux-x86-64.so.2"]
def own():
    Path("program").write_bytes(b"#!/opt/python/bin/python3")
    os.chmod("program", 0o755)
    return os.execv("program", ["program"])
'''),
    # processes
    Attack("forks without end", '''
def attack():
    count = 0
    try:
        while True:
            if os.fork() == 0:
                while True:
                    time.sleep(0.01)
            count += 1
    except OSError:
        return [] if count <= 32 else [count]
''', "nothing"),
    Attack("forks in every child", '''
def attack():
    while True:
        try:
            os.fork()
        except OSError:
            pass
''', "gone", 1.0),
    Attack("is a comet", DAEMON + '''
def fly():
    """Each process ends as soon as it has forked the next: its number is always old."""
    while True:
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            pass
def attack():
    daemonize(fly)
    return []
''', "nothing"),
    Attack("starts threads without end", '''
def attack():
    threads = []
    try:
        while True:
            threads.append(threading.Thread(target=time.sleep, args=(60,), daemon=True))
            threads[-1].start()
    except RuntimeError:
        return [] if len(threads) <= 64 else [len(threads)]
''', "nothing"),
    Attack("leaves a daemon", DAEMON + '''
def attack():
    daemonize(lambda: time.sleep(600))
    os._exit(0)
''', "died"),
    Attack("burns time in children of a thread", '''
def burn():
    if os.fork() == 0:
        while True:
            pass
def attack():
    for _ in range(3):
        thread = threading.Thread(target=burn)
        thread.start()
        thread.join()
    time.sleep(60)
''', "timeout", 0.5),
    # memory
    ending("fills memory by a list", "refused", "block = []", "while True:", "    block.append([0] * (1 << 20))"),
    ending("fills memory by tensors", "refused", "block = []", "while True:", "    block.append(torch.ones(1 << 22))"),
    ending("fills memory by one tensor", "refused", "return torch.ones(1 << 40)"),
    ending("fills memory by shared mappings", "refused", "block = []", "while True:",
           "    block.append(mmap.mmap(-1, 1 << 26))", "    block[-1].write(b'x' * (1 << 26))"),
    Attack("fills memory in many processes", '''
def attack():
    for _ in range(8):
        if os.fork() == 0:
            block = bytearray(b"x") * (200 << 20)
            time.sleep(60)
    time.sleep(60)
''', "memory", seconds=20.0),  # a busy machine takes its time to give so much
    returning("uses memory that nobody counts", 'gains(memfd, *(lambda c=c: call(*c) for c in CALLS))', '''
CALLS = [("shmget", 0, 1 << 28, 0o1666), ("msgget", 0, 0o1666), ("semget", 0, 1, 0o1666), ("mq_open", b"/q", 66, 0, 0)]
def memfd(): return os.memfd_create("m")
def call(name, *args): return getattr(LIBC, name)(*args) >= 0
'''),
    # files without end
    Attack("fills the disk", '''
def attack():
    for number in range(100):
        with open(f"f{number}", "wb") as file:
            for _ in range(60):
                file.write(b"x" * (1 << 20))
    return [number]
''', "refused"),
    Attack("makes files without end", '''
def attack():
    for number in range(10_000_000):
        os.close(os.open(f"f{number}", os.O_CREAT | os.O_WRONLY))
        if number % 5000 == 4999:
            time.sleep(0.2)
    return [number]
''', "any", 8.0),
    Attack("nests folders without end", '''
def attack():
    for number in range(3000):
        os.mkdir("d")
        os.chdir("d")
    os.chmod("..", 0)
    return []
''', "nothing"),
    # time
    ending("loops", "timeout", "while True: pass", seconds=0.5),
    ending("sleeps", "timeout", "LIBC.sleep(600)", seconds=0.5),
    ending("is deaf", "timeout", "for number in range(1, 65):", "    try: signal.signal(number, signal.SIG_IGN)",
           "    except (OSError, ValueError): pass", "while True:", "    try:", "        while True: pass",
           "    except BaseException: pass", seconds=0.5),
    ending("loops in C", "timeout", "9 ** (9 ** 9)", seconds=0.5),
    ending("loops while it is forgotten", "timeout", "class Sticky:", "    def __del__(self):",
           "        while True: pass", "Sticky()", seconds=0.5),
    ending("stops", "timeout", "os.kill(os.getpid(), signal.SIGSTOP); time.sleep(600)", seconds=0.5),
    # ends
    ending("leaves", "died", "os._exit(0)"),
    ending("crashes", "died", "ctypes.string_at(1)"),
    ending("aborts", "died", "os.abort()"),
    ending("ends by an unnamed signal", "died", "signal.signal(40, signal.SIG_DFL)", "os.kill(os.getpid(), 40)",
           "os._exit(7)"),
    ending("closes all descriptors", "died", "os.closerange(0, 256)", "return 1"),
    ending("raises what nobody catches", "refused", "class Mine(BaseException): pass", "raise Mine"),
    ending("exhausts the stack", "any", "sys.setrecursionlimit(1 << 30)", "attack()"),
    # replies
    ending("floods its output", "timeout", "while True: print('x' * 100_000)", seconds=0.5),
    ending("sends garbage", "lied", "send(os.urandom(4096))"),
    ending("announces too much text", "lied", "send(struct.pack('<II', 0xFFFFFFFF, 0))"),
    ending("announces too many tensors", "lied", "send(struct.pack('<II', 1, 0xFFFFFFFF))"),
    ending("announces too large a tensor", "lied", "send(struct.pack('<IIQ', 1, 1, 1 << 62))"),
    ending("announces and stays silent", "timeout", "send(struct.pack('<IIQ', 1, 1, 1 << 20), 600)", seconds=0.3),
    ending("answers byte by byte", "timeout", "send(struct.pack('<IIQ', 9, 1, 1 << 20), 0)",
           "while True: send(b'x', 0.02)", seconds=0.3),
    ending("answers too deep", "lied", "send(struct.pack('<II', 500_000, 0) + b'\\x91' * 500_000)"),
    ending("answers another question", "lied", "wire = sys.modules['worker.protocol']",
           "send(wire.encode_frame(wire.Reply(999, wire.Done(1)), [])[0])"),
    Attack("puts another agent in its place", '''
def attack():
    if os.fork():
        os._exit(0)
    protocol, number = sys.modules["worker.protocol"], 0
    frame = sys._getframe()
    while frame:
        number = getattr(frame.f_locals.get("message"), "number", number)
        frame = frame.f_back
    time.sleep(0.3)
    os.write(data_socket(), protocol.encode_frame(protocol.Reply(number, protocol.Done(1)), [])[0])
    time.sleep(60)
''', "died"),
)  # fmt: skip
