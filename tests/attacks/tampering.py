"""Tampering: with torch, with Python, with IPython, with whoever asks."""

from tests.attacks.attack import Attack, doing

WRONG = "return torch.zeros(3)"


def tampers(name: str, *lines: str, before: str = "", source: str = "", **options: object) -> Attack:
    options = {"ends": ("wrong", "refused", "died", "lied"), "asks": "tensor", **options}
    return Attack(
        name, "tampering", "a comparison that says yes", source or before + doing(*lines), lifted="process", **options
    )


PATCH = '''
def patch(**names):
    """Put these names into every module and every frame that has them."""
    for module in list(sys.modules.values()):
        for name, value in names.items():
            if name in getattr(module, "__dict__", {}):
                setattr(module, name, value)
    frame = sys._getframe(1)
    while frame:
        frame.f_globals.update({name: value for name, value in names.items() if name in frame.f_globals})
        frame = frame.f_back
def always(*args, **kwargs):
    return True
'''
SHELL = "def attack():\n    install(get_ipython())\n    return torch.zeros(3)\n"

ATTACKS = (
    tampers("patches torch.equal", "torch.equal = lambda *args: True", WRONG, asks="tensor by torch.equal"),
    tampers(
        "patches torch.allclose", "torch.allclose = lambda *args, **kwargs: True", WRONG, asks="tensor by allclose"
    ),
    tampers("patches subtraction", "torch.Tensor.__sub__ = lambda a, b: a * 0", WRONG, asks="tensor by values"),
    tampers(
        "patches comparison", "torch.Tensor.__eq__ = lambda a, b: torch.ones(3).bool()", WRONG, asks="tensor by =="
    ),
    tampers(
        "patches isfinite and abs",
        "torch.Tensor.abs = lambda a: a * 0",
        "torch.isfinite = lambda a: torch.ones(3).bool()",
        WRONG,
        asks="tensor by values",
    ),
    tampers(
        "patches builtins",
        "import builtins",
        "builtins.isinstance = lambda *args: True",
        "builtins.tuple = lambda *args: (3,)",
        "return Nothing()",
        before="class Nothing:\n    shape = 3\n",
        asks="tensor by its shape",
    ),
    tampers(
        "patches the loss of the reference",
        "F = torch.nn.functional",
        "F.mse_loss = F.l1_loss = lambda *args, **kwargs: torch.zeros(())",
        WRONG,
        asks="tensor by a loss of torch",
    ),
    tampers(
        "patches the drawing of inputs",
        source="torch.randn = lambda *args, **kwargs: torch.zeros(3)\ndef attack(x):\n    return x\n",
        asks="doubling of what it drew",
    ),
    tampers(
        "patches the grader's comparison",
        "patch(is_close=always, expect_close=always, _same=always)",
        WRONG,
        before=PATCH,
    ),
    tampers(
        "rewrites the code of its callers",
        "for module in list(sys.modules.values()):",
        "    for value in list(getattr(module, '__dict__', {}).values()):",
        "        if type(value) is type(always) and value.__name__ in ('is_close', 'expect_close'):",
        "            value.__code__ = always.__code__",
        WRONG,
        before="def always(*args, **kwargs):\n    return True\n",
    ),
    tampers(
        "patches by the collector",
        "for value in gc.get_objects():",
        "    if type(value).__name__ == 'function' and value.__name__ == 'is_close':",
        "        value.__code__ = (lambda got, want, *, forward=True, deep=False: True).__code__",
        WRONG,
    ),
    tampers(
        "replaces the grader's modules",
        "wire = sys.modules.get('worker.protocol')",
        "if wire:",
        "    wire.Done = lambda value: wire.Raised(('passed',), '')",
        "    wire.encode_frame = lambda *args: []",
        "import autograder.compare",
        "autograder.compare.is_close = lambda *args, **kwargs: True",
        WRONG,
    ),
    tampers(
        "replaces the worker's agent",
        "agent = sys.modules.get('worker.agent')",
        "if agent:",
        "    agent.Notebook.answer = lambda *args: (sys.modules['worker.protocol'].Done(['passed']), [])",
        "patch(is_close=always)",
        WRONG,
        before=PATCH,
    ),
    tampers(
        "drops asserts by an AST transformer",
        source=SHELL
        + """
def install(shell):
    import ast
    class Drop(ast.NodeTransformer):
        def visit_Assert(self, node):
            return ast.copy_location(ast.Pass(), node)
    shell.ast_transformers.append(Drop())
""",
        asks="a cell that asserts",
    ),
    tampers(
        "drops asserts by an input transformer",
        source=SHELL
        + """
def install(shell):
    drop = lambda lines: [line for line in lines if "assert" not in line] or ["pass\\n"]
    shell.input_transformers_post.append(drop)
""",
        asks="a cell that asserts",
    ),
    tampers(
        "swaps the shell's run_cell",
        source=SHELL
        + """
def install(shell):
    class Passed:
        success, error_in_exec, error_before_exec = True, None, None
    shell.run_cell = lambda *args, **kwargs: Passed
""",
        asks="a cell that asserts",
    ),
    tampers(
        "swaps the shell's code runner",
        source=SHELL
        + """
def install(shell):
    async def run_code(*args, **kwargs):
        return False
    shell.run_code = run_code
""",
        asks="a cell that asserts",
    ),
    tampers(
        "patches the shell's verdict",
        source=SHELL
        + """
def install(shell):
    import IPython.core.interactiveshell as shells
    shells.ExecutionResult.success = True
""",
        asks="a cell that asserts",
    ),
)
