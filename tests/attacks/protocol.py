"""Protocol: garbage, lies, floods, replays, and other answers than those to the question."""

from tests.attacks.attack import Attack, doing

FRAME = '''
def frame(meta, *blobs):
    lengths = b"".join(struct.pack("<Q", len(blob)) for blob in blobs)
    return struct.pack("<II", len(meta), len(blobs)) + lengths + meta + b"".join(blobs)
def reply(value, *blobs, kind=b"done", number=None):
    """A frame of MessagePack by hand: {"number": …, "result": {"type": kind, "value": value}}."""
    number = asked() if number is None else number
    meta = b"\\x82\\xa6number\\xcd" + struct.pack(">H", number) + b"\\xa6result\\x82\\xa4type\\xa4" + kind
    return frame(meta + b"\\xa5value" + value, *blobs)
def listed(text):
    return sys.modules["worker.values"].ListValue((text,))
def tensor(dtype, shape, blob):
    packed = b"".join(b"\\xd3" + struct.pack(">q", size) for size in shape)
    head = b"\\x84\\xa4type\\xa6tensor\\xa5dtype" + bytes([0xa0 + len(dtype)]) + dtype.encode()
    return head + b"\\xa5shape" + bytes([0x90 + len(shape)]) + packed + b"\\xa4blob\\xd3" + struct.pack(">q", blob)
'''


def says(name: str, wants: str, *lines: str, before: str = "", **options: object) -> Attack:
    options = {"ends": ("lied",), "lifted": "messages", **options}
    return Attack(name, "protocol", wants, FRAME + before + doing(*lines), **options)


CRASH = "a grader that fails on what it reads"
ROOM = "a grader that sets aside as much memory as is announced"

ATTACKS = (
    says("sends garbage", CRASH, "send(frame(os.urandom(4096)))"),
    says("announces too much text", ROOM, "send(struct.pack('<II', 0xFFFFFFFF, 0))"),
    says("announces too many tensors", ROOM, "send(struct.pack('<II', 1, 0xFFFFFFFF))"),
    says("announces too large a tensor", ROOM, "send(struct.pack('<IIQ', 1, 1, 1 << 62))"),
    says("announces lengths that overflow", ROOM, "send(struct.pack('<IIQQ', 1, 2, (1 << 64) - 1, 2))"),
    says("nests its answer too deep", CRASH, "send(frame(b'\\x91' * 500_000))"),
    says("sends text that is none", CRASH, "send(reply(b'\\xa4\\xff\\xfe\\xfd\\xfc'))"),
    says("sends types that are none", CRASH, "send(reply(b'\\xc7\\x04\\x63abcd'))"),
    says(
        "sends half an answer",
        CRASH,
        "os.write(data_socket(), struct.pack('<II', 100, 0))",
        "os._exit(0)",
        ends=("died",),
    ),
    says("closes the line", CRASH, "os.close(data_socket())", "return 1", ends=("died",)),
    says(
        "announces and stays silent",
        "a grader that waits",
        "whole = forged(asked(), listed('it waited'))",
        "send(whole[:8], 3)",
        "send(whole[8:])",
        ends=("timeout",),
        lifted="limits",
        seconds=0.3,
    ),
    says(
        "answers byte by byte",
        "a grader that waits",
        "whole = forged(asked(), listed('it waited'))",
        "for n in range(len(whole)):",
        "    send(whole[n:n + 1], 0.08)",
        ends=("timeout",),
        lifted="limits",
        seconds=0.3,
    ),
    says("answers another question", "its answer taken for a later one", "send(forged(999, listed('believed')))"),
    says(
        "answers the next question in advance",
        "its answer taken for the next one",
        "wire = sys.modules['worker.protocol']",
        "os.write(data_socket(), forged(asked(), None))",
        "os.write(data_socket(), forged(asked() + 1, 666))",
        "time.sleep(1)",
        "os._exit(0)",
        asks="late replies",
    ),
    says(
        "answers twice",
        "its answer taken for the next one",
        "os.write(data_socket(), forged(asked(), None))",
        "return ['again']",
        asks="replies",
    ),
    says(
        "leaves an answer for later",
        "a late answer taken for the next question's",
        "number = asked()",
        "def later():",
        "    time.sleep(0.3)",
        "    os.write(data_socket(), forged(number + 1, 666))",
        "threading.Thread(target=later).start()",
        "return None",
        asks="late replies",
    ),
    says(
        "floods the line",
        "a grader that is never done",
        "os.set_blocking(data_socket(), True)",
        "os.write(data_socket(), forged(asked(), None))",
        "while True: os.write(data_socket(), forged(asked() + 1, 666) * 100)",
        asks="late replies",
    ),
    says(
        "sends a pickle",
        "code that runs in the grader",
        "send(frame(pickle.dumps(Runs())))",
        before="import pickle\nclass Runs:\n    def __reduce__(self):\n"
        "        return exec, (\"open('$results', 'a').write('pickled')\",)\n",
    ),
    Attack(
        "returns an object that runs when unpickled",
        "protocol",
        "code that runs in the grader",
        "class Runs:\n    def __reduce__(self):\n        return exec, (\"open('$results', 'a').write('pickled')\",)\n"
        + doing("return Runs()"),
        ends=("wrong",),
        asks="pickle",
        lifted="process",
    ),
    says(
        "puts another agent in its place",
        "answers of a child, when its process has ended",
        "if os.fork():",
        "    os._exit(0)",
        "time.sleep(0.3)",
        "return ['another process answered']",
        ends=("died",),
        lifted="process",
    ),
    says(
        "forges a handle",
        "an object of the grader's instead of a value",
        "send(reply(b'\\x82\\xa4type\\xa3ref\\xa6handle\\x01'))",
        ends=("wrong",),
        asks="tensor",
    ),
    says(
        "claims a shape without bytes",
        CRASH,
        "send(reply(tensor('float32', [1 << 39], 0), b'abcd'))",
        asks="tensor by size",
        ends=("wrong",),
    ),
    says(
        "claims a negative shape",
        CRASH,
        "send(reply(tensor('float32', [-1], 0), b'abcd'))",
        asks="tensor by size",
        ends=("wrong",),
    ),
    says(
        "claims a type that is none",
        CRASH,
        "send(reply(tensor('device', [1], 0), b'abcd'))",
        asks="tensor by size",
        ends=("wrong",),
    ),
    says(
        "names bytes that were not sent",
        CRASH,
        "send(reply(tensor('float32', [1], 77), b'abcd'))",
        asks="tensor by size",
        ends=("wrong",),
    ),
    Attack(
        "blames the grader",
        "protocol",
        "an exception taken for the grader's own",
        "class SandboxLost(BaseException):\n    pass\n" + doing("raise SandboxLost('try again')"),
        ends=("refused",),
        asks="blamed",
        lifted="process",
    ),
    Attack(
        "claims a verdict",
        "protocol",
        "points that are only claimed",
        doing("return {'passed': True, 'score': 1e9, 'type': 'done'}"),
        ends=("wrong",),
        asks="tensor by its claim",
        lifted="process",
    ),
)
