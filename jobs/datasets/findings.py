"""What is wrong with a file, in the order in which it was found: all counted, the first kept."""

from collections import Counter
from collections.abc import Iterable

import msgspec

MOST_KEPT = 100
MOST_SHOWN = 40  # characters of a value in a message


class Problem(msgspec.Struct, frozen=True):
    """An error is what the service refuses; a warning is what somebody should look at."""

    line: int  # 0 is the file as a whole
    field: str  # messages[2].content; "" is the line as a whole
    message: str
    severity: str  # "error" or "warning"
    kind: str  # a word for problems of one sort: role, content, tools …


class Findings:
    """Collects problems; `line` says where whoever judges is reading."""

    def __init__(self) -> None:
        self.line = 0
        self.kinds: Counter[str] = Counter()
        self.errors = 0
        self._kept: dict[str, list[Problem]] = {"error": [], "warning": []}

    def error(self, kind: str, field: str, message: str) -> None:
        self.errors += 1
        self._add(kind, field, message, "error")

    def warn(self, kind: str, field: str, message: str) -> None:
        self._add(kind, field, message, "warning")

    def _add(self, kind: str, field: str, message: str, severity: str) -> None:
        self.kinds[kind] += 1
        kept = self._kept[severity]
        if len(kept) < MOST_KEPT:
            kept.append(Problem(self.line, field, message, severity, kind))

    @property
    def count(self) -> int:
        return self.kinds.total()

    def kept(self) -> list[Problem]:
        """The first hundred by line; errors keep their places before warnings do."""
        errors, warnings = self._kept["error"], self._kept["warning"]
        first = [*errors, *warnings[: MOST_KEPT - len(errors)]]
        return sorted(first, key=lambda problem: problem.line)


def shown(value: object) -> str:
    """A value as a message names it: short, and without characters that a page cannot bear."""
    if isinstance(value, str):
        short = value if len(value) <= MOST_SHOWN else value[: MOST_SHOWN - 1] + "…"
        return f"'{short}'" if short.isprintable() else ascii(short)
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return msgspec.json.encode(value).decode()[:MOST_SHOWN]


def listed(names: Iterable[str]) -> str:
    """Some names in a message, in order, and not all of very many."""
    some = sorted(names)
    more = [f"{len(some) - 8} more"] if len(some) > 8 else []
    return ", ".join([*map(shown, some[:8]), *more])
