"""What stands behind a field's sign: words with wildcards, numbers, moments and spans of time."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([kmg]?)", re.IGNORECASE)
TIMES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
SPAN = re.compile(r"(?:\d{1,9}(?:\.\d{1,9})?[smhdw])+", re.IGNORECASE)
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
LONGEST = 100 * 366 * 86400  # seconds that a person may mean
MOMENT = re.compile(
    r"(\d{4})(?:-(\d\d?)(?:-(\d\d?)(?:T(\d\d?):(\d\d)(?::(\d\d))?Z?)?)?)?", re.IGNORECASE
)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pattern:
    """Words: what stands between the wildcards, the whole of it when there is none."""

    parts: tuple[str, ...]

    @property
    def is_anything(self) -> bool:
        return len(self.parts) > 1 and not any(self.parts)

    @property
    def is_plain(self) -> bool:
        return len(self.parts) == 1

    @property
    def text(self) -> str:
        return "*".join(self.parts)

    def fits(self, text: str) -> bool:
        pattern = ".*".join(re.escape(part) for part in self.parts)
        return re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL) is not None


class Ago(NamedTuple):
    """A moment so many seconds before now, or, of whole days, before the last midnight (UTC)."""

    seconds: float = 0
    days: int | None = None

    def at(self, now: datetime) -> datetime:
        if self.days is None:
            return now - timedelta(seconds=self.seconds)
        return now.replace(hour=0, minute=0, second=0, microsecond=0) - self.days * DAY


@dataclass(frozen=True)
class Between:
    """From `least` to `most`, either of them open (None) or not itself included."""

    least: Any = None
    most: Any = None
    is_above: bool = False
    is_below: bool = False

    @property
    def is_relative(self) -> bool:
        return isinstance(self.least, Ago) or isinstance(self.most, Ago)


Test = Pattern | Between
Bounds = tuple[Any, Any]  # where a value begins and ends: a day does not end where it begins


def number(text: str) -> Bounds:
    found = NUMBER.fullmatch(text)
    value = float(found[1]) * TIMES[found[2].lower()] if found else math.nan
    if not math.isfinite(value):
        raise ValueError
    return value, value


def span(text: str) -> Bounds:
    return (seconds := seconds_of(text)), seconds


def seconds_of(text: str) -> float:
    if not SPAN.fullmatch(text):
        raise ValueError
    parts = re.findall(r"([\d.]+)([a-z])", text.lower())
    seconds = sum(float(amount) * SECONDS[unit] for amount, unit in parts)
    if seconds > LONGEST:
        raise ValueError
    return seconds


def moment(text: str) -> Bounds:
    """A moment ago, or the year, month, day, minute or second that is written, in UTC."""
    if text.lower() in ("today", "yesterday"):
        days = int(text.lower() == "yesterday")
        return Ago(days=days), Ago(days=days - 1)
    if SPAN.fullmatch(text):
        return (ago := Ago(seconds_of(text))), ago
    return written(text)


def written(text: str) -> tuple[datetime, datetime]:
    found = MOMENT.fullmatch(text)
    if not found:
        raise ValueError
    numbers = [int(each) for each in found.groups() if each is not None]
    year, month, day, hour, minute, second = numbers + [1, 1, 0, 0, 0][len(numbers) - 1 :]
    begin = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    try:
        return begin, following(begin, len(numbers))
    except OverflowError as never:
        raise ValueError from never


def following(begin: datetime, precision: int) -> datetime:
    """The next year, month, day, minute or second."""
    if precision == 1:
        return begin.replace(year=begin.year + 1)
    if precision == 2:
        return (begin + 31 * DAY).replace(day=1)
    steps = {3: DAY, 5: timedelta(minutes=1), 6: timedelta(seconds=1)}
    return begin + steps[precision]


def compared(sign: str, bounds: Bounds) -> Between:
    """What `sign` leaves of all values. Of what lasts, `>` means after its end.

    No job was made exactly seven days ago: `created:7d` are those that were made since.
    """
    begin, end = bounds
    lasts = begin != end
    if isinstance(begin, Ago) and not lasts and sign in (":", "="):
        sign = ">"
    if sign in (":", "=", "!="):
        return Between(begin, end, is_below=lasts)
    if sign in (">", ">="):
        return Between(begin if sign == ">=" else end, is_above=sign == ">" and not lasts)
    return Between(
        most=begin if sign == "<" else end, is_below=sign == "<" or (sign == "<=" and lasts)
    )
