import hashlib

import pytest

from jobs.datasets.lines import LONGEST, Lines


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"a", [(1, b"a")]),
        (b"a\n", [(1, b"a")]),
        (b"a\nb", [(1, b"a"), (2, b"b")]),
        (b"a\r\nb\r\n", [(1, b"a"), (2, b"b")]),
        (b"\n\na\n", [(1, b""), (2, b""), (3, b"a")]),
        (b"a\rb\n", [(1, b"a\rb")]),
    ],
)
def test_lines_are_numbered_as_an_editor_numbers_them(content, lines):
    assert list(Lines([content])) == lines


def test_a_line_may_come_in_many_chunks():
    lines = Lines([b"ab", b"", b"c\r", b"\nd", b"\n"])

    assert list(lines) == [(1, b"abc"), (2, b"d")]
    assert (lines.count, lines.size) == (2, 7)
    assert lines.sha256 == hashlib.sha256(b"abc\r\nd\n").hexdigest()


def test_a_line_without_end_takes_no_memory_behind_the_limit():
    lines = Lines(b"x" * 1024**2 for _ in range(40))

    ((number, content),) = lines

    assert (number, len(content)) == (1, LONGEST + 1)
    assert lines.size == 40 * 1024**2


def test_after_each_chunk_is_told_how_far_it_has_come():
    told: list[int] = []

    list(Lines([b"abc\n", b"de"], told.append))

    assert told == [4, 6]
