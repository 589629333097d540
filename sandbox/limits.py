"""How often the service may be asked: requests a minute for a key, jobs a day for a model.

By default there is no limit and no word of one: whether the live service sends x-ratelimit-*
on these endpoints is not known.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.catalog import ORGANIZATION, dated
from sandbox.errors import ApiError
from sandbox.records import Job
from sandbox.store import Store, now

DAY = 24 * 3600


@dataclass(frozen=True)
class Allowance:
    """What a bucket held when a request came: `tokens`, the one for it taken out already."""

    per_minute: int
    tokens: float

    @property
    def is_granted(self) -> bool:
        return self.tokens >= 0

    def headers(self) -> dict[str, str]:
        left = max(0.0, self.tokens)
        said = {
            "x-ratelimit-limit-requests": str(self.per_minute),
            "x-ratelimit-remaining-requests": str(math.floor(left)),
            "x-ratelimit-reset-requests": duration(self._seconds_for(self.per_minute - left)),
        }
        if not self.is_granted:
            wait = self._seconds_for(-self.tokens)
            said["retry-after"] = str(math.ceil(wait))
            said["retry-after-ms"] = str(math.ceil(wait * 1000))
        return said

    def refusal(self) -> ApiError:
        limit = self.per_minute
        message = (
            f"Rate limit reached for organization {ORGANIZATION} on requests per min (RPM):"
            f" Limit {limit}, Used {limit}, Requested 1. Please try again in"
            f" {duration(self._seconds_for(-self.tokens))}."
            " Visit https://platform.openai.com/account/rate-limits to learn more."
        )
        return ApiError(message, status=429, kind="requests", code="rate_limit_exceeded")

    def _seconds_for(self, tokens: float) -> float:
        return tokens * 60 / self.per_minute


class Limits:
    """A bucket a key: it holds a minute's requests at most and fills steadily."""

    def __init__(
        self,
        requests_per_minute: int = 0,
        jobs_per_day: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.requests_per_minute = requests_per_minute
        self.jobs_per_day = jobs_per_day
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> Allowance | None:
        """A request's share of its key's bucket; a refused request takes nothing out."""
        if not self.requests_per_minute:
            return None
        moment = self._clock()
        tokens, seen = self._buckets.get(key, (float(self.requests_per_minute), moment))
        filled = tokens + (moment - seen) * self.requests_per_minute / 60
        left = min(filled, self.requests_per_minute) - 1
        self._buckets[key] = (left if left >= 0 else left + 1, moment)
        return Allowance(self.requests_per_minute, left)

    def refuse_beyond_day(self, store: Store, model: str) -> None:
        name = dated(model)
        if not self.jobs_per_day:
            return
        made = store.all(Job, "model = ? AND created_at > ?", [name, now() - DAY])
        if len(made) >= self.jobs_per_day:
            message = (
                "This fine-tune request has been rate-limited. Your organization has reached the"
                f" maximum of {self.jobs_per_day} fine-tuning requests per day for the model"
                f" '{name}'."
            )
            raise ApiError(message, status=429, code="daily_rate_limit_exceeded")


def duration(seconds: float) -> str:
    """As the service writes them: 12ms, 8.64s, 6m0s."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    minutes, rest = divmod(round(seconds, 2), 60)
    return (f"{minutes:.0f}m" if minutes else "") + f"{rest:.2f}".rstrip("0").rstrip(".") + "s"
