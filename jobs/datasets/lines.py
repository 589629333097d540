"""The lines of a file that arrives in chunks, numbered as an editor numbers them."""

import hashlib
from collections.abc import Callable, Iterable, Iterator

LONGEST = 16 * 1024 * 1024  # bytes; what a line needs in memory is some times as much


def silent(_: int) -> None:
    """Tell nobody how far the reading has come."""


class Lines:
    """Iterate once: (number, content), where a line that is too long ends after LONGEST + 1 bytes.

    LF and CRLF end a line; what follows the last of them is a line unless it is empty. Knows the
    size and the SHA-256 of what has passed, and tells the size after each chunk.
    """

    def __init__(self, chunks: Iterable[bytes], tell: Callable[[int], None] = silent) -> None:
        self.size = 0
        self.count = 0
        self._chunks = chunks
        self._tell = tell
        self._hash = hashlib.sha256()
        self._open: list[bytes] = []  # the beginning of a line whose end has not come yet
        self._open_size = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        for chunk in self._chunks:
            self.size += len(chunk)
            self._hash.update(chunk)
            *ended, rest = chunk.split(b"\n")
            for part in ended:
                self._keep(part)
                yield self._close()
            self._keep(rest)
            self._tell(self.size)
        if self._open_size:
            yield self._close()

    def _keep(self, part: bytes) -> None:
        room = LONGEST + 1 - self._open_size
        if part and room > 0:
            self._open.append(part[:room])
            self._open_size += min(len(part), room)

    def _close(self) -> tuple[int, bytes]:
        line = b"".join(self._open)
        self._open.clear()
        self._open_size = 0
        self.count += 1
        return self.count, line.removesuffix(b"\r")
