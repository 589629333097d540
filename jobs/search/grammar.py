"""Reads a search into terms. What cannot be read is left out, and said with its place.

    search   terms joined by blanks: all must hold; `OR` between two: one must
    term     [-] words | [-] name sign values
    name     a field, hp.NAME, meta.KEY, a metric, or min(metric), max(…), best(…), last(…)
    sign     :  =  !=  <  <=  >  >=
    values   value,value,…: any of them; a..b: a range, either end may be open

Quotation marks take blanks and signs as they are, and turn `*`, elsewhere any text, into a star.
"""

import re
from collections.abc import Callable

from jobs.search.fields import (
    CHOICES,
    FREE,
    TEXT,
    Kind,
    Known,
    NotKnown,
    Subject,
    nearest,
    nobody_knows,
    subject,
)
from jobs.search.query import Problem, Query, Term
from jobs.search.values import Between, Bounds, Pattern, Test, compared, moment, number, span

MOST_TERMS = 20
TERM = re.compile(r'(?:"(?:\\.|[^"\\])*(?:"|\\?$)|[^\s"])+')
QUOTED = r'"(?:\\.|[^"\\])*"'
NAME = rf"(?:(last|min|max|best)\()?((?:{QUOTED}|[^\s\"<>=!:,()])+)(?(1)\))"
HEAD = re.compile(rf"{NAME}(!=|<=|>=|[:<>=])")
VALUE = re.compile(rf'(?:{QUOTED}|[^\s,"])*')
PIECE = re.compile(rf'{QUOTED}|[^"]+')
PIECES = re.compile(rf'(?:{QUOTED}|[^"]+)+')
ANYTHING = Pattern(("", ""))
EXPECTED = {
    Kind.NUMBER: (number, "a number such as 0.8, 1e-4 or 20k, or a range such as 2..5"),
    Kind.MOMENT: (moment, "a time such as 7d, 12h, today or 2026-11-01, or a range of them"),
    Kind.SPAN: (span, "a span of time such as 90s, 15m or 1h30m, or a range of them"),
}


class Wrong(Exception):
    """What is wrong in a term from `start` to `end`, and what to write there instead."""

    def __init__(
        self, words: str, start: int = 0, end: int | None = None, instead: str = ""
    ) -> None:
        super().__init__(words)
        self.start, self.end, self.instead = start, end, instead

    def within(self, text: str, place: int) -> Problem:
        """The same of a term that stands at this place."""
        found = TERM.match(text, place)
        start = place + self.start
        end = place + self.end if self.end is not None else found.end() if found else len(text)
        instead = text[:start] + self.instead + text[end:] if self.instead else ""
        return Problem(start, end, str(self), instead)


def parse(text: str, known: Known = nobody_knows) -> Query:
    groups: list[list[Term]] = []
    problems: list[Problem] = []
    waits: tuple[int, int] | None = None  # the place of an OR that has no second term yet
    for found in TERM.finditer(text):
        if found[0] == "OR":
            if waits or not groups:
                problems.append(Problem(*found.span(), "“OR” stands between two terms."))
            waits = found.span() if groups else None
            continue
        if not waits:
            groups.append([])
        waits = None
        try:
            check_number(groups)
            groups[-1].append(read_term(found[0], known))
        except Wrong as wrong:
            problems.append(wrong.within(text, found.start()))
    if waits:
        problems.append(Problem(*waits, "“OR” stands between two terms."))
    return Query(tuple(tuple(group) for group in groups if group), tuple(problems))


def check_number(groups: list[list[Term]]) -> None:
    if sum(len(group) for group in groups) >= MOST_TERMS:
        raise Wrong(f"A search has at most {MOST_TERMS} terms: this one is left out.")


def read_subject(text: str, known: Known = nobody_knows) -> Subject:
    """What a name alone stands for, as a sort has it; raises NotKnown."""
    found = re.fullmatch(NAME, text)
    if not found:
        raise NotKnown(f"“{text}” is no name.")
    return subject(plain(found[2]), found[1] or "", known)


