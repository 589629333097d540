"""What the list's filter offers: terms of a search that jobs can fit, under the names of its fields."""

from collections.abc import Iterable
from typing import NamedTuple

from jobs.models.account import Account
from jobs.models.job import Job
from jobs.models.measures import Head
from jobs.models.order import Order
from jobs.models.tag import Tag
from jobs.models.trait import Trait
from jobs.models.vocabulary import distinct, known
from jobs.search.fields import WAYS
from jobs.search.writing import alone, exact

SIGNS = {
    ":": "is",
    "!=": "is not",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
}
WHICH = {
    "is:active": "Active",
    "is:ended": "Ended",
    "is:gone": "Gone at the service",
    "is:pinned": "Pinned by me",
    "is:archived": "Archived",
}
CREATED = {
    "created:today": "Today (UTC)",
    "created>24h": "In the last 24 hours",
    "created>7d": "In the last 7 days",
    "created>30d": "In the last 30 days",
    "created>90d": "In the last 90 days",
    "created>365d": "In the last 365 days",
}
OTHERS = ("loss", "step", "tokens", "duration", "started", "ended", "created")
TEXTS = ("name", "suffix", "id", "file", "error")


class Option(NamedTuple):
    term: str
    label: str
    is_chosen: bool


class Control(NamedTuple):
    """One of its options may be chosen, or none."""

    label: str
    options: list[Option]


def controls(text: str) -> list[Control]:
    """All that have a choice; what the search says already is chosen."""
    said = alone(text)
    return [
        Control(label, [Option(term, words, term.lower() in said) for term, words in terms.items()])
        for label, terms in offered().items()
        if terms
    ]


def offered() -> dict[str, dict[str, str]]:
    """By the name of the control: the terms, each with what it is called there."""
    owners = Order.objects.exclude(upstream_id="").values_list("asked_by__username", flat=True)
    tags = terms("tag", distinct(Tag, "name"))
    return {
        "Account": terms("account", Account.objects.values_list("name", flat=True)),
        "Base model": terms("model", distinct(Job, Head.sql("base_model"))),
        "Method": terms("method", distinct(Job, Head.sql("method"))),
        "Owner": {"owner:me": "Me"} | terms("owner", filter(None, owners)) | {"-owner:*": "Nobody"},
        "Tag": tags | {"-tag:*": "None"} if tags else {},
        "Health": terms("health", Job.Health.values, dict(Job.Health.choices)),
        "Jobs that are": WHICH,
        "Created": CREATED,
    }


def terms(field: str, words: Iterable[str], labels: dict[str, str] | None = None) -> dict[str, str]:
    told = sorted(set(words), key=str.lower)
    return {exact(field, each): (labels or {}).get(each, each) for each in told}


def names() -> list[str]:
    """What can be compared with a value: the other fields, and what jobs have under names of their own."""
    traits = sorted(distinct(Trait, "name") - {"file"})
    metrics = [
        each for name in known("metric") for each in (name, *(f"{way}({name})" for way in WAYS[1:]))
    ]
    return [*OTHERS, *TEXTS, *traits, *metrics]
