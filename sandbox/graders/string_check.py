"""string_check: 1 if two texts are as they should be, else 0."""

from collections.abc import Callable

from sandbox.graders.fields import Fields
from sandbox.graders.grade import Grade
from sandbox.graders.grader import Grader
from sandbox.graders.templates import Scope, Template

OPERATIONS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda text, reference: text == reference,
    "ne": lambda text, reference: text != reference,
    "like": lambda text, reference: reference in text,
    "ilike": lambda text, reference: reference.casefold() in text.casefold(),
}


class StringCheck(Grader):
    type = "string_check"
    keys = ("input", "reference", "operation")

    def __init__(self, fields: Fields) -> None:
        super().__init__(fields)
        self._input = Template(fields.string("input"))
        self._reference = Template(fields.string("reference"))
        self._holds = OPERATIONS[fields.choice("operation", OPERATIONS)]

    def _grade(self, scope: Scope) -> Grade:
        holds = self._holds(self._input.render(scope), self._reference.render(scope))
        return Grade(reward=float(holds))
