"""How often the service was asked, and for what: for tests that count requests."""

import re
from collections import Counter

from sandbox.records import Json

ID = re.compile(
    r"(?<=/)(jobs|checkpoints|permissions|files|uploads|models|webhook_endpoints)/[^/]+"
)


class Ledger:
    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def note(self, method: str, path: str) -> None:
        self._counts[method, ID.sub(r"\1/{id}", path)] += 1

    def entries(self) -> list[Json]:
        return [
            {"method": method, "route": route, "count": count}
            for (method, route), count in sorted(self._counts.items())
        ]

    def clear(self) -> None:
        self._counts.clear()
