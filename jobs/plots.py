"""Places of dots and lines on small plots that the server draws as SVG. Figures in, percentages out.

Plots without a script: a scatter, and parallel coordinates. All places are percentages of the plot, so
that it fits any width while its words keep their size.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

EDGE = 5.0  # percent that stay free on both sides
APART = 9.0  # percent that two ticks are apart at least
WIDE = 50  # times: numbers that span more are laid out by their logarithm
NEAR = (2.5, 6.0)  # percent: dots nearer than this would cover each other
SHIFTS = (0, 1, -1, 2, -2)
FEW = 7  # values that are ticks themselves
DIGITS, MOST_DIGITS = 6, 15  # of a tick
LEAST = 1e-300  # a smaller distance is none …
GREATEST = 1e300  # … and more is no number: twice as much is none for a computer


class Tick(NamedTuple):
    at: float
    text: str


class Axis(NamedTuple):
    """Where each value lies, from 0 to 100."""

    ticks: list[Tick]
    places: dict[Hashable, float]
    is_log: bool


class Dot(NamedTuple):
    key: Hashable
    x: float
    y: float


class Scatter(NamedTuple):
    dots: list[Dot]
    x: Axis
    y: Axis


class Line(NamedTuple):
    key: Hashable
    segments: list[tuple[float, float, float, float]]


class Upright(NamedTuple):
    """One axis of parallel coordinates."""

    name: str
    at: float
    axis: Axis


class Parallel(NamedTuple):
    axes: list[Upright]
    lines: list[Line]


def scatter(across: Mapping[Hashable, Any], up: Mapping[Hashable, float]) -> Scatter:
    """A dot for each key that has both values."""
    both = [key for key in across if key in up]
    x, y = axis([across[key] for key in both]), axis([up[key] for key in both], is_measured=True)
    dots = [Dot(key, x.places[across[key]], 100 - y.places[up[key]]) for key in both]
    return Scatter(
        beside(dots), x, y._replace(ticks=[tick._replace(at=100 - tick.at) for tick in y.ticks])
    )


def beside(dots: Sequence[Dot]) -> list[Dot]:
    """Few dots hide others: what would lie on one is moved aside, but not so far that it misleads."""
    moved: list[Dot] = []
    for dot in dots:
        places = [dot._replace(x=round(dot.x + shift * NEAR[0], 2)) for shift in SHIFTS]
        moved.append(next((place for place in places if is_free(place, moved)), dot))
    return moved


def is_free(dot: Dot, others: Sequence[Dot]) -> bool:
    return not any(abs(dot.x - o.x) < NEAR[0] and abs(dot.y - o.y) < NEAR[1] for o in others)


def parallel(columns: Sequence[tuple[str, Mapping[Hashable, Any]]]) -> Parallel:
    """A line for each key through its values; where it lacks one, the line has a gap. The last column
    is what was measured.
    """
    step = 100 / max(1, len(columns) - 1)
    axes = [
        Upright(
            name,
            index * step,
            upside_down(axis(list(values.values()), is_measured=index == len(columns) - 1)),
        )
        for index, (name, values) in enumerate(columns)
    ]
    heights = [
        {key: upright.axis.places[value] for key, value in values.items()}
        for upright, (_, values) in zip(axes, columns, strict=True)
    ]
    keys = dict.fromkeys(key for each in heights for key in each)
    lines = [
        Line(
            key,
            [
                (axes[at].at, heights[at][key], axes[at + 1].at, heights[at + 1][key])
                for at in range(len(axes) - 1)
                if key in heights[at] and key in heights[at + 1]
            ],
        )
        for key in keys
    ]
    return Parallel(axes, lines)


def upside_down(given: Axis) -> Axis:
    """For heights: 0 is the top of a plot."""
    return given._replace(
        ticks=[tick._replace(at=100 - tick.at) for tick in given.ticks],
        places={value: 100 - at for value, at in given.places.items()},
    )


def axis(values: Sequence[Any], *, is_measured: bool = False) -> Axis:
    """Numbers lie by their size, anything else evenly in the order of its words. What was chosen is
    marked as it was chosen, while it is few values; what was measured, by round numbers.
    """
    numbers = [value for value in values if is_number(value)]
    if len(numbers) < len(values):
        return of_words(values)
    low, high = min(numbers, default=0), max(numbers, default=0)
    is_log = low > 0 and high / low >= WIDE
    size = math.log10 if is_log else float
    places: dict[Hashable, float] = {
        value: between(size(value), size(low), size(high)) for value in numbers
    }
    chosen = sorted(set(numbers))
    is_spelled_out = high - low < LEAST or (len(chosen) <= FEW and not is_measured)
    marked = chosen if is_spelled_out else round_numbers(low, high, is_log)
    digits = digits_of(marked)
    ticks = [
        Tick(between(size(each), size(low), size(high)), told(each, digits)) for each in marked
    ]
    return Axis(spread(ticks), places, is_log)


def is_number(value: Any) -> bool:
    """One that can be reckoned with: services know no bounds."""
    return type(value) in (int, float) and abs(value) <= GREATEST


def of_words(values: Sequence[Any]) -> Axis:
    words = sorted({str(value) for value in values})
    at = {word: between(index, 0, len(words) - 1) for index, word in enumerate(words)}
    places: dict[Hashable, float] = {value: at[str(value)] for value in values}
    return Axis([Tick(place, word) for word, place in at.items()], places, False)


def between(value: float, low: float, high: float) -> float:
    """Percent of the way from low to high, with a free edge; the middle where they are the same."""
    part = (value - low) / (high - low) if high > low else 0.5
    return round(EDGE + part * (100 - 2 * EDGE), 2)


def round_numbers(low: float, high: float, is_log: bool) -> list[float]:
    """What people would write on an axis from low to high."""
    if is_log:
        powers = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
        return [10.0**power for power in powers]
    rough = (high - low) / 5
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * each for each in (1, 2, 5, 10) if unit * each >= rough)
    return [step * index for index in range(math.ceil(low / step), math.floor(high / step) + 1)]


def spread(ticks: Sequence[Tick]) -> list[Tick]:
    """Without ticks whose words would overlap."""
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or tick.at - kept[-1].at >= APART:
            kept.append(tick)
    return kept


def digits_of(marked: Sequence[float]) -> int:
    """As many as tell these numbers apart."""
    nearest = min((b - a for a, b in pairwise(marked)), default=0)
    apart = math.log10(max(map(abs, marked)) / nearest) + 2 if nearest else 0
    return int(min(MOST_DIGITS, max(DIGITS, apart)))


def told(value: float, digits: int) -> str:
    is_long = 1e4 <= abs(value) < 1e15 and value % 1 == 0
    return f"{value:,.0f}".replace(",", " ") if is_long else f"{value:.{digits}g}"
