"""What was found, and whether it is good enough."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import median
from typing import Literal, NamedTuple

Unit = Literal["ms", "kB", "MiB", "requests", "tasks"]
HEAD = ("goal", "work", "ours", "beside", "ratio", "goal is", "met")
LIMIT = "limit"


class Finding(NamedTuple):
    """Ours must be at most `goal` times theirs. Without a peer, `theirs` is a limit or not known."""

    number: int
    work: str
    unit: Unit
    ours: float
    peer: str
    theirs: float | None
    goal: Fraction

    @property
    def ratio(self) -> float | None:
        return self.ours / self.theirs if self.theirs else None

    @property
    def is_met(self) -> bool | None:
        """None where the peer is not there to be compared with."""
        return None if self.theirs is None else self.ours <= self.goal * self.theirs

    def cells(self) -> tuple[str, ...]:
        met = {True: "yes", False: "**no**", None: ""}[self.is_met]
        ours = amount(self.ours, self.unit)
        if self.peer == LIMIT:
            goal = f"≤ {amount(self.theirs or 0, self.unit)}"
            return str(self.number), self.work, ours, "", "", goal, met
        theirs = "not installed" if self.theirs is None else amount(self.theirs, self.unit)
        ratio = "" if self.ratio is None else times(self.ratio)
        goal = f"≤ {times(float(self.goal))}"
        return str(self.number), self.work, ours, f"{self.peer}: {theirs}", ratio, goal, met


def against(
    peer: str,
    goal: Fraction,
    number: int,
    work: str,
    unit: Unit,
    ours: Sequence[float],
    theirs: Sequence[float],
) -> Finding:
    """The medians of both sides' rounds; no rounds of theirs when the peer is not installed."""
    return Finding(number, work, unit, median(ours), peer, median(theirs) if theirs else None, goal)


def within(most: float, number: int, work: str, unit: Unit, ours: Sequence[float]) -> Finding:
    return Finding(number, work, unit, median(ours), LIMIT, most, Fraction(1))


def amount(value: float, unit: Unit) -> str:
    if unit in ("requests", "tasks"):
        return f"{value:.0f}"
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f} {unit}"


def times(ratio: float) -> str:
    """As people say it: 1/72, or 1.4 times."""
    return f"1/{1 / ratio:.3g}" if 0 < ratio <= 0.5 else f"{ratio:.2g} times"


def table(findings: Iterable[Finding]) -> str:
    """The findings as Markdown, its columns in line so that a console shows it well too."""
    rows: list[Sequence[str]] = [HEAD, *(finding.cells() for finding in findings)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
