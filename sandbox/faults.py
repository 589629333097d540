"""Faults on demand: which ones are ordered, and which of them meet a request.

Ordered by `--fault` and through /_sandbox/faults. What a fault does to an answer is `sabotage`'s
and `distortions`' business.
"""

import math
import random
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import msgspec


class Trouble(StrEnum):
    """What may go wrong; the value it takes, if any, is said in VALUES."""

    LATENCY = "latency"
    """The answer comes `value` seconds late."""
    ERROR = "error"
    """The answer is a refusal with the status `value`."""
    REDIRECT = "redirect"
    """The answer sends to another host, `value`."""
    HANG = "hang"
    """No answer comes, and the connection stays open."""
    RESET = "reset"
    """No answer comes: the connection is reset (RST)."""
    CUT = "cut"
    """Half of the answer comes, then the connection is reset."""
    DRIP = "drip"
    """The answer comes byte by byte, one in `value` seconds."""
    TRUNCATE = "truncate"
    """Half of the answer comes, as if it were all."""
    HTML = "html"
    """The answer is a proxy's page with the status `value`."""
    HUGE = "huge"
    """The answer is longer by `value` megabytes of blanks."""
    NON_FINITE = "non-finite"
    """Measured numbers are `value`: NaN, Infinity or -Infinity."""
    DUPLICATE_EVENTS = "duplicate-events"
    """Every event is listed twice."""
    SHUFFLE_EVENTS = "shuffle-events"
    """The events of a page are in no order."""
    SAME_SECOND = "same-second"
    """All that happened within `value` seconds happened in one of them."""
    MISSING_HAS_MORE = "missing-has-more"
    """Lists do not say whether they go on."""
    REPEAT_PAGE = "repeat-page"
    """Lists ignore `after`: every page is the first."""
    OLDEST_FIRST = "oldest-first"
    """Lists begin with the oldest."""
    VANISHING_CHECKPOINTS = "vanishing-checkpoints"
    """Only the newest `value` checkpoints are listed."""
    UNKNOWN_STATUS = "unknown-status"
    """Jobs have the status `value`."""


VALUES: dict[Trouble, float | str] = {
    Trouble.LATENCY: 1.0,
    Trouble.ERROR: 500,
    Trouble.REDIRECT: "https://elsewhere.invalid",
    Trouble.DRIP: 1.0,
    Trouble.HTML: 502,
    Trouble.HUGE: 64,
    Trouble.NON_FINITE: "NaN",
    Trouble.SAME_SECOND: 60,
    Trouble.VANISHING_CHECKPOINTS: 0,
    Trouble.UNKNOWN_STATUS: "awaiting_review",
}
"""What `value` is where the order does not say."""
LEAST = {Trouble.ERROR: 400, Trouble.HTML: 200, Trouble.SAME_SECOND: 1}
MOST = {Trouble.ERROR: 599, Trouble.HTML: 599, Trouble.HUGE: 1024}
HEADER = re.compile(r"[ -~]*")

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Times = Annotated[int, msgspec.Meta(ge=1)]
Seed = Annotated[int, msgspec.Meta(ge=0)]


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One order: what goes wrong, and for which requests."""

    name: Trouble
    value: float | str | None = None
    path: str = ""
    """A regular expression that is found in the path; every path has the empty one."""
    method: str = ""
    times: Times | None = None
    """How many requests it still meets; without end if nothing is said."""
    share: Share = 1.0
    """How many of the requests that fit it meets."""
    carried_out: bool = False
    """The request does its work before its answer is lost: for error, redirect, hang and reset."""
    retry_after: float | str | None = None
    """Headers of an error: seconds or a date, …"""
    retry_after_ms: float | None = None
    should_retry: bool | None = None

    def __post_init__(self) -> None:
        if self.value is None:
            self.value = VALUES.get(self.name)
        else:
            self._check_value(self.value)
        if isinstance(self.retry_after, str) and not HEADER.fullmatch(self.retry_after):
            raise ValueError("retry_after cannot be said in a header")
        try:
            re.compile(self.path)
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"the path is no regular expression: {error}") from error

    def _check_value(self, value: float | str) -> None:
        usual = VALUES.get(self.name)
        if usual is None:
            raise ValueError(f"{self.name} takes no value")
        if isinstance(usual, str) != isinstance(value, str):
            kind = "text" if isinstance(usual, str) else "number"
            raise ValueError(f"{self.name} takes a {kind}")
        if isinstance(value, int | float):
            least, most = LEAST.get(self.name, 0), MOST.get(self.name, math.inf)
            if not least <= value <= most:
                raise ValueError(f"{self.name} takes a number from {least} to {most}")
        if self.name is Trouble.NON_FINITE:
            float(value)

    @property
    def number(self) -> float:
        return float(self.value or 0)

    def fits(self, method: str, path: str) -> bool:
        return self.method.upper() in ("", method) and bool(re.search(self.path, path))


class Orders(msgspec.Struct, forbid_unknown_fields=True):
    faults: list[Fault]
    seed: Seed = 0
    """The same seed lets the same requests be met, one after the other."""


class Faults:
    def __init__(self) -> None:
        self.order(Orders([]))

    def order(self, orders: Orders) -> None:
        self.orders = orders
        self.random = random.Random(orders.seed)  # noqa: S311 - to be repeated, not guessed

    def drawn(self, method: str, path: str) -> Sequence[Fault]:
        """Those that meet this request; each of them has one time less."""
        if not self.orders.faults:
            return ()
        fitting = [fault for fault in self.orders.faults if fault.fits(method, path)]
        met = [fault for fault in fitting if self.random.random() < fault.share]
        for fault in met:
            if fault.times is not None:
                fault.times -= 1
        self.orders.faults = [fault for fault in self.orders.faults if fault.times != 0]
        return met


def parsed(text: str) -> Fault:
    """A fault as a flag has it: NAME, NAME=VALUE, or the JSON object that the endpoint takes."""
    if text.startswith("{"):
        return msgspec.json.decode(text, type=Fault)
    name, _, value = text.partition("=")
    given: dict[str, Any] = {"name": name}
    if value:
        given["value"] = value if isinstance(VALUES.get(Trouble(name)), str) else float(value)
    return msgspec.convert(given, Fault)
