"""Values as people type them: what cannot be read, or stored, is refused in words."""

import json
import math

import pytest
from django.forms import ValidationError
from hypothesis import given, strategies as st

from jobs.forms.texts import JsonField, as_json, as_pairs, as_value, pairs_as_text

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
SCALARS = TEXTS | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(TEXTS, SCALARS, max_size=3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        (" 0.1 ", 0.1),
        ("1e-5", 1e-05),
        ("auto", ""),
        ("AUTO", ""),
        ("", ""),
        ("many", "many"),
        ("nan", "nan"),
        ("-inf", "-inf"),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_number_is_what_can_be_stored_as_one(text: str, value: object):
    assert as_value(text) == value


@given(st.text(max_size=20))
def test_whatever_is_typed_for_a_number_can_be_stored(text: str):
    value = as_value(text)

    assert isinstance(value, int | str) or math.isfinite(value)


@given(st.dictionaries(TEXTS, VALUES, max_size=3))
def test_json_comes_back_as_it_was_written(value: dict[str, object]):
    assert JsonField(required=False).clean(as_json(value)) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", r"no JSON: .*\(line 1, column 2\)"),
        ('{"type":\n nothing}', r"\(line 2, column 2\)"),
        ("[NaN]", "cannot be stored"),
        ("1e999", "cannot be stored"),
        ('"\\ud800"', "cannot be stored"),
        ('{"\\u0000": 1}', "cannot be stored"),
        ("[" * 40 + "]" * 40, "cannot be stored"),
        ("[" * 100_000, "cannot be read"),
        ("9" * 5000, "cannot be read"),
    ],
)
def test_what_is_no_json_or_cannot_be_stored_is_refused(text: str, words: str):
    with pytest.raises(ValidationError, match=words):
        JsonField().clean(text)


def test_an_empty_field_is_no_json_at_all():
    assert JsonField(required=False).clean(" ") is None


def test_pairs_are_lines():
    assert as_pairs(" team = support \r\n\r\nurl = a=b\n") == {"team": "support", "url": "a=b"}
    assert as_pairs(" {} ") == as_pairs("") == {}
    assert pairs_as_text({"team": "support", "url": "a=b"}) == "team = support\nurl = a=b"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("team", "“team” has no value"),
        ("a = 1\na = 2", "“a” is there twice"),
        ("{a = 1", "no JSON"),
    ],
)
def test_lines_that_are_no_pairs_are_named(text: str, words: str):
    with pytest.raises(ValidationError, match=words):
        as_pairs(text)


@given(st.dictionaries(TEXTS, TEXTS | st.integers()))
def test_pairs_come_back_whatever_is_in_them(pairs: dict[str, object]):
    text = pairs_as_text(pairs)

    as_a_browser_sends_it = text.replace("\r", "\n").replace("\n", "\r\n")
    assert as_pairs(as_a_browser_sends_it) == pairs


def test_names_that_lines_cannot_hold_are_shown_as_json():
    assert json.loads(pairs_as_text({"a=b": "c"})) == {"a=b": "c"}
