"""The variables in a grader's texts: `{{item.reference}}`, `{{ sample.output_json.tags[0] }}`.

What a variable stands for is put in once and as it is: braces in it are only braces.
"""

import contextlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from sandbox.graders.grade import Ungradable
from sandbox.records import Json

MOST_CHARACTERS = 1_000_000
"""A text that grows longer than this is given up: `truncated_observation_error`."""

VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")
NAMESPACE = re.compile(r"item|sample")
STEP = re.compile(r"""\.([^.\[\]]+)|\[(\d+)\]|\["([^"\]]*)"\]|\['([^'\]]*)'\]""")

Origin = Literal["item", "sample"]


class Scope:
    """What a template may name: the row of the data set, and what a model made of it."""

    def __init__(self, text: str, item: Json) -> None:
        self.text = text
        self.item = item

    @cached_property
    def sample(self) -> Json:
        """As a chat completion would hold it. `output_json` is there if the text is JSON."""
        message = {"role": "assistant", "content": self.text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        sample: Json = {"output_text": self.text, "output_tools": [], "choices": [choice]}
        with contextlib.suppress(ValueError, RecursionError):
            sample["output_json"] = json.loads(self.text, parse_constant=_refuse)
        return sample

    def find(self, origin: Origin, steps: tuple[str, ...]) -> Any:
        value: Any = self.item if origin == "item" else self.sample
        if origin == "sample" and steps[0] == "output_json" and "output_json" not in value:
            raise Ungradable(sample_parse_error=True)
        for step in steps:
            value = _inside(value, step)
        return value


@dataclass(frozen=True)
class Variable:
    origin: Origin
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """A stretch of a rendered text, and where it comes from: None is the template itself."""

    text: str
    origin: Origin | None = None


class Template:
    def __init__(self, text: str) -> None:
        parts = VARIABLE.split(text)
        self._parts: list[str | Variable | None] = list(parts)
        self._parts[1::2] = map(_variable, parts[1::2])

    def render(self, scope: Scope) -> str:
        return "".join(piece.text for piece in self.pieces(scope))

    def pieces(self, scope: Scope) -> list[Piece]:
        pieces, length = [], 0
        for part in self._parts:
            pieces.append(piece := _piece(part, scope))
            length += len(piece.text)
            if length > MOST_CHARACTERS:
                raise Ungradable(truncated_observation_error=True)
        return pieces


def _piece(part: str | Variable | None, scope: Scope) -> Piece:
    if part is None:
        raise Ungradable(invalid_variable_error=True)
    if isinstance(part, str):
        return Piece(part)
    value = scope.find(part.origin, part.steps)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Piece(text, part.origin)


def _variable(expression: str) -> Variable | None:
    """None if it can never stand for anything."""
    expression = expression.strip()
    namespace = NAMESPACE.match(expression)
    if namespace is None:
        return None
    steps, place = [], namespace.end()
    while step := STEP.match(expression, place):
        steps.append(next(group for group in step.groups() if group is not None))
        place = step.end()
    if not steps or place != len(expression):
        return None
    return Variable("item" if namespace.group() == "item" else "sample", tuple(steps))


def _inside(value: Any, step: str) -> Any:
    if isinstance(value, dict) and step in value:
        return value[step]
    if isinstance(value, list) and step.isdecimal() and len(step) < 10 and int(step) < len(value):
        return value[int(step)]
    raise Ungradable(invalid_variable_error=True)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
