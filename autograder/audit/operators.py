"""What a mutant changes: functions that take a node of a syntax tree and give nodes to stand in its place.

They are those of mutmut, a mutation tester for Python, used as a library: functions over libcst's lossless trees, so
that all that is not changed stays as it was typed. Left out are those whose mutants any test kills (an argument or a
variable that becomes None) and its numbers (n + 1 only). What it lacks stands below: other numbers, removed
statements, decorators and contexts, negated conditions, swapped neighbours, names taken for each other. cosmic-ray,
the other candidate, has fewer of them and brings a database and a web server.
"""

from collections.abc import Callable, Iterator

import libcst as cst
import libcst.matchers as m
from mutmut.mutation import mutators

Operator = Callable[[cst.CSTNode], Iterator[cst.CSTNode | cst.RemovalSentinel]]

# Names that are easily taken for each other, in Python and in PyTorch; both ways.
LOOK_ALIKES = [
    *[("sum", "mean"), ("min", "max"), ("zeros", "ones"), ("zeros_like", "ones_like"), ("zeros_", "ones_")],
    *[("train", "eval"), ("all", "any"), ("floor", "ceil"), ("sin", "cos"), ("randn", "rand"), ("append", "extend")],
    *[("randn_like", "rand_like"), ("normal_", "uniform_"), ("minimum", "maximum"), ("argmin", "argmax")],
    *[("relu", "leaky_relu"), ("ReLU", "LeakyReLU"), ("sigmoid", "tanh"), ("Sigmoid", "Tanh"), ("exp", "expm1")],
    *[("log", "log1p"), ("cat", "stack"), ("squeeze", "unsqueeze"), ("l1_loss", "mse_loss"), ("L1Loss", "MSELoss")],
    *[("avg_pool2d", "max_pool2d"), ("AvgPool2d", "MaxPool2d"), ("width", "height"), ("is_file", "is_dir")],
    *[
        ("Conv2d", "ConvTranspose2d"),
        ("BatchNorm2d", "InstanceNorm2d"),
        ("weight", "bias"),
        ("in_channels", "out_channels"),
    ],
    *[("parameters", "buffers"), ("binary_cross_entropy", "binary_cross_entropy_with_logits")],
]
REPLACED_NAMES = {name: other for pair in LOOK_ALIKES for name, other in (pair, pair[::-1])}
# Calls without which an expression still means something: x.detach() -> x.
IDENTITIES = {
    *("detach", "clone", "abs", "clamp", "round", "float", "sqrt", "exp", "contiguous", "lower", "strip"),
    *("flatten", "squeeze", "unsqueeze", "mean", "flip", "to", "relu"),
}
SMALL = 2
COMMUTATIVE = {
    "max",
    "min",
    "flip",
    "transpose",
    "maximum",
    "minimum",
    "l1_loss",
    "mse_loss",
    "cosine_similarity",
    "equal",
    "allclose",
}
OPPOSITES: dict[type[cst.CSTNode], type[cst.CSTNode]] = {
    **{cst.LessThan: cst.GreaterThanEqual, cst.GreaterThanEqual: cst.LessThan},
    **{cst.GreaterThan: cst.LessThanEqual, cst.LessThanEqual: cst.GreaterThan},
}


