"""What the model says when it is asked: byte by byte, to many prompts at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sandbox.model import CONTEXT, END, Bytes, TinyModel


@dataclass(frozen=True)
class Replies:
    streams: Bytes
    """A row for each reply: the last bytes of its prompt, then what was said."""
    lengths: NDArray[np.intp]
    """How many bytes were said, the END included where one came."""

    @property
    def texts(self) -> list[str]:
        said = (
            bytes(row[CONTEXT : CONTEXT + length])
            for row, length in zip(self.streams, self.lengths, strict=True)
        )
        return [text.removesuffix(bytes([END])).decode(errors="replace") for text in said]

    @property
    def contexts(self) -> Bytes:
        """What stood before each byte that was said, reply after reply."""
        return sliding_window_view(self.streams, CONTEXT, axis=1)[:, :-1][self._said]

    @property
    def targets(self) -> Bytes:
        return self.streams[:, CONTEXT:][self._said]

    @property
    def _said(self) -> NDArray[np.bool_]:
        places = np.arange(self.streams.shape[1] - CONTEXT)
        return places < self.lengths[:, None]


def sample(
    model: TinyModel, prompts: Sequence[Bytes], most: int, random: np.random.Generator
) -> Replies:
    """One reply to each prompt, at temperature 1; cut after the `most` bytes that it may have."""
    streams = np.zeros((len(prompts), CONTEXT + most), np.uint8)
    streams[:, :CONTEXT] = prompts
    lengths = np.full(len(prompts), most)
    speaking = np.arange(len(prompts))
    for place in range(most):
        drawn = model.draw(streams[speaking, place : place + CONTEXT], random)
        streams[speaking, CONTEXT + place] = drawn
        lengths[speaking[drawn == END]] = place + 1
        speaking = speaking[drawn != END]
        if not len(speaking):
            break
    return Replies(streams, lengths)
