"""Text -> bytes with marked places: what the model reads, and which bytes it must foretell.

An example becomes one stream: each message begins with a byte that names its role and ends with
END. The taught places are the bytes of the assistant's messages, END included. A prompt is the end
of such a stream, up to the byte with which the assistant begins.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sandbox.examples import is_taught, item_of, preferred, rejected, rows, text_of
from sandbox.model import CONTEXT, END
from sandbox.records import Json

Bytes = NDArray[np.uint8]

ROLE = {"system": 1, "developer": 1, "user": 2, "assistant": 3, "tool": 4, "function": 4}
MOST_TAUGHT = 512
"""Longer replies are cut, as the live service cuts at its context length."""


@dataclass(frozen=True)
class Lesson:
    """Contexts (one row of preceding bytes per taught place) and the byte that follows each."""

    stream: Bytes
    places: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.places)

    @property
    def contexts(self) -> Bytes:
        return sliding_window_view(self.stream, CONTEXT)[self.places - CONTEXT]

    @property
    def targets(self) -> Bytes:
        return self.stream[self.places]


@dataclass(frozen=True)
class Preference:
    """Two endings of one conversation, the better one first."""

    preferred: Lesson
    rejected: Lesson

    def __len__(self) -> int:
        return len(self.preferred) + len(self.rejected)


@dataclass(frozen=True)
class Prompt:
    """What the model replies to, and what a grader may know of it."""

    context: Bytes
    """The last bytes before the reply: all that the model sees of the prompt."""
    item: Json


def read_lessons(path: Path) -> list[Lesson]:
    return [lesson(example["messages"]) for _, example in rows(path)]


def read_preferences(path: Path) -> list[Preference]:
    return [preference(example) for _, example in rows(path)]


def read_prompts(path: Path) -> list[Prompt]:
    return [prompt(example) for _, example in rows(path)]


def lesson(messages: list[Json]) -> Lesson:
    stream = bytearray(CONTEXT)
    places: list[int] = []
    for message in messages:
        stream.append(ROLE[message["role"]])
        begin = len(stream)
        stream += text_of(message).encode(errors="replace")
        stream.append(END)
        if is_taught(message):
            places += range(begin, len(stream))
    return Lesson(np.frombuffer(bytes(stream), np.uint8), np.array(places[:MOST_TAUGHT], np.intp))


def preference(example: Json) -> Preference:
    read_only = [{**message, "weight": 0} for message in example["input"]["messages"]]
    return Preference(
        preferred=lesson(read_only + preferred(example)),
        rejected=lesson(read_only + rejected(example)),
    )


def prompt(example: Json) -> Prompt:
    stream = np.append(lesson(example["messages"]).stream, np.uint8(ROLE["assistant"]))
    return Prompt(stream[-CONTEXT:], item_of(example))
