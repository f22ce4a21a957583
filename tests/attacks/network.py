"""Network: out, in, and to the machine's own services."""

from tests.attacks.attack import Attack, gaining


def connects(name: str, wants: str, expression: str, before: str = "", **options: object) -> Attack:
    return Attack(name, "network", wants, gaining(f"gains({expression})", before), **options)


ATTACKS = (
    connects(
        "connects by TCP",
        "a way out for hidden inputs",
        "four, six",
        """
def four(): return socket.create_connection(("127.0.0.1", $port), timeout=1)
def six(): return WALLED and socket.create_connection(("::1", $port), timeout=1)
""",
    ),
    connects(
        "sends datagrams",
        "a way out",
        "udp",
        """
def udp(): return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"out", ("127.0.0.1", $port))
""",
    ),
    connects(
        "looks up names",
        "a way out, by DNS",
        "look_up",
        """
def look_up(): return socket.getaddrinfo("localhost", $port)[0][4] and socket.socket()
""",
    ),
    connects(
        "downloads",
        "a solution",
        "download, connect",
        """
import http.client, urllib.request
def download(): return WALLED and urllib.request.urlopen("http://127.0.0.1:$port", timeout=0.3)
def connect(): return http.client.HTTPConnection("127.0.0.1", $port, timeout=0.3).connect() or 1
""",
    ),
    connects(
        "connects to a socket file",
        "a service of this machine",
        "path",
        """
def path(): return socket.socket(socket.AF_UNIX).connect("$folder/listener") or "connected"
""",
    ),
    connects(
        "connects to an abstract socket",
        "a service of this machine, past every file",
        "abstract",
        """
def abstract(): return socket.socket(socket.AF_UNIX).connect("\\0$abstract") or "connected"
""",
    ),
    connects(
        "listens",
        "others that come to it",
        "tcp, path",
        """
def tcp(): return socket.create_server(("127.0.0.1", 0))
def path():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("\\0attack-$dropped")
    return listener
""",
    ),
    connects(
        "speaks to the kernel's network",
        "interfaces, packets, routes",
        "netlink, packet, raw",
        """
def netlink(): return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)
def packet(): return socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
def raw(): return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
""",
    ),
    Attack(
        "calls the kernel in 32 bits",
        "network",
        "a socket, past a filter of 64-bit calls",
        '''
def attack():
    """socket(AF_INET, SOCK_STREAM, 0) by int 0x80; it needs an x86 processor."""
    code = mmap.mmap(-1, 4096, prot=7)
    code.write(bytes.fromhex("53b867010000bb02000000b90100000031d2cd805bc3"))
    return gains(lambda: max(0, ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()))
''',
        ends=("died",),
    ),
    connects(
        "opens sockets by io_uring",
        "a socket, past a filter of socket calls",
        "ring",
        """
def ring():
    return LIBC.syscall(425, 4, ctypes.create_string_buffer(120)) >= 0
""",
    ),
)