def replace_number(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """n -> n + 1, n - 1, and if n is small 0 and -n, which a size or a count cannot be; x -> 2 x, x / 2, 0, -x."""
    if not isinstance(node, cst.Integer | cst.Float):
        return
    value = node.evaluated_value
    others: list[float]
    if isinstance(value, int):
        others = [value + 1, value - 1, *([0, -value] if value <= SMALL else [])]
    else:
        others = [2 * value, value / 2, 0.0, -value]
    for other in dict.fromkeys(others):
        if other != value:
            yield cst.parse_expression(repr(other))


def replace_none(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """None -> 0."""
    if m.matches(node, m.Name("None")):
        yield cst.Integer("0")


def reverse_order(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """a < b -> a >= b; mutmut moves the border only."""
    if isinstance(node, cst.ComparisonTarget) and type(node.operator) in OPPOSITES:
        yield node.with_changes(operator=OPPOSITES[type(node.operator)]())


def negate_condition(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """if a -> if not a, also in comprehensions; comparisons have operators of their own."""
    if isinstance(node, cst.If | cst.While | cst.CompIf) and not isinstance(
        node.test, cst.Comparison | cst.UnaryOperation
    ):
        inner = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        yield node.with_changes(test=cst.UnaryOperation(cst.Not(), inner))


def remove_statement(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A simple statement -> pass."""
    if isinstance(node, cst.BaseSmallStatement) and not isinstance(node, cst.Pass):
        yield cst.Pass()


def remove_context(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """with torch.no_grad(): -> if True:"""
    if isinstance(node, cst.With) and not any(item.asname for item in node.items):
        yield cst.If(cst.Name("True"), node.body, leading_lines=node.leading_lines)


def remove_decorator(node: cst.CSTNode) -> Iterator[cst.RemovalSentinel]:
    """@torch.no_grad() -> nothing."""
    if isinstance(node, cst.Decorator):
        yield cst.RemoveFromParent()


def remove_argument(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """f(a, b) -> f(b), f(a); mutmut's, without its f(None, b)."""
    if isinstance(node, cst.Call) and node.args:
        for mutated in mutators.operator_arg_removal(node):
            if len(mutated.args) < len(node.args):
                last = mutated.args[-1].with_changes(comma=node.args[-1].comma)
                yield mutated.with_changes(args=[*mutated.args[:-1], last])


def swap_arguments(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """f(a, b) -> f(b, a), where it makes a difference."""
    if not isinstance(node, cst.Call) or name_of(node.func) in COMMUTATIVE:
        return
    for i in range(len(node.args) - 1):
        left, right = node.args[i : i + 2]
        if not (left.star or right.star or left.keyword or right.keyword):
            swapped = [left.with_changes(value=right.value), right.with_changes(value=left.value)]
            yield node.with_changes(args=[*node.args[:i], *swapped, *node.args[i + 2 :]])


def swap_elements(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """(a, b) -> (b, a)"""
    if isinstance(node, cst.Tuple):
        for i in range(len(node.elements) - 1):
            left, right = node.elements[i : i + 2]
            swapped = [left.with_changes(value=right.value), right.with_changes(value=left.value)]
            yield node.with_changes(elements=[*node.elements[:i], *swapped, *node.elements[i + 2 :]])


def replace_name(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """x.sum() -> x.mean(), torch.zeros_like(x) -> torch.ones_like(x); only what is called."""
    if not isinstance(node, cst.Call) or name_of(node.func) not in REPLACED_NAMES:
        return
    other = cst.Name(REPLACED_NAMES[name_of(node.func)])
    yield node.with_changes(func=node.func.with_changes(attr=other) if isinstance(node.func, cst.Attribute) else other)


def remove_call(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """x.detach() -> x"""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and name_of(node.func) in IDENTITIES:
        module = node.func.value
        if not m.matches(module, m.Name("torch") | m.Name("F") | m.Name("nn") | m.Name("np")):
            yield module


def name_of(called: cst.BaseExpression) -> str:
    """The last part of a dotted name, or nothing."""
    if isinstance(called, cst.Attribute):
        called = called.attr
    return called.value if isinstance(called, cst.Name) else ""


def _by_mutmut(kind: type, operator: Callable[..., object]) -> Operator:
    def mutate(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        if isinstance(node, kind):
            yield from operator(node)  # type: ignore[misc]  # each gives an iterable of nodes

    return mutate


OPERATORS: dict[str, Operator] = {
    "operator": _by_mutmut(cst.CSTNode, mutators.operator_swap_op),
    "comparison": reverse_order,
    "keyword": _by_mutmut(cst.CSTNode, mutators.operator_keywords),
    "negation": _by_mutmut(cst.UnaryOperation, mutators.operator_remove_unary_ops),
    "condition": negate_condition,
    "branch": _by_mutmut(cst.IfExp, mutators.operator_if_exp),
    "number": replace_number,
    "boolean": _by_mutmut(cst.Name, mutators.operator_name),
    "none": replace_none,
    "string": _by_mutmut(cst.BaseString, mutators.operator_string),
    "string method": _by_mutmut(cst.Call, mutators.operator_symmetric_string_methods_swap),
    "lambda": _by_mutmut(cst.Lambda, mutators.operator_lambda),
    "assignment": _by_mutmut(cst.AugAssign, mutators.operator_augmented_assignment),
    "removed statement": remove_statement,
    "removed context": remove_context,
    "removed decorator": remove_decorator,
    "removed argument": remove_argument,
    "removed call": remove_call,
    "swapped arguments": swap_arguments,
    "swapped elements": swap_elements,
    "name": replace_name,
}
