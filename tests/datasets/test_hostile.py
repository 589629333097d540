"""Files that are no training files at all, or try to break their reader."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from jobs.datasets import METHODS, check
from jobs.datasets.lines import LONGEST
from tests.datasets.examples import (
    at,
    chat,
    completion,
    found,
    jsonl,
    judged,
    preference,
    reinforcement,
    ten,
)

KEYS = ["messages", "role", "content", "input", "preferred_output", "prompt", "completion"]
KEYS += [
    "tools",
    "function",
    "tool_calls",
    "name",
    "arguments",
    "weight",
    "type",
    "id",
    "image_url",
]
TEXTS = ["user", "assistant", "tool", "function", "text", "image_url", "<|endoftext|>", "a\0\ud83d"]
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text()
    | st.sampled_from(TEXTS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(), inner, max_size=4)
    ),
    max_leaves=20,
)
good = st.sampled_from(
    [json.dumps(kind(1)).encode() for kind in (chat, completion, preference, reinforcement)]
)
lines = good | st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode())
files = st.lists(lines, max_size=8).map(b"\n".join)


def quarters(content, size):
    return [content[start : start + size] for start in range(0, len(content), size)]


def texts(value):
    """Every text in a value, which a database is to keep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (key, *texts(inner))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


@given(content=files, method=st.sampled_from(METHODS), size=st.integers(1, 50))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_bytes_break_the_check_and_chunks_do_not_matter(content, method, size):
    report = check([content], method)

    assert report == check(quarters(content, size), method)
    assert report.lines == content.count(b"\n") + (not content.endswith(b"\n") and content != b"")
    assert report.sound_examples <= report.examples <= report.lines - report.blank_lines
    assert len(report.digests) == 8 * report.examples
    assert report.problem_count == sum(report.kinds.values()) >= report.error_count
    assert all("\0" not in text for text in texts(msgspec.to_builtins(report)))


@given(change=st.dictionaries(st.sampled_from(KEYS), values, min_size=1, max_size=3))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_value_in_a_message_breaks_the_check(change):
    user, answer = chat(1)["messages"]

    report = judged(ten(chat) + jsonl({"messages": [user | change, answer | change]}))

    assert report.examples >= 10


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{broken", "is not valid JSON: expecting property name"),
        (b"{'role': 1}", "at character 2, near"),
        (b'{"a": 1,}', "is not valid JSON"),
        (b'{"a": 1} {"b": 2}', "extra data at character 10"),
        (b'{"a": "\xff"}', "is not UTF-8 text: byte 0xff at byte 8"),
        (b'{"a": "\0"}', "holds NUL bytes"),
        (b'{"a": NaN}', "is not standard JSON"),
        (b'{"a": 1e999}', "is not standard JSON"),
        (b'{"a": "\\ud83d"}', "half of a surrogate pair"),
        (b'{"a": ' + b"9" * 5000 + b"}", "thousands of digits"),
        (b'{"a": ' + b"[" * 100_000, "nested too deeply"),
        (b"[1]", "must be a JSON object, not a list"),
        (b'"text"', "must be a JSON object, not 'text'"),
        (b"null", "must be a JSON object, not null"),
    ],
)
def test_a_line_that_is_no_object_says_why(line, words):
    report = judged(ten(chat) + line + b"\n" + ten(chat))

    assert found(report) == [("error", "json", "")]
    assert words in at(report, 11)[0].message
    assert report.sound_examples == 20


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (json.dumps([chat(1)] * 20, indent=1).encode(), "a JSON list"),
        (json.dumps(chat(1), indent=1).encode(), "JSON over several lines"),
        ("{}\n".encode("utf-16"), "UTF-16"),
        (b"\x1f\x8b\x08\x00" * 500, "compressed with gzip"),
        (b"PK\x03\x04\n" * 500, "a ZIP archive or a spreadsheet"),
        (b"PAR1\x15\x04\n" * 500, "a Parquet table"),
        (b"%PDF-1.7\n" * 500, "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" * 500, "a picture"),
        (b"\xff\xd8\xff\xe0\n" * 500, "a picture"),
    ],
)
def test_a_file_of_another_kind_is_one_problem_and_not_one_a_line(content, words):
    report = judged(content)

    (problem,) = report.problems
    assert (problem.line, problem.kind) == (0, "file")
    assert words in problem.message
    assert report.size == len(content)


def test_blank_lines_a_bom_and_crlf_do_no_harm():
    content = b"\xef\xbb\xbf" + ten(chat).replace(b"\n", b"\r\n\r\n")

    report = judged(content)

    assert report.problems == []
    assert (report.lines, report.blank_lines, report.examples) == (20, 10, 10)


def test_an_empty_file_has_no_examples():
    report = judged(b"")

    assert [problem.message for problem in report.problems] == [
        "The file has 0 example(s), but must have at least 10."
    ]


def test_a_line_that_is_too_long_is_not_read():
    report = judged(ten(chat) + b'{"a": "' + b"x" * LONGEST + b'"}\n' + ten(chat))

    assert "longer than 16 MB" in at(report, 11)[0].message
    assert report.sound_examples == 20


def test_a_line_of_a_million_values_is_not_read():
    report = judged(ten(chat) + b'{"a": [' + b"[]," * 600_000 + b"[]]}\n")

    assert "more than 500,000 values" in at(report, 11)[0].message


def test_an_example_nested_to_the_brink_is_an_error_at_most():
    tool = b'{"type": "function", "function": {"name": "a", "parameters": {"a": %s}}}'
    sound = jsonl(chat(1)).removesuffix(b"}\n") + b', "tools": [' + tool + b"]}"

    kinds = set()
    for levels in range(850, 1000):
        report = judged(sound % (b"[" * levels + b"]" * levels), least=0)
        kinds |= {problem.message for problem in report.problems}

    assert kinds == {
        "is nested too deeply",
        "is not usable JSON: nested too deeply, or a number with thousands of digits",
    }


def test_a_key_that_is_given_twice_is_warned_of():
    line = b'{"messages": 1, ' + jsonl(chat(1))[1:]

    report = judged(ten(chat) + line)

    assert found(report) == [("warning", "key", "")]
    assert "gives 'messages' twice" in at(report, 11)[0].message
    assert judged(ten(chat) + jsonl({"messages": chat(1)["messages"]})).kinds == {"duplicates": 1}


def test_names_from_the_file_come_out_short_and_clean():
    keys = {"\0" + "x" * 500: 1}
    user, answer = chat(1)["messages"]

    report = judged(ten(chat) + jsonl({"messages": [user, answer | keys]} | keys))

    for problem in report.problems:
        assert "\0" not in problem.message + problem.field
        assert len(problem.message) < 300
        assert len(problem.field) < 100
