"""The jobs list as its address describes it: state, text, sort and place, read from a query string.

Bad values fall back and say so in `problems`. Paging goes by keys, not by counting: a page begins
behind (or ends before) a given row, so it costs the same anywhere and nothing is shown twice.
"""

import base64
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import F, Q

from jobs.models.job import Job
from jobs.models.job_query import JobQuerySet

PAGE = 50
MOST_WORDS = 10  # that a search may have: each is looked for in every name and id
LONGEST_TEXT = 200

SORTS = {
    "created": "created_at",
    "name": "name",
    "state": "state",
    "model": "base_model",
    "method": "method",
    "account": "account__name",
    "step": "step",
    "loss": "best_loss",
    "started": "started_at",
    "ended": "ended_at",
}


def words(value: Any) -> str:
    """Text as every database takes it."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    return value.encode().decode()


def whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError
    return value


def finite(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError
    return float(value)


def moment(value: Any) -> datetime:
    return datetime.fromisoformat(value["at"]).astimezone(UTC)


Kind = Callable[[Any], Any]
KINDS: dict[str, Kind] = {
    "created": moment,
    "started": moment,
    "ended": moment,
    "step": whole,
    "loss": finite,
}  # all others are words


class Cursor(NamedTuple):
    """A row's place: the value it is sorted by, and its key where values are equal."""

    value: Any
    pk: int

    @classmethod
    def read(cls, text: str, sort: str) -> Self | None:
        """None where this is no place in this order: anybody may write an address."""
        try:
            value, pk = json.loads(base64.urlsafe_b64decode(text.encode()))
            kind: Kind = KINDS.get(sort, words)
            return cls(None if value is None else kind(value), whole(pk))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None

    def __str__(self) -> str:
        value = {"at": self.value.isoformat()} if isinstance(self.value, datetime) else self.value
        return base64.urlsafe_b64encode(json.dumps([value, self.pk]).encode()).decode()


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

    def matching(self) -> JobQuerySet:
        jobs = Job.objects.matching(self.text)
        return jobs.filter(state=self.state) if self.state else jobs

    def page(self, size: int = PAGE) -> Page:
        backwards = bool(self.before)
        cursor = Cursor.read(self.before or self.after, self.sort)
        field = SORTS[self.sort]
        down = self.descending != backwards
        jobs = self.matching()
        if cursor:
            jobs = jobs.filter(behind(field, cursor, down=down, nulls_follow=not backwards))
        jobs = jobs.order_by(*order(field, down=down, nulls_follow=not backwards))
        rows = list(jobs.values_list("pk", "revision", field)[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        if backwards:
            rows.reverse()
        has_previous = more if backwards else bool(cursor)
        has_next = bool(cursor) if backwards else more
        return Page(
            [(pk, revision) for pk, revision, _ in rows],
            place(rows[0]) if rows and has_previous else "",
            place(rows[-1]) if rows and has_next else "",
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
        down = not self.descending if sort == self.sort else sort in ("created", "started", "ended")
        return replace(self, sort=sort, descending=down, after="", before="")


def place(row: tuple[int, int, Any]) -> str:
    pk, _, value = row
    return str(Cursor(value, pk))


def state_of(asked: str, problems: list[str]) -> str:
    if not asked or asked in Job.State:
        return asked
    problems.append(f"There is no state “{asked}”: all states are shown.")
    return ""


def text_of(asked: str, problems: list[str]) -> str:
    text = asked.replace("\0", "").strip()
    if len(text) <= LONGEST_TEXT and len(text.split()) <= MOST_WORDS:
        return text
    kept = " ".join(text[:LONGEST_TEXT].split()[:MOST_WORDS])
    problems.append(f"The search is too long: only “{kept}” is looked for.")
    return kept


def order_of(asked: str, problems: list[str]) -> tuple[str, bool]:
    sort = asked.removeprefix("-")
    if sort in SORTS:
        return sort, asked.startswith("-")
    problems.append(f"Jobs cannot be sorted by “{sort}”: the newest come first.")
    return "created", True


def place_of(asked: str, sort: str, problems: list[str]) -> str:
    if not asked or Cursor.read(asked, sort):
        return asked
    problems.append("The place in the list could not be read: this is its beginning.")
    return ""


def order(field: str, *, down: bool, nulls_follow: bool) -> list[Any]:
    """Rows without a value come last, whichever way the others are sorted."""
    if field == "created_at":
        return ["-created_at", "-pk"] if down else ["created_at", "pk"]
    place = {"nulls_last": True} if nulls_follow else {"nulls_first": True}
    column = F(field).desc(**place) if down else F(field).asc(**place)
    return [column, "-pk" if down else "pk"]


def behind(field: str, cursor: Cursor, *, down: bool, nulls_follow: bool) -> Q:
    """The rows that come after the cursor in the order above."""
    side = "lt" if down else "gt"
    if cursor.value is None:
        same = Q(**{f"{field}__isnull": True, f"pk__{side}": cursor.pk})
        return same if nulls_follow else same | Q(**{f"{field}__isnull": False})
    further = Q(**{f"{field}__{side}": cursor.value}) | Q(
        **{field: cursor.value, f"pk__{side}": cursor.pk}
    )
    return further | Q(**{f"{field}__isnull": True}) if nulls_follow else further