def read_term(part: str, known: Known) -> Term:
    if not PIECES.fullmatch(part):
        raise Wrong("This quotation mark is not closed.", part.rindex('"'))
    minus = part.startswith("-")
    if part == "-":
        raise Wrong("“-” stands before a term, without a blank.")
    head = HEAD.match(part, int(minus))
    if not head or head[2].lower() == "ft":  # as all names of tuned models begin
        return without_sign(part[minus:], known, minus)
    way, name, sign = head.groups()
    about = known_subject(plain(name), way or "", known, head.start(2), head.end(2))
    tests = read_values(part, head.end(), about, sign)
    return Term(about, tests, minus != (sign == "!="))


def without_sign(words: str, known: Known, is_negated: bool) -> Term:
    """Free words; or a hyperparameter or a key of the metadata that must be there."""
    if words.partition(".")[0] in FREE and words.partition(".")[2]:
        about = known_subject(plain(words), "", known, int(is_negated), None)
        return Term(about, (ANYTHING,), is_negated)
    return Term(TEXT, (pattern(words),), is_negated)


def known_subject(name: str, way: str, known: Known, start: int, end: int | None) -> Subject:
    try:
        return subject(name, way, known)
    except NotKnown as wrong:
        raise Wrong(str(wrong), start, end, wrong.instead) from None


def read_values(part: str, start: int, about: Subject, sign: str) -> tuple[Test, ...]:
    """The values that stand from `start` to the end of the term."""
    tests = []
    while True:
        found = VALUE.match(part, start)
        end = found.end() if found else start
        tests.append(read_value(part[start:end], start, about, sign))
        if end == len(part):
            break
        start = end + 1  # behind the comma
    if len(tests) > 1 and sign[0] in "<>":
        raise Wrong("Only one value can be compared.", start, None)
    return tuple(tests)


def read_value(raw: str, start: int, about: Subject, sign: str) -> Test:
    end = start + len(raw)
    if not raw:
        raise Wrong("A value is expected here.", max(0, start - 1), end)
    words = pattern(raw)
    if words.is_anything and sign[0] not in "<>":
        return words
    if about.kind is Kind.CHOICE:
        return chosen(words, start, end, about.what, sign)
    if about.kind in (Kind.WORDS, Kind.TEXT):
        return worded(words, start, end, about.what, sign)
    if about.kind is Kind.EITHER:
        return either(raw, words, start, sign)
    read, expected = EXPECTED[about.kind]
    try:
        return measured(raw, sign, read)
    except ValueError:
        raise Wrong(f"“{about.what}” is compared with {expected}.", start, end) from None


def either(raw: str, words: Pattern, start: int, sign: str) -> Test:
    """A number where it is one, words else; quotation marks make words of everything."""
    try:
        return measured(raw, sign, number)
    except ValueError:
        if sign[0] in "<>":
            expected = EXPECTED[Kind.NUMBER][1]
            raise Wrong(f"“{sign}” takes {expected}.", start, start + len(raw)) from None
        return words


def measured(raw: str, sign: str, read: Callable[[str], Bounds]) -> Between:
    low, dots, high = raw.partition("..")
    if not dots:
        return compared(sign, read(raw))
    if sign[0] in "<>" or not (low or high):
        raise ValueError
    least = compared(">=", read(low)) if low else Between()
    most = compared("<=", read(high)) if high else Between()
    return Between(least.least, most.most, is_below=most.is_below)


def worded(words: Pattern, start: int, end: int, what: str, sign: str) -> Pattern:
    if sign[0] in "<>":
        raise Wrong(f"“{what}” takes words: {what}:{words.text}.", start, end)
    return words


def chosen(words: Pattern, start: int, end: int, what: str, sign: str) -> Pattern:
    known = CHOICES[what]
    if not any(words.fits(choice) for choice in known):
        expected = ", ".join(known)
        raise Wrong(f"“{what}” is one of {expected}.", start, end, nearest(words.text, known))
    return worded(words, start, end, what, sign)


def pattern(raw: str) -> Pattern:
    """The words, parted where a star stands outside quotation marks."""
    parts = [""]
    for piece in PIECE.findall(raw):
        if piece.startswith('"'):
            parts[-1] += plain(piece)
        else:
            first, *rest = re.split(r"\*+", piece)
            parts[-1] += first
            parts += rest
    return Pattern(tuple(parts))


def plain(raw: str) -> str:
    """The text without its quotation marks."""
    pieces = PIECE.findall(raw)
    return "".join(
        re.sub(r"\\(.)", r"\1", piece[1:-1]) if piece.startswith('"') else piece for piece in pieces
    )
