"""The same example twice in a file, or in two files: told by eight bytes of a hash each.

Works through the digests in portions, so that memory stays small however many there are.
"""

import hashlib
from array import array
from collections.abc import Iterator

import msgspec

SIZE = 8
PORTION = 200_000
MOST_PAIRS = 10


class Duplicates(msgspec.Struct, frozen=True):
    """`count` examples are copies of an earlier one; `pairs` are (line, line of its first copy)."""

    count: int = 0
    pairs: list[tuple[int, int]] = []


def digest(canonical: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(canonical, digest_size=SIZE).digest(), "little")


def duplicates(digests: "array[int]", lines: "array[int]") -> Duplicates:
    count = 0
    pairs: list[tuple[int, int]] = []
    for portion in _portions(digests):
        first: dict[int, int] = {}
        kept = 0
        for index, each in portion:
            origin = first.setdefault(each, index)
            if origin != index:
                count += 1
                if kept < MOST_PAIRS:
                    kept += 1
                    pairs.append((lines[origin], lines[index]))
    return Duplicates(count, sorted(pairs, key=lambda pair: pair[1])[:MOST_PAIRS])


def overlap(training: bytes, validation: bytes) -> int:
    """How many examples of the second report's digests are in the first's too."""
    ours, theirs = array("Q", training), array("Q", validation)
    found = 0
    parts = _parts(ours)
    for part in range(parts):
        known = {each for each in ours if each % parts == part}
        found += sum(1 for each in theirs if each in known)
    return found


def _portions(digests: "array[int]") -> Iterator[Iterator[tuple[int, int]]]:
    """The digests with their places, equal ones in one portion."""
    parts = _parts(digests)
    for part in range(parts):
        yield ((at, each) for at, each in enumerate(digests) if each % parts == part)


def _parts(digests: "array[int]") -> int:
    return len(digests) // PORTION + 1
