"""multi: several graders, and a formula that makes one reward of theirs.

A grader that fails counts 0 in the formula, and its errors are errors of the whole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from sandbox.graders.fields import Fields, invalid
from sandbox.graders.formula import BadFormula, Formula
from sandbox.graders.grade import NO_ERRORS, Grade, Usage
from sandbox.graders.grader import Grader
from sandbox.graders.models import LabelModel, ScoreModel
from sandbox.graders.python import Python
from sandbox.graders.string_check import StringCheck
from sandbox.graders.templates import Scope
from sandbox.graders.text_similarity import TextSimilarity
from sandbox.records import Json

PARTS: dict[str, type[Grader]] = {
    kind.type: kind for kind in (StringCheck, TextSimilarity, Python, ScoreModel, LabelModel)
}
MOST_PARTS = 20


class Multi(Grader):
    type = "multi"
    keys = ("graders", "calculate_output")

    def __init__(self, fields: Fields) -> None:
        super().__init__(fields)
        self.parts = dict(_parts(fields))
        """By the names that the formula uses."""
        try:
            self._formula = Formula(fields.text("calculate_output"), self.parts)
        except BadFormula as error:
            raise invalid(fields.place("calculate_output"), str(error)) from error

    def _grade(self, scope: Scope) -> Grade:
        grades = {name: part.grade_within(scope) for name, part in self.parts.items()}
        rewards = {name: grade.reward for name, grade in grades.items()}
        errors = _merged(grade.errors for grade in grades.values())
        try:
            reward = self._formula.value(rewards)
        except BadFormula:
            reward, errors["formula_parse_error"] = 0.0, True
        return Grade(
            reward=reward,
            errors=errors,
            sub_rewards=rewards,
            model_grader_token_usage_per_model=_added(grades.values()),
        )

    def close(self) -> None:
        for part in self.parts.values():
            part.close()


def _parts(fields: Fields) -> Iterator[tuple[str, Grader]]:
    """An object by name, a list, or one grader: the schema says one thing, its users another."""
    given, where = fields.required("graders"), fields.place("graders")
    if isinstance(given, dict) and isinstance(given.get("type"), str):
        part = _part(given, where)
        yield part.name, part
        return
    if not isinstance(given, dict | list) or not 1 <= len(given) <= MOST_PARTS:
        raise invalid(where, f"must be 1 to {MOST_PARTS} graders, by name or in a list")
    if isinstance(given, dict):
        yield from ((name, _part(spec, f"{where}.{name}")) for name, spec in given.items())
    else:
        yield from _by_own_names(given, where)


def _by_own_names(given: list[object], where: str) -> Iterator[tuple[str, Grader]]:
    taken = set()
    for number, spec in enumerate(given):
        part = _part(spec, f"{where}.{number}")
        if part.name in taken:
            raise invalid(f"{where}.{number}.name", f"{part.name!r} is taken")
        taken.add(part.name)
        yield part.name, part


def _part(spec: object, where: str) -> Grader:
    fields = Fields(spec, where)
    return PARTS[fields.choice("type", PARTS)](fields)


def _merged(all_errors: Iterable[Json]) -> Json:
    """What any of them says; of texts the first."""
    merged = NO_ERRORS.copy()
    for errors in all_errors:
        merged = {key: merged[key] or errors[key] for key in merged}
    return merged


def _added(grades: Iterable[Grade]) -> dict[str, Usage]:
    totals: dict[str, Counter[str]] = {}
    for grade in grades:
        for model, usage in grade.model_grader_token_usage_per_model.items():
            totals.setdefault(model, Counter()).update(usage)
    return {model: dict(total) for model, total in totals.items()}
