"""Writes searches: a search as text, of which one term is another or is gone. Pure."""

import re
from collections.abc import Collection, Iterable

from jobs.search.grammar import TERM

PLAIN = re.compile(r'[^\s,"*\\]+')


def terms_of(text: str) -> list[str]:
    """As they stand there, what cannot be read included."""
    return [found[0] for found in TERM.finditer(text)]


def with_term(text: str, term: str) -> str:
    """The search with this term, which was perhaps in it before, at its head."""
    return " ".join([term, *terms_of(without_term(text, term))])


def without_term(text: str, term: str) -> str:
    return " ".join(each for each in terms_of(text) if each != term)


def with_chosen(text: str, offered: Collection[str], chosen: Iterable[str]) -> str:
    """The search with these terms; of the others that were offered, none. All else stays."""
    wanted = {each.lower(): each for each in chosen}
    others = {each.lower() for each in offered} - wanted.keys()
    kept = [each for each, is_alone in placed(text) if not (is_alone and each.lower() in others)]
    new = [term for small, term in wanted.items() if small not in alone(" ".join(kept))]
    return " ".join(kept + new)


def alone(text: str) -> set[str]:
    """The terms that must hold, in small letters: those that no OR gives a choice."""
    return {each.lower() for each, is_alone in placed(text) if is_alone}


def placed(text: str) -> list[tuple[str, bool]]:
    """Each term, and whether it is neither an OR nor beside one."""
    terms = terms_of(text)
    choices = {place for place, term in enumerate(terms) if term == "OR"}
    return [
        (term, choices.isdisjoint((place - 1, place, place + 1)))
        for place, term in enumerate(terms)
    ]


def exact(field: str, word: str) -> str:
    """The term that finds this word and nothing else."""
    return f"{field}:{word if PLAIN.fullmatch(word) else quoted(word)}"


def compared(name: str, sign: str, value: str) -> str:
    """The term that says so. A value keeps its stars and commas; where there is none, any will do."""
    words = quoted(value) if " " in value and '"' not in value else value
    return f"{name}{sign}{words or '*'}" if name else words


def quoted(words: str) -> str:
    escaped = words.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'
