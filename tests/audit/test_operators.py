"""What automatic mutants change, operator by operator."""

import ast
from textwrap import dedent

import pytest

from autograder.audit.mutants import find_mutants


def changes(source: str) -> dict[str, list[str]]:
    """Lines that stand in the place of the changed one, by operator."""
    found: dict[str, list[str]] = {}
    for mutant in find_mutants("x", dedent(source)):
        found.setdefault(mutant.operator, []).append(mutant.after)
    return found


@pytest.mark.parametrize(
    ("line", "operator", "expected"),
    [
        ("a + b", "operator", ["a - b"]),
        ("a // b", "operator", ["a / b"]),
        ("a % b", "operator", ["a / b"]),
        ("a ** b", "operator", ["a * b"]),
        ("-a", "operator", ["+a"]),
        ("a and b", "operator", ["a or b"]),
        ("a < b", "operator", ["a <= b"]),
        ("a < b", "comparison", ["a >= b"]),
        ("a == b", "operator", ["a != b"]),
        ("a is b", "keyword", ["a is not b"]),
        ("not a", "negation", ["a"]),
        ("a if b else c", "branch", ["a if (b) and False else c", "a if (b) or True else c"]),
        ("64", "number", ["65", "63"]),
        ("1", "number", ["2", "0", "-1"]),
        ("0", "number", ["1", "-1"]),
        ("0.5", "number", ["1.0", "0.25", "0.0", "-0.5"]),
        ("True", "boolean", ["False"]),
        ("x[None]", "none", ["x[0]"]),
        ("x is None", "none", []),
        ("'a'.lower()", "string method", ["'a'.upper()"]),
        ("x == 'Ab'", "string", ["x == 'XXAbXX'", "x == 'ab'", "x == 'AB'"]),
        ("f(a, b)", "swapped arguments", ["f(b, a)"]),
        ("f(a, *b)", "swapped arguments", []),
        ("max(a, b)", "swapped arguments", []),
        ("f(a, b=c)", "removed argument", ["f(b=c)", "f(a)"]),
        ("(a, b)", "swapped elements", ["(b, a)"]),
        ("x in (a, b)", "swapped elements", []),
        ("isinstance(x, (a, b))", "swapped elements", []),
        ("x.mean(dim=(0, 1))", "swapped elements", []),
        ("x.sum()", "name", ["x.mean()"]),
        ("torch.zeros_like(x)", "name", ["torch.ones_like(x)"]),
        ("x.detach()", "removed call", ["x"]),
        ("torch.exp(x)", "removed call", []),
        ("f()", "removed statement", ["pass"]),
        ("raise ValueError(f'{x}: 3')", "removed statement", ["pass"]),
    ],
)
def test_operator_changes_a_line_in_just_these_ways(line, operator, expected):
    assert changes(line).get(operator, []) == expected


def test_statement_is_removed_and_an_added_value_assigned():
    found = changes("count += 1")
    assert found["removed statement"] == ["pass"]
    assert found["assignment"] == ["count = 1"]
    assert found["operator"] == ["count -= 1"]


def test_context_and_decorator_are_removed_and_their_body_stays():
    source = """\
    @torch.no_grad()
    def f():
        with torch.no_grad():
            g()
    """
    mutants = {mutant.operator: mutant for mutant in find_mutants("x", dedent(source))}
    assert mutants["removed context"].after == "if True:"
    assert ast.dump(ast.parse(mutants["removed context"].source).body[0].body[0].body[0]) == ast.dump(
        ast.parse("g()").body[0]
    )
    assert (mutants["removed decorator"].before, mutants["removed decorator"].after) == (
        "@torch.no_grad()",
        "(removed)",
    )


def test_condition_without_a_comparison_is_negated():
    assert changes("if a:\n    f()")["condition"] == ["if not (a):"]
    assert changes("[x for x in y if x]")["condition"] == ["[x for x in y if not (x)]"]
