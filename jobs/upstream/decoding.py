"""From the bytes of a reply to values that every database and every browser can hold.

JSON has no NaN, Postgres has no NUL in a text, UTF-8 has no lone surrogate; replies have had all
three. They end here, at the door. What the values mean is not this module's business.
"""

import json
from math import isfinite
from typing import Any

import msgspec

Json = dict[str, Any]

DEEPEST = 32

_decode = msgspec.json.Decoder().decode


def decode(content: bytes) -> object:
    """The value that JSON text stands for, made storable; ValueError when it is no JSON."""
    try:
        if b"\\u0000" not in content:
            return _decode(content)
    except (msgspec.DecodeError, RecursionError):
        pass  # msgspec refuses what Python's own decoder bears: NaN, 1e999, a BOM
    try:
        return storable(json.loads(content))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def storable(value: Any, levels: int = DEEPEST) -> Any:
    """The same value without non-finite numbers, unstorable characters and endless depth."""
    kind = type(value)
    if kind is str:
        return value if value.isascii() and "\0" not in value else _sound(value)
    if kind is float:
        return value if isfinite(value) else None
    if kind is not dict and kind is not list:
        return value
    if not levels:
        return None
    if kind is list:
        return [storable(item, levels - 1) for item in value]
    return {storable(key): storable(item, levels - 1) for key, item in value.items()}


def _sound(text: str) -> str:
    """Surrogate pairs joined, lone surrogates replaced, NUL dropped."""
    paired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return paired.replace("\0", "")
