"""A form with one file in it, sent as it is read: a file of half a gigabyte is never in memory.

httpx wants a file object whose size it can find out; a training file that comes out of a database in
pieces is none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from secrets import token_hex

# What HTML says a browser does with these in a name.
ESCAPED = {'"': "%22", "\r": "%0D", "\n": "%0A"}


class Form:
    """Good for one sending, like the `content` in it; that has to be `size` bytes long."""

    def __init__(
        self,
        fields: Mapping[str, str],
        name: str,
        filename: str,
        content: Iterable[bytes],
        size: int,
    ) -> None:
        self._boundary = token_hex(16)
        self._content = content
        self._size = size
        parts = (
            self._part(f'name="{_quoted(field)}"', value + "\r\n")
            for field, value in fields.items()
        )
        described = (
            f'name="{_quoted(name)}"; filename="{_quoted(filename)}"\r\n'
            "Content-Type: application/octet-stream"
        )
        self._head = "".join([*parts, self._part(described, "")]).encode()
        self._tail = f"\r\n--{self._boundary}--\r\n".encode()

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Content-Type": f"multipart/form-data; boundary={self._boundary}",
            "Content-Length": str(len(self._head) + self._size + len(self._tail)),
        }

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        sent = 0
        for chunk in self._content:
            sent += len(chunk)
            if sent > self._size:
                break
            yield chunk
        if sent != self._size:
            raise ValueError(f"The file was said to have {self._size} bytes and does not.")
        yield self._tail

    def _part(self, described: str, value: str) -> str:
        opening = f"--{self._boundary}\r\nContent-Disposition: form-data; "
        return f"{opening}{described}\r\n\r\n{value}"


def _quoted(name: str) -> str:
    return re.sub(r'["\r\n]', lambda found: ESCAPED[found[0]], name)
