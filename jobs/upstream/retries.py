"""Whether a question is asked again, and after how long: by the rules of the official client.

Two things are not like there. What is an order is sent once, because a second job is billed too. And
silence is not asked again: by then the time that its caller had is over.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

import httpx

MOST_RETRIES = 2
FIRST_WAIT = 0.5
LONGEST_WAIT = 8.0
LONGEST_ASKED_WAIT = 120.0  # who asks for more is not asked again at all
SPREAD = 0.25  # so that many who failed together do not come back together

TEMPORARY = frozenset({408, 409, 429})
BROKEN = (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError)


def wait_before_retry(
    retries: int, outcome: httpx.Response | httpx.TransportError, luck: float
) -> float | None:
    """Seconds, or None where nothing is to be hoped from one more try after so many `retries`.

    `luck` is a random number below one.
    """
    asked = 0.0
    if isinstance(outcome, httpx.Response):
        asked = asked_wait(outcome.headers) or 0.0
    if retries >= MOST_RETRIES or asked > LONGEST_ASKED_WAIT or not is_temporary(outcome):
        return None
    return asked or min(FIRST_WAIT * 2**retries, LONGEST_WAIT) * (1 - SPREAD * luck)


def is_temporary(outcome: httpx.Response | httpx.TransportError) -> bool:
    if isinstance(outcome, httpx.TransportError):
        return isinstance(outcome, BROKEN)
    told = outcome.headers.get("x-should-retry")
    if told in ("true", "false"):
        return bool(told == "true")
    return outcome.status_code in TEMPORARY or outcome.status_code >= 500


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from milliseconds, seconds or a date; None when the API does not say."""
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            wait = float(headers.get(name, "")) / scale
        except ValueError:
            continue
        return wait if isfinite(wait) and wait >= 0 else None
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
