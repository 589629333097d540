"""The jobs list as its address describes it: state, search, sort and place, read from a query string.

Bad values fall back and say so in `problems`; what is wrong in a search, in `query.problems`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import NamedTuple, Self
from urllib.parse import urlencode

from django.utils import timezone

from jobs.models.columns import read_columns, read_stay
from jobs.models.finding import Found, find
from jobs.models.job import Job
from jobs.models.job_query import JobQuerySet
from jobs.models.sorting import NEWEST_FIRST, SORTS, Place, Row, Sort, sort_named
from jobs.models.sources import NOBODY, Reader
from jobs.models.vocabulary import known
from jobs.search import Query, parse
from jobs.search.writing import with_term, without_term

PAGE = 50
NEAR = 200  # rows among which a page is looked for first, where a search finds many
LONGEST_TEXT = 500
MOST_DIGITS = 18
ARCHIVED = "is:archived"


class Page(NamedTuple):
    """`rows` are (pk, revision): enough to know which rendered rows are still good."""

    rows: list[tuple[int, int]]
    previous: str
    next: str


@dataclass(frozen=True)
class Listing:
    state: str = ""
    text: str = ""
    sort: str = "created"
    descending: bool = True
    after: str = ""
    before: str = ""
    columns: tuple[str, ...] = ()  # empty: the usual ones
    stay: int = 0  # how many of them stay in view while the others move under them
    view: str = ""  # the saved view that was opened
    problems: tuple[str, ...] = ()
    reader: Reader = NOBODY

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        problems: list[str] = []
        state = state_of(query.get("state", ""), problems)
        text = text_of(asked_of(query), problems)
        sort, descending = order_of(query.get("sort", "-created"), problems)
        after, before = (
            place_of(query.get(side, ""), sort, problems) for side in ("after", "before")
        )
        columns = read_columns(query.get("columns", ""), problems)
        stay = read_stay(query.get("stay", ""), problems) if columns else 0
        view = view_of(query.get("view", ""))
        place = (after, before)
        return cls(state, text, sort, descending, *place, columns, stay, view, tuple(problems))

    def seen_by(self, reader: Reader) -> Self:
        """What this person gets, which is another list only where it asks for what is theirs."""
        return replace(self, reader=reader) if self.search.is_personal else self

    @property
    def is_filtered(self) -> bool:
        return bool(self.state or self.text)

    @property
    def is_head(self) -> bool:
        return not (self.after or self.before)

    @cached_property
    def search(self) -> Query:
        return parse(self.text, known)

    @property
    def minute(self) -> int:
        return minute_of(self.search)

    @cached_property
    def found(self) -> Found:
        return find(self.search, self.reader)

    def matching(self) -> JobQuerySet:
        """What the search finds, in any state, for those who count it."""
        return self.whole().filter(self.found.to_count)

    def shown(self) -> JobQuerySet:
        return self.in_state().filter(self.found.to_walk)

    def in_state(self) -> JobQuerySet:
        return self.whole().filter(state=self.state) if self.state else self.whole()

    def whole(self) -> JobQuerySet:
        """All that a search looks among. What was put away is only where it is asked for."""
        jobs = Job.objects.all()
        return jobs if self.search.reaches_archive else jobs.filter(archived_at=None)

    def pinned(self, pins: Sequence[int]) -> list[tuple[int, int]]:
        """Those of the pinned jobs that are shown, as a page has them, at its head."""
        if not pins or not self.is_head:
            return []
        found = dict(self.shown().filter(pk__in=pins).values_list("pk", "revision"))
        return [(pk, found[pk]) for pk in pins if pk in found]

    def page(self, size: int = PAGE, pins: Sequence[int] = ()) -> Page:
        back = bool(self.before)
        rows = self.rows(size + 1, pins)
        more, rows = len(rows) > size, rows[:size]
        if back:
            rows.reverse()
        has_previous = more if back else not self.is_head
        has_next = back or more
        return Page(
            [(pk, revision) for pk, revision, _ in rows],
            place_at(rows[0]) if rows and has_previous else "",
            place_at(rows[-1]) if rows and has_next else "",
        )

    def rows(self, size: int, pins: Sequence[int]) -> list[Row]:
        """The next rows behind the place: what many jobs meet, fills a page from the nearest."""
        sort = sorting(self.sort)
        place = Place.read(self.before or self.after, sort)
        walk = partial(sort.page, place=place, descending=self.descending, back=bool(self.before))
        if self.found.groups:
            near = walk(self.in_state().exclude(pk__in=pins), size=NEAR)
            held = self.found.among({pk for pk, _, _ in near})
            rows = [row for row in near if row[0] in held]
            if len(rows) >= size or len(near) < NEAR:
                return rows[:size]
        return walk(self.shown().exclude(pk__in=pins), size=size)

    def fields(self) -> dict[str, str]:
        """What tells this listing from the plain one, its place left out."""
        told = {
            "state": self.state,
            "q": self.text,
            "sort": ("-" if self.descending else "") + self.sort,
            "columns": ",".join(self.columns),
            "stay": str(self.stay or ""),
            "view": self.view,
        }
        return {name: value for name, value in told.items() if value and value != "-created"}

    def kept(self) -> list[tuple[str, str]]:
        """What a new search keeps, beside state and order."""
        told = self.fields()
        return [(name, told[name]) for name in ("columns", "stay", "view") if name in told]

    def archive(self) -> str:
        """The query string of this list in the archive, or, from there, of the jobs outside it."""
        turned = without_term if self.search.reaches_archive else with_term
        return self.query(state="", q=turned(self.text, ARCHIVED))

    def rest(self) -> list[tuple[str, str]]:
        """All but the columns and how many stay."""
        told = self.fields().items()
        return [(name, value) for name, value in told if name not in ("columns", "stay")]

    def query(self, **changed: str) -> str:
        """The query string of this listing with something changed; a new order begins at the head."""
        known = self.fields() | changed
        return urlencode({name: value for name, value in known.items() if value}, safe=",()")

    def sorted_by(self, sort: str) -> Self:
        """This listing as a click on a column's head gives it: the same column again turns it round."""
        down = not self.descending if sort == self.sort else sort in NEWEST_FIRST
        return replace(self, sort=sort, descending=down, after="", before="")


