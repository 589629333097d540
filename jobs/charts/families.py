"""Which metrics share a chart, and what each of its lines is called.

What is measured in the same unit goes on one chart. A metric that no pattern knows has one of its own,
together with its kin: `train_kl` and `valid_kl` are both on “Kl”. Names are their services', of any form;
what is made of them here is for people.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

TITLES = {
    "loss": "Loss",
    "accuracy": "Accuracy",
    "reward": "Reward",
    "errors": "Errors",
    "error-counts": "Errors counted",
    "tokens": "Tokens",
    "token-counts": "Tokens counted",
    "timing": "Seconds",
}
PATTERNS = {
    "loss": r"_loss$",
    "accuracy": r"_accuracy$",
    "timing": r"^timing\.",
    "error-counts": r"error.*_count$",
    "errors": r"^errors\.|error|unresponsive",
    "token-counts": r"tokens.*_count$",
    "tokens": r"^usage\.|tokens",
    "reward": r"reward",
}
"""The first one that fits a metric's name."""

ROLES = ("train", "valid", "full")
ROLE = re.compile(r"^(?:(train|valid)_|(full)_valid_)")
ROLE_WORDS = {"train": "training", "valid": "validation (batch)", "full": "validation (full)"}
SENTENCES = {
    "train": "On the examples of that step, just before the model learns from them: it jumps with"
    " the batch.",
    "valid": "On one batch of the validation file: a sample, so it jumps with the batch.",
    "full": "On the whole validation file: the one to judge a checkpoint by.",
}
UNSAID = {
    "loss": {"loss"},
    "accuracy": {"mean", "token", "accuracy"},
    "reward": {"mean", "reward"},
    "errors": {"mean", "error"},
    "error-counts": {"count", "error"},
    "tokens": {"mean", "tokens"},
    "token-counts": {"count", "tokens"},
    "timing": {"mean"},
}
"""Words of a name that its chart says already."""

HOUSING = {"graders", "scores", "errors", "usage", "timing"}


@cache
def family_of(name: str) -> str:
    """The chart on which a metric is drawn, as a word for addresses."""
    known = (family for family, pattern in PATTERNS.items() if re.search(pattern, name))
    return next(known, "") or own_family(name)


def own_family(name: str) -> str:
    kin = ROLE.sub("", name.rpartition(".")[2].lower())
    return re.sub(r"[^a-z0-9]+", "-", kin).strip("-")[:60] or "other"


MOST_SHOWN = 12  # lines of a card, unless the reader wants others


class Line(NamedTuple):
    name: str
    label: str
    about: str
    is_shown: bool


class Card(NamedTuple):
    """One chart of a page, with its lines from the lowest to the topmost."""

    family: str
    title: str
    lines: list[Line]


def cards(names: Iterable[str]) -> list[Card]:
    """Those that these metrics need; without any, one that waits for a loss."""
    found = families(names) or {"loss": []}
    return [card_of(family, those) for family, those in found.items()]


def card_of(family: str, names: Iterable[str]) -> Card:
    said = labels(names).items()
    lines = [
        Line(name, label, about(name), place < MOST_SHOWN)
        for place, (name, label) in enumerate(said)
    ]
    return Card(family, title(family), lines)


def families(names: Iterable[str]) -> dict[str, list[str]]:
    """The charts that these metrics need, in the order in which a page shows them."""
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=rank):
        found.setdefault(family_of(name), []).append(name)
    known = [family for family in TITLES if family in found]
    return {family: found[family] for family in [*known, *sorted(found.keys() - set(known))]}


def title(family: str) -> str:
    return TITLES.get(family, family.replace("-", " ").capitalize())


def rank(name: str) -> tuple[int, str]:
    """Train first, then batches of validation, then the whole validation set on top."""
    part = role(name)
    return (ROLES.index(part) if part else len(ROLES), name)


@cache
def role(name: str) -> str:
    found = ROLE.match(name.rpartition(".")[2])
    return (found[1] or found[2]) if found else ""


@cache
def group(name: str) -> str:
    """What a line tells beside its role: the grader, and what of it; nothing where that is all."""
    *path, last = name.split(".")
    unsaid = UNSAID.get(family_of(name), set())
    rest = [word for word in re.split(r"[_\s]+", ROLE.sub("", last)) if word not in unsaid]
    told = [part for part in path if part not in HOUSING]
    if not told and "scores" in path:
        told = ["all graders"]
    return " · ".join(filter(None, [*told, " ".join(rest)]))


def label(name: str) -> str:
    """scores.graders.exact.train_reward_mean: "exact · training"."""
    return " · ".join(filter(None, [group(name), ROLE_WORDS.get(role(name), "")])) or name


def labels(names: Iterable[str]) -> dict[str, str]:
    """The names in words, where these tell them apart."""
    said = {name: label(name) for name in names}
    words = list(said.values())
    return {name: word if words.count(word) == 1 else name for name, word in said.items()}


def about(name: str) -> str:
    """One honest sentence about what was measured on what."""
    return SENTENCES.get(role(name), f"As the service reports it: {name}.")
