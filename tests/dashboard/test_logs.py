"""A log says what it is about, and no secret."""

import json
import logging
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from dashboard import logs
from dashboard.logs import JsonLines, Plain, about, begin, hide
from jobs.models.seal import fernet, seal, unseal
from tests.making import make_account

KEY = "xoxo-\"quoted\"\\and+odd/'2026'"
HEARD_AT_START = logs.known
FORMS = [Plain(), JsonLines()]


@pytest.fixture(autouse=True)
def _nothing_said_and_no_secret_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    begin()
    monkeypatch.setattr(logs, "known", frozenset())


def sealed_elsewhere(key: str) -> str:
    return fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(key.encode()).decode()


def record(message: str, *given: object, error: Exception | None = None) -> logging.LogRecord:
    told = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("jobs.sync", logging.WARNING, __file__, 1, message, given, told)


def raised(words: str) -> Exception:
    try:
        try:
            raise KeyError(words)
        except KeyError as first:
            raise ConnectionError(f"no answer: {words}") from first
    except ConnectionError as error:
        return error


@pytest.mark.parametrize("form", FORMS, ids=["plain", "json"])
@pytest.mark.parametrize(
    "hidden", [seal, lambda key: unseal(sealed_elsewhere(key))], ids=["sealed", "opened"]
)
def test_a_key_of_any_form_is_never_told(form: logging.Formatter, hidden):
    hidden(KEY)
    url = f"https://api.test/v1/files?key={quote(KEY, safe='')}"

    with about(job=KEY):
        line = form.format(record("%s said no to %r: %s", url, KEY, KEY, error=raised(KEY)))

    assert "said no to" in line
    assert "ConnectionError" in line
    for part in ("xoxo", "quoted", "and+odd", "and%2Bodd"):
        assert part not in line


@pytest.mark.parametrize("form", FORMS, ids=["plain", "json"])
@pytest.mark.parametrize(
    "words",
    [
        "sent Authorization: Bearer 3f9c1a77e0",
        "headers were {'api-key': '3f9c1a77e0'}",
        "refused sk-proj-3f9c1a77e0",
        "postgres://tuneboard:3f9c1a77e0@db:5432/tuneboard is away",
        "Gone: /sign-in/3f9c1a77e0",
    ],
)
def test_what_looks_like_a_secret_is_not_told_either(form: logging.Formatter, words: str):
    line = form.format(record(words, error=raised(words)))

    assert "3f9c1a77e0" not in line
    assert "[secret]" in line


@pytest.mark.parametrize("form", FORMS, ids=["plain", "json"])
def test_our_own_keys_are_not_told(form: logging.Formatter):
    keys = (settings.SECRET_KEY, *settings.ENCRYPTION_KEYS)
    assert HEARD_AT_START.issuperset(keys)
    hide(*keys)
    for key in keys:
        assert key not in form.format(record(f"it was {key}"))


def test_a_json_line_is_one_object_with_what_it_is_about():
    with about(request="r1"), about(account=3, job=7):
        line = JsonLines().format(record("Two\nlines of %s", "words", error=raised("x")))

    told = json.loads(line)
    assert "\n" not in line
    assert told.pop("at").endswith("+00:00")
    assert "Traceback" in told.pop("traceback")
    assert told == {
        "level": "WARNING",
        "logger": "jobs.sync",
        "message": "Two\nlines of words",
        "request": "r1",
        "account": 3,
        "job": 7,
        "error": "ConnectionError",
    }


def test_a_plain_line_ends_with_what_it_is_about():
    with about(account=3):
        assert Plain().format(record("Lost")).endswith("WARNING jobs.sync: Lost (account 3)")
    assert Plain().format(record("Lost")).endswith("WARNING jobs.sync: Lost")


@pytest.mark.django_db
def test_a_request_is_told_by_its_page_and_not_its_path(
    client: Client, caplog: pytest.LogCaptureFixture
):
    make_account()
    caplog.handler.setFormatter(JsonLines())
    with caplog.at_level(logging.INFO, logger="dashboard.requests"):
        reply = client.get(reverse("sign_in_by_link", args=["used-long-ago"]))

    told, of_django = [json.loads(line) for line in caplog.text.strip().splitlines()]
    assert told["message"] == "Answered"
    assert (told["method"], told["page"], told["status"]) == ("GET", "sign_in_by_link", 410)
    assert of_django["message"] == "Gone: /sign-in/[secret]"
    assert told["request"] == of_django["request"] == reply.headers["X-Request-ID"]
    assert "used-long-ago" not in caplog.text


@pytest.mark.parametrize(
    ("given", "is_kept"), [("from-proxy.1", True), ("a b", False), ("", False)]
)
@pytest.mark.django_db
def test_an_id_given_by_a_proxy_is_kept_if_it_is_one(client: Client, given: str, is_kept: bool):
    reply = client.get(reverse("healthz"), headers={"X-Request-ID": given})

    found = reply.headers["X-Request-ID"]
    assert (found == given) == is_kept
    assert len(found) in (len(given), 32)
