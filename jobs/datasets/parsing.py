"""One line of JSONL -> an object, or why it is none in words that help to mend it."""

import json
from collections import Counter
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from jobs.datasets.digests import digest
from jobs.datasets.findings import Findings, listed, shown
from jobs.datasets.lines import LONGEST
from jobs.datasets.special import MARK

Json = dict[str, Any]

BOM = b"\xef\xbb\xbf"
MOST_VALUES = 500_000  # in one line; as Python objects they take a hundred times their bytes
FOREIGN = {
    b"\xff\xfe": "UTF-16 text: save it as UTF-8",
    b"\xfe\xff": "UTF-16 text: save it as UTF-8",
    b"\x1f\x8b": "compressed with gzip: unpack it first",
    b"PK\x03\x04": "a ZIP archive or a spreadsheet: it must be JSONL, one JSON object a line",
    b"PAR1": "a Parquet table: export it as JSONL, one JSON object a line",
    b"%PDF": "a PDF document: it must be JSONL, one JSON object a line",
    b"\x89PNG": "a picture: it must be JSONL, one JSON object a line",
    b"\xff\xd8\xff": "a picture: it must be JSONL, one JSON object a line",
    b"[": "a JSON list: in JSONL each example is an object on a line of its own, without [ and ]",
}

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder(order="sorted").encode


class Example(NamedTuple):
    line: int
    value: Json
    digest: int  # of the value, whatever its spacing and order of keys
    size: int
    may_be_special: bool  # may hold a special token, which is looked for in earnest then


def foreign(line: bytes) -> str:
    """What a file is that begins so, if it is none of JSONL; else ""."""
    if line.strip() == b"{":
        return "JSON over several lines: in JSONL each example is an object on one line"
    return next((words for start, words in FOREIGN.items() if line.startswith(start)), "")


def parse(number: int, line: bytes, findings: Findings) -> Example | None:
    """The line's object; None when there is none, which the findings know."""
    findings.line = number
    if trouble := _too_much(line):
        findings.error("line", "", trouble)
        return None
    try:
        value = _decode(line)
        canonical = _encode(value)
    except (ValueError, RecursionError):
        findings.error("json", "", _reason(line))
        return None
    if type(value) is not dict:
        findings.error("json", "", f"must be a JSON object, not {shown(value)}")
        return None
    if line.count(b'"') > canonical.count(b'"'):
        _warn_of_doubles(line, findings)
    return Example(number, value, digest(canonical), len(line), MARK in canonical)


def _too_much(line: bytes) -> str:
    if len(line) > LONGEST:
        return f"is longer than {LONGEST // 1024**2} MB, the most that is checked"
    if len(line) > MOST_VALUES and sum(map(line.count, (b",", b"[", b"{"))) > MOST_VALUES:
        return f"holds more than {MOST_VALUES:,} values, the most that is checked"
    return ""


def _reason(line: bytes) -> str:
    if b"\0" in line:
        return "holds NUL bytes: the file is damaged, or is no UTF-8 text"
    try:
        json.loads(line.decode())
    except UnicodeDecodeError as error:
        return f"is not UTF-8 text: byte 0x{line[error.start]:02x} at byte {error.start + 1}"
    except json.JSONDecodeError as error:
        near = shown(error.doc[max(0, error.pos - 12) : error.pos + 20])
        what = error.msg.lower().removesuffix(" at")
        return f"is not valid JSON: {what} at character {error.pos + 1}, near {near}"
    except (ValueError, RecursionError):
        return "is not usable JSON: nested too deeply, or a number with thousands of digits"
    return "is not standard JSON: NaN, Infinity, 1e999 or half of a surrogate pair (\\ud83d)"


def _warn_of_doubles(line: bytes, findings: Findings) -> None:
    """Fewer quotes came out than went in: a key was given twice, and its first value is lost."""
    doubles: set[str] = set()

    def note(pairs: list[tuple[str, object]]) -> None:
        names = Counter(name for name, _ in pairs)
        doubles.update(name for name, times in names.items() if times > 1)

    with suppress(RecursionError):
        json.loads(line, object_pairs_hook=note)
    if doubles:
        findings.warn(
            "key", "", f"gives {listed(doubles)} twice in one object; the last one counts"
        )
