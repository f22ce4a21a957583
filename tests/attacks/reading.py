"""Reading: hidden tests, references, others' work, the memory of others."""

from tests.attacks.attack import Attack, gaining

SEARCH = """
def search(secret, places):
    seen = []
    for place in places:
        for top, folders, files in os.walk(place):
            libraries = ("/opt/site", "/opt/python", "/usr", "/dev")
            folders[:] = [f for f in folders if os.path.join(top, f) not in libraries]
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
    found += [name for module in list(sys.modules.values()) for name, value in vars(module).copy().items()
              if type(value) is str and secret == value]
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
'''

FRAMES = """
def frames():
    frame, found = sys._getframe(), []
    while frame is not None:
        found += [name for name in ("want", "expected", "reference", "rng") if name in frame.f_locals]
        frame = frame.f_back
    return found
"""

OTHERS = """
PROCESSES = [$other, os.getppid(), *range(1, 80)] if WALLED else [$other]
PROCESSES = [process for process in PROCESSES if process != os.getpid()]
def read_memory(process):
    block = ctypes.create_string_buffer(8)
    ours = (ctypes.c_void_p * 2)(ctypes.addressof(block), 8)
    theirs = (ctypes.c_void_p * 2)($address, 8)
    return LIBC.process_vm_readv(process, ours, 1, theirs, 1, 0) > 0
def trace(process):
    return LIBC.ptrace(0x4206, process, None, None) == 0
def take_descriptor(process):
    return LIBC.syscall(438, os.pidfd_open(process), 0, 0) >= 0
"""

HANDLES = """
def open_by_handle():
    class Handle(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint), ("kind", ctypes.c_int), ("bytes", ctypes.c_char * 128))
    handle, mount = Handle(128), ctypes.c_int()
    if LIBC.name_to_handle_at(-100, b"$hidden", ctypes.byref(handle), ctypes.byref(mount), 0):
        return None
    root = os.open("/", os.O_RDONLY)
    descriptor = LIBC.open_by_handle_at(root, ctypes.byref(handle), os.O_RDONLY)
    return handle.size and (descriptor < 0 or os.read(descriptor, 40))
"""


def reads(name: str, wants: str, source: str, **options: object) -> Attack:
    return Attack(name, "reading", wants, source, **options)


ATTACKS = (
    reads(
        "opens the hidden tests",
        "their source",
        gaining(
            'gains(read("$hidden"), *map(read, MORE))',
            """
MORE = ["$project/pyproject.toml", "/proc/1/root$hidden", "/proc/self/root$hidden"] if WALLED else []
""",
        ),
    ),
    reads(
        "opens the system's files",
        "accounts, hosts, keys",
        gaining(
            "gains(*map(read, PRIVATE))",
            """
PRIVATE = ["/etc/passwd"]
if WALLED:
    PRIVATE += ["/etc/shadow", "/etc/hostname", "/root/.bashrc", "/proc/self/environ", "/proc/1/environ", "/dev/mem"]
    PRIVATE += ["/proc/kcore", "/proc/kallsyms", "/sys/kernel/notes", "/var/log/syslog", "/run/utmp"]
""",
        ),
    ),
    reads(
        "reads hidden tests through a link",
        "their source, by a name of its own",
        gaining(
            "gains(by_symlink, by_hard_link, by_rename)",
            """
def by_symlink():
    os.symlink("$hidden", "s")
    return read("s")()
def by_hard_link():
    os.link("$hidden", "$folder/mei/l" if not WALLED else "l")
    return read("l")()
def by_rename():
    return WALLED and (os.rename("$folder", "r") or read("r/test_hidden.py")())
""",
        ),
    ),
    reads(
        "imports the reference",
        "its functions",
        gaining(
            "gains(lambda: __import__('autograder.suites.vanilla_gan.reference'))",
            """
sys.path += ["$project"]
""",
        ),
    ),
    reads(
        "searches all it can read",
        "any file with the secret in it",
        gaining('search("$secret"[::-1].encode(), ["/"] if WALLED else ["$folder"])', SEARCH),
        seconds=12.0,
    ),
    reads(
        "lists others' folders",
        "names and work of others",
        gaining(
            "gains(*(lambda p=p: os.listdir(p) for p in PLACES))",
            """
OTHERS = {f"/scratch/{n:03}/worker" for n in range(9)} - {os.environ["HOME"]}
PLACES = ["$folder", "$folder/mei"]
if WALLED:
    PLACES += ["/scratch", "/scratch/000", "/home", "/proc/1/cwd", "/proc/1/root", "/proc/1/fd", *OTHERS]
    PLACES += [str(Path(os.environ["HOME"]).parent)] if os.environ["HOME"] != "/tmp" else []
""",
        ),
    ),
    reads(
        "asks about hidden files",
        "whether they are there, how large and how old",
        gaining('gains(lambda: os.stat("$hidden").st_size)'),
        passes={
            "landlock": "Landlock does not guard `stat`: names, sizes and times of files can be asked for, "
            "their content cannot"
        },
    ),
    reads(
        "watches others' folders",
        "what others do, as they do it",
        gaining(
            "gains(watch)",
            """
def watch():
    line = LIBC.inotify_init1(0)
    return line >= 0 and LIBC.inotify_add_watch(line, b"$folder", 0xFFF) >= 0
""",
        ),
    ),
    reads(
        "scans its own memory",
        "what the grader left there: inputs, salt, references",
        gaining('scan("$secret"[::-1])', SCAN),
        lifted="process",
        seconds=8.0,
    ),
    reads(
        "walks the frames above it",
        "the wanted value, a local name of the caller",
        "def attack():\n    return frames()\n" + FRAMES,
        asks="gains in a test",
        lifted="process",
    ),
    reads(
        "reads the environment",
        "the salt of the hidden inputs",
        gaining('[name for name in os.environ if "SALT" in name or "TOKEN" in name]'),
        lifted="process",
    ),
    reads(
        "reads other processes in /proc",
        "secrets in their environment and memory",
        gaining(
            'gains(*(read(f"/proc/{p}/{part}") for p in PROCESSES for part in PARTS))',
            OTHERS
            + """
PARTS = ["environ", "cmdline", "maps", "root$hidden", "fd/$descriptor"]
""",
        ),
    ),
    reads(
        "reads the memory of others",
        "secrets, by process_vm_readv",
        gaining("gains(*(lambda p=p: read_memory(p) for p in PROCESSES))", OTHERS),
    ),
    reads(
        "traces others",
        "their memory and registers, by ptrace",
        gaining("gains(*(lambda p=p: trace(p) for p in PROCESSES))", OTHERS),
    ),
    reads(
        "takes descriptors of others",
        "their open files, by pidfd_getfd",
        gaining("gains(*(lambda p=p: take_descriptor(p) for p in PROCESSES))", OTHERS),
    ),
    reads(
        "counts the processes around it",
        "who else is graded",
        gaining(
            '["$other"] if WALLED and os.path.exists("/proc/$other") or not WALLED and os.listdir("/proc") else []'
        ),
        passes={"landlock": "no process table of its own: which process numbers are taken can be asked for"},
    ),
    reads(
        "opens a file by its handle",
        "a file of another mount, past every path",
        gaining("gains(open_by_handle)", HANDLES),
    ),
    reads(
        "asks for the kernel's keys",
        "keys of the user",
        gaining(
            "gains(keys)",
            """
def keys():
    return LIBC.syscall(248, b"user", b"attack", b"x", ctypes.c_size_t(1), -2) > 0
""",
        ),
    ),
)
