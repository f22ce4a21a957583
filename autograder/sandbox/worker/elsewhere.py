"""Stand-ins for what notebooks use on other machines: google.colab, progress bars made of widgets, unknown magics.

A notebook may ask where it runs (`"google.colab" in sys.modules`, `find_spec`, `try: import google.colab`): the answer
stays no, since what follows a yes cannot work here. Only an import that no `try` surrounds would cost the rest of its
cell; that one binds a stand-in, on which everything can be called and nothing happens.
"""

import ast
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

PACKAGE = "google.colab"
NAME = "__stand_in__"


class StandIn:
    """Whatever is asked of it gives a stand-in again; it is empty and false."""

    def __getattr__(self, name: str) -> "StandIn":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> "StandIn":
        return self

    def __getitem__(self, _key: Any) -> "StandIn":
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> "StandIn":
        return self

    def __exit__(self, *_: object) -> None:
        return


class BindStandIns(ast.NodeTransformer):
    """Turn imports of google.colab that no `try` guards into assignments of a stand-in."""

    def visit_Try(self, node: ast.Try) -> ast.Try:
        """Leave the guarded part as it is: it wants to know."""
        for part in (node.handlers, node.orelse, node.finalbody):
            part[:] = [self.visit(statement) for statement in part]
        return node

    def visit_Import(self, node: ast.Import) -> ast.stmt:
        """`import google.colab` binds `google`, `import google.colab as colab` binds `colab`."""
        if not any(_is_elsewhere(alias.name) for alias in node.names):
            return node
        names = [alias.asname or alias.name.partition(".")[0] for alias in node.names if _is_elsewhere(alias.name)]
        kept = [alias for alias in node.names if not _is_elsewhere(alias.name)]
        return _bind(names, [ast.Import(kept)] if kept else [], node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        """`from google.colab import drive` binds `drive`, `from google import colab` binds `colab`."""
        within = node.module == "google" and all(alias.name == "colab" for alias in node.names)
        if not within and not _is_elsewhere(node.module or ""):
            return node
        return _bind([alias.asname or alias.name for alias in node.names if alias.name != "*"], [], node)


def install(namespace: dict[str, Any]) -> None:
    """Give a notebook's namespace the stand-in, and its progress bars a form without widgets."""
    namespace[NAME] = StandIn()
    from tqdm import std

    bars = ModuleType("tqdm.notebook")
    for name in ("tqdm", "tqdm_notebook"):
        setattr(bars, name, std.tqdm)
    for name in ("trange", "tnrange"):
        setattr(bars, name, std.trange)
    sys.modules["tqdm.notebook"] = bars


def _is_elsewhere(module: str) -> bool:
    return module == PACKAGE or module.startswith(f"{PACKAGE}.")


def _bind(names: list[str], first: list[ast.stmt], place: ast.stmt) -> ast.stmt:
    """`if True:` the assignments: one statement for one, whatever it binds."""
    bound: list[ast.stmt] = [ast.Assign([ast.Name(name, ast.Store())], ast.Name(NAME, ast.Load())) for name in names]
    statement = ast.If(ast.Constant(True), [*first, *bound] or [ast.Pass()], [])
    return ast.fix_missing_locations(ast.copy_location(statement, place))
