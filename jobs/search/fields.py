"""What a search may ask of a job: the fields, and the names that come with the jobs themselves."""

from collections.abc import Callable, Collection
from difflib import get_close_matches
from enum import Enum, auto
from typing import NamedTuple

STATES = (
    "validating",
    "queued",
    "running",
    "pausing",
    "paused",
    "resuming",
    "cancelling",
    "succeeded",
    "failed",
    "cancelled",
    "unknown",
)
HEALTHS = ("stalled", "late", "unread")
QUALITIES = ("active", "ended", "gone", "archived", "pinned")
WAYS = ("last", "min", "max", "best")


class Kind(Enum):
    WORDS = auto()
    TEXT = auto()  # words of which a part is enough
    CHOICE = auto()
    NUMBER = auto()
    MOMENT = auto()
    SPAN = auto()
    EITHER = auto()  # a number or words, as it comes


FIELDS: dict[str, Kind] = {
    "state": Kind.CHOICE,
    "health": Kind.CHOICE,
    "is": Kind.CHOICE,
    "name": Kind.WORDS,
    "id": Kind.WORDS,
    "suffix": Kind.WORDS,
    "model": Kind.WORDS,
    "base": Kind.WORDS,
    "method": Kind.WORDS,
    "account": Kind.WORDS,
    "owner": Kind.WORDS,
    "tag": Kind.WORDS,
    "file": Kind.WORDS,
    "error": Kind.TEXT,
    "loss": Kind.NUMBER,
    "step": Kind.NUMBER,
    "tokens": Kind.NUMBER,
    "epochs": Kind.EITHER,
    "created": Kind.MOMENT,
    "started": Kind.MOMENT,
    "ended": Kind.MOMENT,
    "duration": Kind.SPAN,
}
CHOICES = {"state": STATES, "health": HEALTHS, "is": QUALITIES}
SHORT_FOR = {"epochs": "hp.n_epochs", "base": "model"}
FREE = ("hp", "meta")  # followed by a point and any name

Known = Callable[[str], Collection[str]]
"""Of "metric" or "hp": the names that jobs have. Asked only where a search needs them."""


class Subject(NamedTuple):
    """What is asked about: ("loss", ""), ("hp", "n_epochs"), ("metric", "valid_loss", "min")."""

    what: str
    name: str = ""
    way: str = ""
    kind: Kind = Kind.WORDS


TEXT = Subject("text", kind=Kind.TEXT)


class NotKnown(ValueError):
    """There is no such name; `instead` is the nearest that there is, if any is near."""

    def __init__(self, words: str, instead: str = "") -> None:
        super().__init__(words)
        self.instead = instead


def nobody_knows(what: str) -> Collection[str]:
    return ()


def subject(name: str, way: str, known: Known) -> Subject:
    """What this name stands for; raises NotKnown."""
    short = SHORT_FOR.get(name.lower(), name)
    first, _, rest = short.partition(".")
    if first in FREE and rest and not way:
        return of_job(first, rest, known)
    if short.lower() in FIELDS and not way:
        return Subject(short.lower(), kind=FIELDS[short.lower()])
    metrics = known("metric")
    if short in metrics:
        return Subject("metric", short, way or "last", Kind.NUMBER)
    what = "metric" if way else "field or metric"
    raise not_known(what, name, metrics if way else [*FIELDS, *metrics])


def of_job(first: str, name: str, known: Known) -> Subject:
    if first == "hp" and name not in (names := known("hp")):
        near = nearest(name, names)
        raise NotKnown(f"No job has the hyperparameter “{name}”.", near and f"hp.{near}")
    return Subject(first, name, kind=Kind.EITHER)


def not_known(what: str, name: str, names: Collection[str]) -> NotKnown:
    tip = "" if what == "metric" else " Text with a sign in it goes between quotation marks."
    near = nearest(name, names)
    return NotKnown(f"There is no {what} “{name}”.{'' if near else tip}", near)


def nearest(name: str, names: Collection[str]) -> str:
    return next(iter(get_close_matches(name.lower(), names, 1)), "")


def lower_is_better(metric: str) -> bool:
    """Of losses, errors and perplexity the least is the best value, of all else the greatest."""
    return any(part in metric for part in ("loss", "error", "perplexity"))
