"""What a model grader is given to read: messages whose parts are text, pictures and sound."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.graders.fields import Fields, invalid
from sandbox.graders.templates import Piece, Scope, Template

ROLES = ("user", "assistant", "system", "developer")
FORMATS = ("mp3", "wav")
DETAILS = ("high", "low", "auto")


@dataclass(frozen=True)
class Reading:
    """The input with its variables filled in: a text is a list of pieces."""

    texts: list[list[Piece]]
    unread: list[str]
    """What is no text, part by part: `image`, `audio`."""


class Messages:
    def __init__(self, fields: Fields, key: str) -> None:
        where = fields.place(key)
        self._parts = [
            part
            for number, message in enumerate(fields.array(key))
            for part in _message(Fields(message, f"{where}.{number}"))
        ]

    def read(self, scope: Scope) -> Reading:
        return Reading(
            texts=[part.pieces(scope) for part in self._parts if isinstance(part, Template)],
            unread=[part for part in self._parts if isinstance(part, str)],
        )


def _message(fields: Fields) -> Iterator[Template | str]:
    """A text as its template, anything else as the word for it."""
    fields.refuse_others("role", "content", "type")
    fields.choice("role", ROLES)
    if "type" in fields:
        fields.choice("type", ("message",))
    content, where = fields.required("content"), fields.place("content")
    if isinstance(content, list):
        for number, part in enumerate(fields.array("content")):
            yield _part(part, f"{where}.{number}")
    else:
        yield _part(content, where)


def _part(part: object, where: str) -> Template | str:
    if isinstance(part, str):
        return Template(part)
    if not isinstance(part, dict):
        raise invalid(where, "must be a string, a part, or a list of them")
    fields = Fields(part, where)
    kind = fields.choice("type", ("input_text", "output_text", "input_image", "input_audio"))
    if kind == "input_image":
        return _image(fields)
    if kind == "input_audio":
        return _audio(fields)
    fields.refuse_others("type", "text", "prompt_cache_breakpoint")
    if "prompt_cache_breakpoint" in fields:
        given, place = fields.given, fields.place("prompt_cache_breakpoint")
        breakpoint_ = Fields(given["prompt_cache_breakpoint"], place)
        breakpoint_.refuse_others("mode")
        breakpoint_.choice("mode", ("explicit",))
    return Template(fields.string("text"))


def _image(fields: Fields) -> str:
    fields.refuse_others("type", "image_url", "detail")
    fields.text("image_url")
    if "detail" in fields:
        fields.choice("detail", DETAILS)
    return "image"


def _audio(fields: Fields) -> str:
    fields.refuse_others("type", "input_audio")
    audio = Fields(fields.required("input_audio"), fields.place("input_audio"))
    audio.refuse_others("data", "format")
    audio.text("data")
    audio.choice("format", FORMATS)
    return "audio"
