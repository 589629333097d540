"""What is in the examples. Counts sound examples only, so that it need not doubt what it reads."""

from collections import Counter
from typing import Any

import msgspec

from jobs.datasets.findings import Findings
from jobs.datasets.formats import Format
from jobs.datasets.preview import text
from jobs.datasets.tokens import Tokenizer, limit_of

Json = dict[str, Any]

MOST_IMAGES = 10  # in an example, as OpenAI has it; Azure takes 64
MOST_WITH_IMAGES = 50_000
MOST_KEYS = 50
LONGEST_KEY = 100


class Spread(msgspec.Struct, frozen=True):
    min: int
    median: int
    p95: int
    max: int


class Tokens(msgspec.Struct, frozen=True):
    """Of all sound examples together, but for `spread`, which is of one."""

    total: int
    trained: int  # of it, what the model learns to say
    charged: int  # the total without what is cut off behind the limit
    spread: Spread | None
    limit: int | None  # of an example, by the base model, where it is known
    over_limit: int  # examples
    tokenizer: str
    basis: str
    is_estimate: bool


class Contents(msgspec.Struct, frozen=True):
    roles: dict[str, int]  # messages by role
    turns: Spread | None  # messages of an example
    with_system: int  # examples with a system or developer message
    with_tools: int
    with_images: int
    images: int
    with_weight_0: int
    item_keys: dict[str, int]  # what graders see as item.…, and in how many examples


class Census:
    def __init__(self, form: Format, tokenizer: Tokenizer, model: str) -> None:
        self._form = form
        self._tokenizer = tokenizer
        self._limit = limit_of(model)
        self._total = self._trained = self._charged = self._over = 0
        self._sizes: Counter[int] = Counter()
        self._turns: Counter[int] = Counter()
        self._roles: Counter[str] = Counter()
        self._has: Counter[str] = Counter()
        self._items: Counter[str] = Counter()
        self._images = 0

    def add(self, example: Json, findings: Findings) -> None:
        """Count one sound example, and warn of what only counting shows."""
        self._measure(example, findings)
        messages = self._form.messages(example)
        roles = [message["role"] for message in messages]
        if messages:
            self._turns[len(messages)] += 1
            self._roles.update(roles)
        images = sum(map(images_in, messages))
        if images > MOST_IMAGES:
            findings.warn("images", "messages", f"has {images} images; OpenAI takes {MOST_IMAGES}")
        self._images += images
        self._has["images"] += images > 0
        self._has["system"] += "system" in roles or "developer" in roles
        self._has["tools"] += _declares(example) or _declares(example.get("input"))
        self._has["weight 0"] += any(message.get("weight") == 0 for message in messages)
        for key in (text(name, LONGEST_KEY) for name in self._form.item(example)):
            if key in self._items or len(self._items) < MOST_KEYS:
                self._items[key] += 1

    def _measure(self, example: Json, findings: Findings) -> None:
        size = self._form.size(example, self._tokenizer)
        self._total += size.total
        self._trained += size.trained
        self._sizes[size.total] += 1
        if self._limit and size.total > self._limit:
            self._over += 1
            self._charged += self._limit
            said = f"has {size.total:,} tokens; what is behind {self._limit:,} is cut off"
            findings.warn("length", "", said)
        else:
            self._charged += size.total

    def warn_of_the_whole(self, findings: Findings) -> None:
        count = self._sizes.total()
        for key, times in self._items.items():
            if times < count:
                missing = f"item.{key} is missing in {count - times:,} of {count:,} examples"
                findings.warn("item", "", missing)
        if self._has["images"] > MOST_WITH_IMAGES:
            said = (
                f"{self._has['images']:,} examples have images; OpenAI takes {MOST_WITH_IMAGES:,}"
            )
            findings.warn("images", "", said)

    def tokens(self) -> Tokens:
        return Tokens(
            total=self._total,
            trained=self._trained,
            charged=self._charged,
            spread=spread(self._sizes),
            limit=self._limit,
            over_limit=self._over,
            tokenizer=self._tokenizer.name,
            basis=self._tokenizer.basis,
            is_estimate=self._tokenizer.is_estimate,
        )

    def contents(self) -> Contents:
        return Contents(
            roles=dict(self._roles.most_common()),
            turns=spread(self._turns),
            with_system=self._has["system"],
            with_tools=self._has["tools"],
            with_images=self._has["images"],
            images=self._images,
            with_weight_0=self._has["weight 0"],
            item_keys=dict(sorted(self._items.items())),
        )


def spread(counts: Counter[int]) -> Spread | None:
    """Exact, by nearest rank: equal values are counted together, so even a million take no space."""
    values = sorted(counts)
    return (
        Spread(values[0], _ranked(counts, 0.5), _ranked(counts, 0.95), values[-1])
        if values
        else None
    )


def _ranked(counts: Counter[int], share: float) -> int:
    left = share * counts.total()
    for value, times in sorted(counts.items()):
        left -= times
        if left <= 0:
            return value
    raise ValueError("nothing was counted")


def images_in(message: Json) -> int:
    content = message.get("content")
    return sum(part["type"] == "image_url" for part in content) if type(content) is list else 0


def _declares(holder: object) -> bool:
    return isinstance(holder, dict) and bool(holder.get("tools") or holder.get("functions"))
