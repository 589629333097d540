"""What all graders have in common."""

import time
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import ClassVar, Self

from sandbox.graders.fields import Fields
from sandbox.graders.grade import NO_ERRORS, Grade, Ungradable
from sandbox.graders.templates import Scope
from sandbox.records import Json


class Grader(ABC):
    type: ClassVar[str]
    keys: ClassVar[tuple[str, ...]]
    """What its JSON may hold beside type and name."""

    def __init__(self, fields: Fields) -> None:
        fields.refuse_others("type", "name", *self.keys)
        self.name = fields.text("name")
        self.spec = fields.given
        """What was sent, as it was sent."""

    def grade(self, sample: str, item: Json) -> Grade:
        return self.grade_within(Scope(sample, item))

    def grade_within(self, scope: Scope) -> Grade:
        """Never raises: what went wrong is in the grade."""
        began = time.perf_counter()
        try:
            grade = self._grade(scope)
        except Ungradable as reason:
            grade = Grade(reward=0.0, errors={**NO_ERRORS, **reason.errors})
        except RecursionError:  # JSON as deep as it could be read is too deep to be written
            grade = Grade(reward=0.0, errors={**NO_ERRORS, "other_error": True})
        return replace(grade, execution_time=time.perf_counter() - began)

    @abstractmethod
    def _grade(self, scope: Scope) -> Grade:
        """The grade, or Ungradable."""

    def close(self) -> None:  # noqa: B027 - most graders hold nothing
        """Let go of what it holds. It may be used again: then it is fetched anew."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
