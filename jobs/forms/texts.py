"""Values as people type them, and back again: numbers, JSON, pairs, tags. What comes out can be stored."""

import json
import math
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django import forms

from jobs.models.hyperparameters import AUTO
from jobs.upstream.decoding import storable


def as_value(text: str) -> Any:
    """A number where it is one; empty for what the service shall choose; else as it was typed."""
    text = text.strip()
    if text.lower() in ("", AUTO):
        return ""
    for kind in (int, float):
        with suppress(ValueError, OverflowError):
            value = kind(text)
            return value if math.isfinite(value) else text
    return text


class JsonField(forms.CharField):
    """JSON, kept as it was typed while it is none."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            found = json.loads(text)
        except json.JSONDecodeError as error:
            where = f"line {error.lineno}, column {error.colno}"
            what = error.msg.removesuffix(" at")
            raise forms.ValidationError(f"This is no JSON: {what} ({where}).") from error
        except (RecursionError, ValueError) as error:
            raise forms.ValidationError("This JSON cannot be read.") from error
        if storable(found) != found:
            raise forms.ValidationError(
                "NaN, infinity, broken characters and very deep nesting cannot be stored."
            )
        return found


def as_json(value: Any) -> str:
    return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)


def as_pairs(text: str) -> dict[str, Any]:
    """Lines of name = value; or a JSON object, for names and values that such lines cannot hold."""
    if text.lstrip().startswith("{"):
        found = JsonField(required=False).clean(text)
        return dict(found)
    pairs: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.split("\n"))):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals:
            raise forms.ValidationError(f"“{name}” has no value: write name = value.")
        if name in pairs:
            raise forms.ValidationError(f"“{name}” is there twice.")
        pairs[name] = value
    return pairs


def pairs_as_text(pairs: dict[str, Any]) -> str:
    text = "\n".join(f"{name} = {value}" for name, value in pairs.items())
    with suppress(forms.ValidationError):
        if "\r" not in text and as_pairs(text) == pairs:  # which a browser would make a new line
            return text
    return as_json(pairs)


def as_tags(text: str) -> list[str]:
    return [tag.strip() for tag in text.split(",") if tag.strip()]


def tags_as_text(tags: Iterable[Any]) -> str:
    return ", ".join(map(str, tags))
