"""Read the JSON of a grader field by field, or refuse it and name the place: `grader.input`."""

import math
from collections.abc import Collection
from typing import Any

from sandbox.errors import ApiError
from sandbox.records import Json


def invalid(where: str, why: str) -> ApiError:
    return ApiError(f"invalid {where}: {why}", param=where)


class Fields:
    """One object of a request, and where in the request it stands."""

    def __init__(self, given: object, where: str) -> None:
        if not isinstance(given, dict):
            raise invalid(where, "must be an object")
        self.given: Json = given
        self.where = where

    def __contains__(self, key: str) -> bool:
        return key in self.given

    def place(self, key: str) -> str:
        return f"{self.where}.{key}"

    def refuse_others(self, *known: str) -> None:
        for key, value in self.given.items():
            if key not in known:
                raise invalid(self.place(key), f"{value}, extra inputs are not permitted")

    def required(self, key: str) -> Any:
        if self.given.get(key) is None:
            message = f"you must provide a {self.place(key)} parameter"
            raise ApiError(message, param=self.place(key))
        return self.given[key]

    def string(self, key: str) -> str:
        """Any string; it may be empty."""
        value = self.required(key)
        if not isinstance(value, str):
            raise invalid(self.place(key), "must be a string")
        return value

    def text(self, key: str) -> str:
        value = self.string(key)
        if not value.strip():
            raise invalid(self.place(key), "must be a non-empty string")
        return value

    def choice(self, key: str, choices: Collection[str]) -> str:
        value = self.string(key)
        if value not in choices:
            raise invalid(self.place(key), f"{value!r} is not one of {', '.join(choices)}")
        return value

    def array(self, key: str) -> list[Any]:
        value = self.required(key)
        if not isinstance(value, list) or not value:
            raise invalid(self.place(key), "must be a non-empty list")
        return value


def is_number(value: object) -> bool:
    """Also small enough to count with: JSON has integers that no float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
