from dataclasses import dataclass

from jobs.search.fields import Kind, Subject
from jobs.search.values import Between, Test


@dataclass(frozen=True)
class Problem:
    """What is wrong from `start` to `end`; `instead` is the whole search as it was perhaps meant."""

    start: int
    end: int
    words: str
    instead: str = ""


@dataclass(frozen=True)
class Term:
    subject: Subject
    tests: tuple[Test, ...]  # of which one must hold
    is_negated: bool = False


@dataclass(frozen=True)
class Query:
    """All groups must hold: of each group one term."""

    groups: tuple[tuple[Term, ...], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_relative(self) -> bool:
        """Whether it finds other jobs when time has gone by."""
        terms = [term for group in self.groups for term in group]
        return any(
            term.subject.kind is Kind.SPAN
            or any(isinstance(test, Between) and test.is_relative for test in term.tests)
            for term in terms
        )
