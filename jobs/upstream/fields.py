"""Readers of one field each. What cannot be read becomes the empty value, never an error:
a poll must not break because a provider spells a number or a time in its own way.
"""

from datetime import UTC, date, datetime
from hashlib import blake2b
from sys import float_info
from typing import Any

import msgspec

from jobs.upstream.decoding import Json
from jobs.upstream.errors import Malformed

BIGGEST = 2**63 - 1


def text(value: Any) -> str:
    """Strings as they are, nothing as "", anything else as the JSON it came as."""
    if type(value) is str:
        return value
    return "" if value is None else msgspec.json.encode(value).decode()


def whole(value: Any) -> int | None:
    """A count, a step or a seed: whole, not negative, and small enough for a database."""
    if type(value) is str:
        try:
            value = int(value)
        except ValueError:
            return None
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value <= BIGGEST else None


def real(value: Any) -> float | None:
    """A finite number."""
    kind = type(value)
    if (kind is float or kind is int) and -float_info.max <= value <= float_info.max:
        return float(value)  # the comparison leaves out NaN and integers too big for a float
    return None


def moment(value: Any) -> datetime | None:
    """A time in UTC from Unix seconds, digits in a string or ISO 8601. Zero means never."""
    kind = type(value)
    if kind is str:
        return _moment_in(value.strip())
    if (kind is int or kind is float) and value > 0:
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, ValueError, OSError):
            return None
    return None


def _moment_in(written: str) -> datetime | None:
    try:
        return moment(float(written))
    except ValueError:
        pass
    try:
        read = datetime.fromisoformat(written)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None


def day(value: Any) -> date | None:
    read = moment(value)
    return read.date() if read else None


def mapping(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def thing(body: object, noun: str) -> Json:
    """The body as an object of the API, whatever it holds."""
    if not isinstance(body, dict):
        raise Malformed(f"The API sent {text(body)[:80]!r} where {noun} should be.")
    return body


def given_id(body: Json) -> str:
    given = body.get("id")
    return str(given) if type(given) is str or type(given) is int else ""


def identity(body: Json, noun: str) -> str:
    """The object's id: the one field nobody can do without."""
    if given := given_id(body):
        return given
    raise Malformed(f"The API sent {noun} without an id.")


def identity_or_digest(body: Json) -> str:
    """The object's id or, where the provider gives none, one that follows from its content.

    The same content always gets the same id, so reading it again adds nothing. It tells
    objects of one job apart, not those of different jobs.
    """
    if given := given_id(body):
        return given
    content = msgspec.json.encode(body, order="sorted")
    return f"synthetic-{blake2b(content, digest_size=16).hexdigest()}"
