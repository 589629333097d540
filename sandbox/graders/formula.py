"""The formula of a multi grader: numbers, names of graders, + - * / % ** (or ^), seven functions.

It is looked through when it is read, so that nothing else is ever evaluated; and everything in
it is a float, so that no power of integers can grow for hours.
"""

import ast
import math
import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from simpleeval import SimpleEval

MOST_CHARACTERS = 2_000

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "abs": abs,
    "floor": lambda value: float(math.floor(value)),
    "ceil": lambda value: float(math.ceil(value)),
    "exp": math.exp,
    "sqrt": math.sqrt,
    "log": math.log,
}
TAKE_ANY = {"min", "max"}


class BadFormula(Exception):
    """The formula cannot be used, or not with these rewards."""


class Formula:
    def __init__(self, text: str, names: Collection[str]) -> None:
        self._text = text
        self._tree = _parsed(text)
        for node in _nodes(self._tree):
            _check(node, names)

    def value(self, rewards: Mapping[str, float]) -> float:
        evaluator = SimpleEval(operators=OPERATORS, functions=FUNCTIONS, names=dict(rewards))
        try:
            value = evaluator.eval(self._text, self._tree)
        except (ArithmeticError, ValueError, TypeError, RecursionError) as error:
            raise BadFormula(str(error)) from error
        if not isinstance(value, float) or not math.isfinite(value):
            raise BadFormula(f"it comes to {value}")
        return value


def _parsed(text: str) -> ast.expr:
    if len(text) > MOST_CHARACTERS:
        raise BadFormula(f"has more than {MOST_CHARACTERS} characters")
    try:
        return ast.parse(text.strip().replace("^", "**"), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadFormula("is no formula") from error


def _nodes(tree: ast.expr) -> Iterator[ast.expr]:
    """All that is evaluated, from the outside in; a function's name is no value."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.BinOp):
            waiting += [node.left, node.right]
        elif isinstance(node, ast.UnaryOp):
            waiting.append(node.operand)
        elif isinstance(node, ast.Call):
            waiting += node.args


def _check(node: ast.expr, names: Collection[str]) -> None:
    if isinstance(node, ast.Constant):
        _make_float(node)
    elif isinstance(node, ast.Name):
        if node.id not in names:
            raise BadFormula(f"there is no grader {node.id!r}")
    elif isinstance(node, ast.BinOp | ast.UnaryOp):
        if type(node.op) not in OPERATORS:
            raise BadFormula(f"{type(node.op).__name__} is not an operator here")
    elif isinstance(node, ast.Call):
        _check_call(node)
    else:
        raise BadFormula(f"{type(node).__name__} is not allowed")


def _check_call(node: ast.Call) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else None
    if name not in FUNCTIONS:
        raise BadFormula(f"there are only the functions {', '.join(FUNCTIONS)}")
    fits = len(node.args) >= 1 if name in TAKE_ANY else len(node.args) == 1
    if not fits or node.keywords:
        raise BadFormula(f"{name} takes {'numbers' if name in TAKE_ANY else 'one number'}")


def _make_float(node: ast.Constant) -> None:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise BadFormula(f"{node.value!r} is no number")
    try:
        node.value = float(node.value)
    except OverflowError as error:
        raise BadFormula("holds too large a number") from error
