"""What was rendered or counted for one version of everything, kept while that version lasts."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from jobs.models import Pulse

T = TypeVar("T")


class Kept(Generic[T]):
    """Each process has its own; when it holds `most`, it begins anew."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.pieces: dict[Hashable, tuple[int, T]] = {}

    def has(self, key: Hashable, pulse: Pulse) -> bool:
        return key in self.pieces and self.pieces[key][0] == pulse.version

    def last(self, key: Hashable) -> T | None:
        """What was kept for whatever version."""
        return self.pieces[key][1] if key in self.pieces else None

    def piece(self, key: Hashable, pulse: Pulse, make: Callable[[], T]) -> T:
        known = self.pieces.get(key)
        if known and known[0] == pulse.version:
            return known[1]
        piece = make()
        if len(self.pieces) >= self.most:
            self.pieces.clear()
        self.pieces[key] = pulse.version, piece
        return piece
