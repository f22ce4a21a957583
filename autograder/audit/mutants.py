"""Automatic mutants: the source of a right answer, changed in one place. Knows Python, not what is taught.

Only what stands between the solution markers is changed; what students are given is no part of their answer. Neither
are docstrings, annotations, the words of an error (a message's wording is free), what is printed, and `__repr__`. All
mutants parse, none is equal to the original or to another; their order is that of the source and of the operators.
What is changed, and which library does it: operators.py.
"""

import ast
import difflib
import re
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m
from libcst.metadata import ByteSpanPositionProvider, CodeSpan, MetadataWrapper, ParentNodeProvider, PositionProvider

from autograder.audit.operators import OPERATORS, name_of
from autograder.markers import BEGIN, END

REMOVED = "(removed)"
SPOKEN = {"__repr__", "__str__", "extra_repr"}
COMMENT = re.compile(r"\s{2,}#.*$")


@dataclass(frozen=True)
class Mutant:
    """A whole cell with one change. `line`: where it begins; `before`, `after`: the lines that differ, as one."""

    exercise: str
    operator: str
    line: int
    before: str
    after: str
    source: str


def find_mutants(exercise: str, source: str) -> list[Mutant]:
    """All mutants of an exercise's cell."""
    collector = _Collector(solution_lines(source))
    tree = MetadataWrapper(cst.parse_module(source))
    tree.visit(collector)
    seen = {ast.dump(ast.parse(source))}
    mutants = []
    for operator, line, node, other in collector.found:
        mutated = _replace(tree.module, node, other, collector.spans.get(node))
        try:
            dump = ast.dump(ast.parse(mutated))
        except SyntaxError:  # `f(a=1, b)` and the like
            continue
        if dump not in seen:
            seen.add(dump)
            mutants.append(Mutant(exercise, operator, line, *changed_lines(source, mutated), mutated))
    return mutants


def _replace(
    module: cst.Module, node: cst.CSTNode, other: cst.CSTNode | cst.RemovalSentinel, span: CodeSpan | None
) -> str:
    """The source with one node replaced: where its bytes are known, thirty times faster than by a new tree."""
    if span is None or isinstance(other, cst.RemovalSentinel):
        changed = module.deep_replace(node, other)  # type: ignore[type-var]  # or removed
        return changed.code if isinstance(changed, cst.Module) else ""
    code = module.bytes
    new = module.code_for_node(other).encode()
    return (code[: span.start] + new + code[span.start + span.length :]).decode()


def solution_lines(source: str) -> set[int]:
    """Numbers of the lines between solution markers; of all lines where there are no markers."""
    lines, inside, found = source.splitlines(), False, set()
    for number, line in enumerate(lines, 1):
        if line.strip() == BEGIN:
            inside = True
        elif line.strip() == END:
            inside = False
        elif inside:
            found.add(number)
    return found or set(range(1, len(lines) + 1))


def changed_lines(before: str, after: str) -> tuple[str, str]:
    """The lines that differ, joined to one, without comments and indentation."""
    old, new = before.splitlines(), after.splitlines()
    differences = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changes = [change for change in differences if change[0] != "equal"]
    return _join(old[changes[0][1] : changes[-1][2]]), _join(new[changes[0][3] : changes[-1][4]])


def _join(lines: list[str]) -> str:
    return " ".join(COMMENT.sub("", line).strip() for line in lines) or REMOVED


class _Collector(cst.CSTVisitor):
    """Visits what may be changed and asks each operator for what could stand there."""

    METADATA_DEPENDENCIES = (PositionProvider, ByteSpanPositionProvider, ParentNodeProvider)

    def __init__(self, lines: set[int]) -> None:
        super().__init__()
        self.found: list[tuple[str, int, cst.CSTNode, cst.CSTNode | cst.RemovalSentinel]] = []
        self.spans: dict[cst.CSTNode, CodeSpan] = {}
        self._lines = lines

    def on_visit(self, node: cst.CSTNode) -> bool:
        if self._is_free(node):
            return False
        line = self.get_metadata(PositionProvider, node, None)
        if line is not None and line.start.line in self._lines:
            if isinstance(node, cst.BaseExpression) and not node.lpar and line.start.line == line.end.line:
                self.spans[node] = self.get_metadata(ByteSpanPositionProvider, node)
            for name, operator in OPERATORS.items():
                if not self._means_the_same(name, node):
                    self.found.extend((name, line.start.line, node, other) for other in operator(node))
        return True

    def _is_free(self, node: cst.CSTNode) -> bool:
        """Whether a mutation in here would change no behaviour that anyone asks for."""
        match node:
            case cst.Annotation():
                return True
            case cst.FunctionDef():
                return node.name.value in SPOKEN
            case cst.Call():
                raised = isinstance(self.get_metadata(ParentNodeProvider, node), cst.Raise)
                return raised or name_of(node.func) == "print"
            case cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString()):
                return True
        return False

    def _means_the_same(self, operator: str, node: cst.CSTNode) -> bool:
        """Whether an operator changes nothing where the node stands: the order of a set, 0 compared by `is`."""
        parent = self.get_metadata(ParentNodeProvider, node, None)
        if parent is None:
            return False
        if operator == "none":
            return m.matches(parent, m.ComparisonTarget(operator=m.Is() | m.IsNot()))
        if operator == "swapped elements" and isinstance(parent, cst.Arg):
            call = self.get_metadata(ParentNodeProvider, parent)
            of_a_set = parent.keyword is not None and parent.keyword.value in {"dim", "dims", "axis"}
            return of_a_set or (isinstance(call, cst.Call) and name_of(call.func) == "isinstance")
        return operator == "swapped elements" and m.matches(parent, m.ComparisonTarget(operator=m.In() | m.NotIn()))
