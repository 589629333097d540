"""The jobs list as its address describes it: state, search, sort and place, read from a query string.

Bad values fall back and say so in `problems`; what is wrong in a search, in `query.problems`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from jobs.models.finding import condition
from jobs.models.job import Job
from jobs.models.job_query import JobQuerySet
from jobs.models.sorting import NEWEST_FIRST, SORTS, Place, Row, Sort, sort_named
from jobs.models.vocabulary import known
from jobs.search import Query, parse

PAGE = 50
LONGEST_TEXT = 500


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
    problems: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        problems: list[str] = []
        state = state_of(query.get("state", ""), problems)
        text = text_of(query.get("q", ""), problems)
        sort, descending = order_of(query.get("sort", "-created"), problems)
        after, before = (
            place_of(query.get(side, ""), sort, problems) for side in ("after", "before")
        )
        return cls(state, text, sort, descending, after, before, tuple(problems))

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
    def found(self) -> Q:
        return condition(self.search)

    def matching(self) -> JobQuerySet:
        """What the search finds, in any state."""
        return Job.objects.filter(self.found)

    def shown(self) -> JobQuerySet:
        jobs = self.matching()
        return jobs.filter(state=self.state) if self.state else jobs

    def page(self, size: int = PAGE) -> Page:
        back = bool(self.before)
        sort = sorting(self.sort)
        place = Place.read(self.before or self.after, sort)
        down = self.descending != back
        rows = sort.page(self.shown(), place, down=down, back=back, size=size + 1)
        more, rows = len(rows) > size, rows[:size]
        if back:
            rows.reverse()
        has_previous = more if back else bool(place)
        has_next = bool(place) if back else more
        return Page(
            [(pk, revision) for pk, revision, _ in rows],
            place_at(rows[0]) if rows and has_previous else "",
            place_at(rows[-1]) if rows and has_next else "",
        )

    def query(self, **changed: str) -> str:
        """The query string of this listing with something changed; a new order begins at the head."""
        known = {
            "state": self.state,
            "q": self.text,
            "sort": ("-" if self.descending else "") + self.sort,
        } | changed
        known = {name: value for name, value in known.items() if value}
        if known.get("sort") == "-created":
            del known["sort"]
        return urlencode(known)

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


def state_of(asked: str, problems: list[str]) -> str:
    if not asked or asked in Job.State:
        return asked
    problems.append(f"There is no state “{asked}”: all states are shown.")
    return ""


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
