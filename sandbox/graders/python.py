"""python: somebody's code is the grader; `cell` runs it.

Its `grade(sample, item)` gets the sample as a chat completion would hold it, with `output_json`
None where the text is no JSON, and the row of the data set.
"""

import ast
import warnings

from sandbox.graders.cell import Cell, Lost
from sandbox.graders.fields import Fields, invalid, is_number
from sandbox.graders.grade import Grade, Ungradable
from sandbox.graders.grader import Grader
from sandbox.graders.templates import Scope
from sandbox.records import Json

MOST_BYTES = 256 * 1024
MOST_DETAILS = 2_000


class Python(Grader):
    type = "python"
    keys = ("source", "image_tag")

    def __init__(self, fields: Fields) -> None:
        super().__init__(fields)
        source = fields.text("source")
        if fault := _fault(source):
            raise invalid(fields.place("source"), fault)
        if "image_tag" in fields:
            fields.text("image_tag")
        self._cell = Cell(source)

    def _grade(self, scope: Scope) -> Grade:
        question = {"sample": {"output_json": None, **scope.sample}, "item": scope.item}
        try:
            answer = self._cell.ask(question)
        except Lost as lost:
            raise _lost(lost.kind) from lost
        return Grade(reward=_reward(answer))

    def close(self) -> None:
        self._cell.close()


def _reward(answer: Json) -> float:
    if "error" in answer:
        details = str(answer["error"])[-MOST_DETAILS:].encode(errors="replace").decode()
        raise Ungradable(
            python_grader_runtime_error=True, python_grader_runtime_error_details=details
        )
    if not is_number(answer.get("reward")):
        raise _lost(str(answer.get("death", "garbled")))
    return float(answer["reward"])


def _lost(kind: str) -> Ungradable:
    return Ungradable(python_grader_server_error=True, python_grader_server_error_type=kind)


def _fault(source: str) -> str | None:
    """What can be seen without running it."""
    if len(source.encode()) > MOST_BYTES:
        return f"is larger than {MOST_BYTES} bytes"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a style that is theirs
            tree = ast.parse(source)
    except SyntaxError as error:
        return f"line {error.lineno or 1}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"cannot be read: {error}"
    return None if _defines_grade(tree) else "must define grade(sample, item)"


def _defines_grade(tree: ast.Module) -> bool:
    return any(
        node.name == "grade"
        if isinstance(node, ast.FunctionDef)
        else isinstance(node, ast.Name) and node.id == "grade" and isinstance(node.ctx, ast.Store)
        for node in ast.walk(tree)
    )
