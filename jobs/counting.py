"""What this process has counted since it began: how often, how long, how much is left. Pure.

Counting takes a microsecond and waits for nobody. `vitals.heart` writes it down, `vitals.figures` adds up
what all processes have. A label is one of a few that we know, never something that somebody sends us.
"""

import time
from collections.abc import Iterable
from threading import Lock
from typing import Any

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
SEPARATOR = "|"

Tally = dict[str, dict[str, Any]]


class Counts:
    """Numbers that only grow, lengths of time by bucket, and levels, of which the newest counts.

    Each has a name and labels, written as one key.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.worked_at: float | None = None  # when this process last did what it is there for
        self.numbers: dict[str, float] = {}
        self.times: dict[str, list[float]] = {}  # so many in each bucket, beyond all, and their sum
        self.levels: dict[str, list[float]] = {}  # when it was told, and what

    def worked(self) -> None:
        self.worked_at = time.time()

    def add(self, name: str, *labels: object) -> None:
        key = key_of(name, labels)
        with self.lock:
            self.numbers[key] = self.numbers.get(key, 0) + 1

    def took(self, seconds: float, name: str, *labels: object) -> None:
        key = key_of(name, labels)
        place = next((at for at, most in enumerate(BUCKETS) if seconds <= most), len(BUCKETS))
        with self.lock:
            known = self.times.get(key) or self.times.setdefault(key, [0] * (len(BUCKETS) + 2))
            known[place] += 1
            known[-1] += seconds

    def tell(self, level: float, name: str, *labels: object) -> None:
        with self.lock:
            self.levels[key_of(name, labels)] = [time.time(), level]

    def tally(self) -> Tally:
        with self.lock:
            times = {key: list(found) for key, found in self.times.items()}
            return {"numbers": dict(self.numbers), "times": times, "levels": dict(self.levels)}


def key_of(name: str, labels: Iterable[object]) -> str:
    return SEPARATOR.join((name, *map(str, labels)))


def total(tallies: Iterable[Tally]) -> Tally:
    """What several processes have counted together."""
    numbers: dict[str, float] = {}
    times: dict[str, list[float]] = {}
    levels: dict[str, list[float]] = {}
    for tally in tallies:
        for key, number in tally.get("numbers", {}).items():
            numbers[key] = numbers.get(key, 0) + number
        for key, found in tally.get("times", {}).items():
            before = times.get(key, [0] * len(found))
            times[key] = [a + b for a, b in zip(before, found, strict=True)]
        for key, level in tally.get("levels", {}).items():
            levels[key] = max(level, levels.get(key) or level)
    return {"numbers": numbers, "times": times, "levels": levels}


def since(tally: Tally, before: Tally) -> Tally:
    """What came to it since it was `before`."""
    numbers, times = before.get("numbers", {}), before.get("times", {})
    return tally | {
        "numbers": {key: n - numbers.get(key, 0) for key, n in tally["numbers"].items()},
        "times": {
            key: [a - b for a, b in zip(found, times.get(key, [0] * len(found)), strict=True)]
            for key, found in tally["times"].items()
        },
    }


here = Counts()