def minute_of(search: Query) -> int:
    """Another number each minute where time changes what is found: nothing is good for longer."""
    return int(timezone.now().timestamp() // 60) if search.is_relative else 0


def sorting(name: str) -> Sort:
    return sort_named(name) or SORTS["created"]


def place_at(row: Row) -> str:
    pk, _, value = row
    return str(Place(value, pk))


def view_of(asked: str) -> str:
    return asked if asked.isdecimal() and len(asked) <= MOST_DIGITS else ""


def state_of(asked: str, problems: list[str]) -> str:
    if not asked or asked in Job.State:
        return asked
    problems.append(f"There is no state “{asked}”: all states are shown.")
    return ""


def asked_of(query: Mapping[str, str]) -> str:
    """The search; the archive had an address of its own once, which still leads there."""
    text = query.get("q", "")
    return with_term(text, ARCHIVED) if query.get("archived") == "1" else text


def text_of(asked: str, problems: list[str]) -> str:
    text = asked.replace("\0", "").strip()
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT].strip()
        problems.append("The search is too long: its end was cut off.")
    return text


def order_of(asked: str, problems: list[str]) -> tuple[str, bool]:
    sort = asked.removeprefix("-")
    if sort_named(sort):
        return sort, asked.startswith("-")
    problems.append(f"Jobs cannot be sorted by “{sort}”: the newest come first.")
    return "created", True


def place_of(asked: str, sort: str, problems: list[str]) -> str:
    if not asked or Place.read(asked, sorting(sort)):
        return asked
    problems.append("The place in the list could not be read: this is its beginning.")
    return ""
