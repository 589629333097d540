import json
from math import inf, nan

import pytest

from jobs.upstream.decoding import DEEPEST, decode, storable


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"a": [1, 2.5, "x", true, null]}', {"a": [1, 2.5, "x", True, None]}),
        (
            b'{"loss": NaN, "best": Infinity, "worst": -Infinity}',
            dict.fromkeys(("loss", "best", "worst")),
        ),
        (b'{"loss": 1e999}', {"loss": None}),
        (b'\xef\xbb\xbf{"bom": 1}', {"bom": 1}),
        (b'{"tokens": 123456789012345678901234567890}', {"tokens": 123456789012345678901234567890}),
        (rb'{"nul\u0000": "a\u0000b"}', {"nul": "ab"}),
        (rb'{"path": "C:\\u0000"}', {"path": "C:\\u0000"}),
        (rb'{"lone": "a\ud83d!"}', {"lone": "a\ufffd!"}),
        (rb'{"pair": "\ud83d\ude00"}', {"pair": "\U0001f600"}),
        (
            rb'{"pair after NaN": "\ud83d\ude00", "x": NaN}',
            {"pair after NaN": "\U0001f600", "x": None},
        ),
    ],
)
def test_what_is_decoded_can_be_stored_and_shown_everywhere(content, value):
    decoded = decode(content)

    assert decoded == value
    json.dumps(decoded, allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b'{"cut": ', b'"\xff"', b"[" * 100_000 + b"]" * 100_000]
)
def test_what_is_no_json_is_a_value_error(content):
    with pytest.raises(ValueError):  # noqa: PT011 (its words are the decoder's)
        decode(content)


def test_numbers_that_json_does_not_know_become_null():
    assert storable({"a": [nan, inf, -inf, 0.5], "b": {"c": nan}}) == {
        "a": [None, None, None, 0.5],
        "b": {"c": None},
    }


def test_endless_depth_ends():
    deep: dict[str, object] = {}
    for _ in range(5000):
        deep = {"in": deep}

    shallow = storable(deep)

    levels = 0
    while shallow is not None:
        shallow, levels = shallow["in"], levels + 1
    assert levels == DEEPEST
