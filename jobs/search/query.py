from dataclasses import dataclass

from jobs.search.fields import Kind, Subject
from jobs.search.values import Between, Pattern, Test

ME = "me"  # who searches, as an owner is named


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

    def names(self, what: str, word: str) -> bool:
        """Whether it asks this field for this word, among others."""
        patterns = (test for test in self.tests if isinstance(test, Pattern))
        return self.subject.what == what and any(each.fits(word) for each in patterns)


@dataclass(frozen=True)
class Query:
    """All groups must hold: of each group one term."""

    groups: tuple[tuple[Term, ...], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def terms(self) -> list[Term]:
        return [term for group in self.groups for term in group]

    @property
    def is_relative(self) -> bool:
        """Whether it finds other jobs when time has gone by."""
        return any(
            term.subject.kind is Kind.SPAN
            or any(isinstance(test, Between) and test.is_relative for test in term.tests)
            for term in self.terms
        )

    @property
    def is_personal(self) -> bool:
        """Whether it finds other jobs for other people."""
        return any(term.names("owner", ME) or term.names("is", "pinned") for term in self.terms)

    @property
    def reaches_archive(self) -> bool:
        """Whether it looks for what was put away."""
        return any(term.names("is", "archived") and not term.is_negated for term in self.terms)
