"""Writes searches: a search as text, of which one term is another or is gone. Pure."""

from jobs.search.grammar import TERM


def terms_of(text: str) -> list[str]:
    """As they stand there, what cannot be read included."""
    return [found[0] for found in TERM.finditer(text)]


def with_term(text: str, term: str) -> str:
    """The search with this term, which was perhaps in it before, at its head."""
    return " ".join([term, *terms_of(without_term(text, term))])


def without_term(text: str, term: str) -> str:
    return " ".join(each for each in terms_of(text) if each != term)
