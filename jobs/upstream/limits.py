"""How much of the account's allowance is left, as an answer's x-ratelimit-* headers tell it."""

import re
from collections.abc import Mapping
from math import isfinite

from msgspec import Struct

from jobs.upstream.fields import whole

HEADER = re.compile(r"x-ratelimit-(limit|remaining|reset)-(.+)")
LENGTH = re.compile(r"(\d+(?:\.\d+)?)(d|h|ms|m|s|us|µs|ns)")
SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6}
SECONDS["ns"] = 1e-9


class RateLimit(Struct, frozen=True):
    """Of `limit` so many `remaining`; all of them again in `reset` seconds."""

    limit: int | None = None
    remaining: int | None = None
    reset: float | None = None


def read_limits(headers: Mapping[str, str]) -> dict[str, RateLimit]:
    """By what is counted: requests, tokens."""
    told: dict[str, dict[str, str]] = {}
    for name, value in headers.items():
        if found := HEADER.fullmatch(name):
            told.setdefault(found[2], {})[found[1]] = value
    return {
        counted: RateLimit(
            whole(each.get("limit")), whole(each.get("remaining")), seconds(each.get("reset", ""))
        )
        for counted, each in told.items()
    }


def until_more(headers: Mapping[str, str]) -> float | None:
    """Seconds until nothing is used up any more; None when that cannot be told."""
    used_up = [limit.reset for limit in read_limits(headers).values() if limit.remaining == 0]
    return max((reset for reset in used_up if reset is not None), default=None)


def seconds(length: str) -> float | None:
    """`12ms`, `1s`, `6m0s`; a bare number is seconds."""
    parts = LENGTH.findall(length)
    if parts and "".join(number + unit for number, unit in parts) == length:
        total = sum(float(number) * SECONDS[unit] for number, unit in parts)
    else:
        try:
            total = float(length)
        except ValueError:
            return None
    return total if isfinite(total) and total >= 0 else None
