"""An example made small enough to be shown: long texts, lists and objects are cut, and say so."""

from typing import Any

MOST_TEXT = 600
MOST_ITEMS = 12
MOST_VALUES = 200
DEEPEST = 8


def preview(example: dict[str, Any]) -> Any:
    """The same shape, without what a page or a database cannot hold."""
    return _cut(example, DEEPEST, [MOST_VALUES])


def _cut(value: Any, levels: int, left: list[int]) -> Any:
    left[0] -= 1
    if isinstance(value, str):
        return text(value, MOST_TEXT)
    if not isinstance(value, list | dict):
        return value
    if value and (not levels or left[0] < 0):
        return "…"
    some = list(value.items() if isinstance(value, dict) else value)[:MOST_ITEMS]
    more = len(value) - len(some)
    if isinstance(value, list):
        items = [_cut(each, levels - 1, left) for each in some]
        return [*items, f"… {more} more"] if more else items
    fields = {text(key, 40): _cut(each, levels - 1, left) for key, each in some}
    return fields | ({"…": f"{more} more"} if more else {})


def text(value: str, most: int) -> str:
    cut = value if len(value) <= most else f"{value[:most]}… {len(value) - most:,} more characters"
    return cut.replace("\0", "\ufffd")
