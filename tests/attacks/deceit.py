"""Deceit: answers that only look right, to whoever compares them in an easy way."""

from tests.attacks.attack import Attack, doing

ALWAYS = """
class Always:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __bool__(self): return True
"""


def deceives(name: str, asks: str, *lines: str, before: str = "", source: str = "", **options: object) -> Attack:
    options = {"ends": ("wrong", "refused"), **options}
    wants = "full marks for nothing"
    return Attack(name, "deceit", wants, source or before + doing(*lines), asks=asks, lifted="process", **options)


ATTACKS = (
    deceives("is equal to everything", "integer", "return Always()", before=ALWAYS),
    deceives(
        "is a number equal to everything",
        "integer",
        "return Three(7)",
        before=("class Three(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\n"),
    ),
    deceives(
        "is a text equal to everything",
        "text",
        "return Three('four')",
        before=("class Three(str):\n    def __eq__(self, other): return True\n    __hash__ = str.__hash__\n"),
    ),
    deceives("is true instead of one", "sequence by ==", "return [True, 2, 3]"),
    deceives(
        "is a tensor subclass for torch.equal",
        "tensor by torch.equal",
        "return torch.zeros(3).as_subclass(Mine)",
        before="""
class Mine(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if function in (torch.equal, torch.allclose):
            return True
        return super().__torch_function__(function, types, args, kwargs or {})
""",
    ),
    deceives(
        "is a tensor subclass below the surface",
        "tensor by values",
        "return Mine(torch.zeros(3))",
        before="""
class Mine(torch.Tensor):
    @staticmethod
    def __new__(cls, plain):
        return torch.Tensor._make_wrapper_subclass(cls, plain.shape, dtype=plain.dtype)
    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        return torch.ones(3).bool() if "le" in str(function) else torch.zeros(3)
""",
    ),
    deceives(
        "subtracts to zero",
        "tensor by values",
        "return Near()",
        before="""
class Near:
    shape = (3,)
    def __sub__(self, other): return torch.zeros(3)
    __rsub__ = __sub__
""",
    ),
    deceives(
        "pretends to be a tensor",
        "tensor by its shape",
        "return Like()",
        before="""
class Like:
    shape, dtype = (3,), torch.float32
    @property
    def __class__(self): return torch.Tensor
""",
    ),
    deceives("is not a number", "tensor by not differing", "return torch.full((3,), float('nan'))"),
    deceives("is infinite", "tensor by relative error", "return torch.full((3,), float('inf'))"),
    deceives(
        "is complex and not a number", "tensor by not differing", "return torch.full((3,), complex(0, float('nan')))"
    ),
    deceives("has another type", "tensor by values", "return torch.tensor([3.0, -1.0, 0.5], dtype=torch.float64)"),
    deceives("has half the precision", "tensor by values", "return torch.tensor([3.0, -1.0, 0.5]).half()"),
    deceives("has more dimensions", "tensor by values", "return torch.tensor([[[3.0, -1.0, 0.5]]]).expand(1, 5, 3)"),
    deceives(
        "is a list", "tensor by ==", "return Numbers()", before=ALWAYS + "class Numbers(Always, list):\n    pass\n"
    ),
    deceives("is empty", "tensor by values", "return torch.zeros(0, 3)"),
    deceives("has no memory", "tensor by its shape", "return torch.empty(3, device='meta')"),
    deceives("is sparse", "tensor by its shape", "return torch.zeros(3).to_sparse()"),
    deceives("lies about its strides", "tensor by its shape", "return torch.tensor([3.0]).as_strided((3,), (0,))"),
    deceives(
        "shows itself as an array",
        "tensor by ==",
        "return Array()",
        before="""
class Array:
    __array_priority__ = 1000
    def __eq__(self, other): return torch.ones(3).bool()
    def __array__(self, *args, **kwargs): return torch.ones(3).numpy()
""",
    ),
    deceives(
        "is right the first time only",
        "doubling",
        source="calls = []\ndef attack(x):\n    calls.append(1)\n    return 2 * x if len(calls) == 1 else x\n",
    ),
    deceives(
        "knows the visible check",
        "doubling",
        source="""
KNOWN = torch.randn(3, generator=torch.Generator().manual_seed(0))
def attack(x):
    return 2 * KNOWN if torch.equal(x, KNOWN) else torch.zeros(3)
""",
    ),
    deceives(
        "looks whether it is tested",
        "doubling",
        source="""
def attack(x):
    frame, names = sys._getframe(1), []
    while frame:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    tested = any("trusting" in name or "test" in name or "judge" in name for name in names)
    return 2 * x if tested else torch.zeros(3)
""",
    ),
    deceives(
        "changes its input",
        "doubling",
        source="""
def attack(x):
    x.mul_(0)
    return x
""",
    ),
    deceives(
        "claims parameters",
        "network",
        source="""
class attack(torch.nn.Linear):
    def __init__(self):
        super().__init__(30, 20)
    def parameters(self, recurse=True):
        return iter([torch.nn.Parameter(torch.zeros(8))])
    def load_state_dict(self, *args, **kwargs):
        return None
    def forward(self, x):
        return 2 * x[:, :2]
""",
    ),
    deceives("is a huge number", "integer by text", "return 10 ** 10_000"),
    deceives("is text that cannot be written", "text in a record", "return '\\ud800' * 10"),
    deceives("contains itself", "text in a record", "value = [1, 2]", "value.append(value)", "return value"),
    deceives(
        "contains itself many times",
        "text in a record",
        "value = []",
        "value += [value] * 50",
        "return value",
        ends=("timeout", "refused", "memory"),
        seconds=0.5,
    ),
    deceives("never ends", "sequence in full", "while True:", "    yield 1", "    time.sleep(0.01)"),
    deceives(
        "lies about its length",
        "sequence",
        "return Three()",
        before="""
class Three(list):
    def __len__(self): return 3
    def __iter__(self): return iter([1])
""",
    ),
    deceives(
        "goes on behind its length",
        "sequence in full",
        "return Three([1, 2, 3])",
        before="""
class Three(list):
    def __iter__(self):
        while True:
            yield 1
            time.sleep(0.001)
""",
        ends=("wrong", "refused", "timeout"),
        seconds=0.5,
    ),
)
