from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from jobs.upstream import Malformed, RateLimited, Rejected, Unreachable, UpstreamError


@pytest.fixture
def client(connect):
    """One that asks once: see test_retries.py."""
    return connect(patience=0)


def refused(client) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        client.job("ftjob-1")
    return caught.value


def test_every_refusal_becomes_the_error_that_says_what_to_do(client, network, sample):
    for case in sample("refusals"):
        network.says(case["body"], case["status"], case["headers"])

        error = refused(client)

        assert type(error).__name__ == case["kind"], case
        assert str(error) == case["message"]
        for name in {"code", "param", "retry_after"} & case.keys():
            assert getattr(error, name) == case[name], case
        if isinstance(error, Rejected):
            assert error.status == case["status"]


def test_a_refused_key_is_a_rejection(client, network):
    words = {"message": "Incorrect API key provided.", "code": "invalid_api_key"}
    network.says({"error": {**words, "type": "invalid_request_error", "param": None}}, 401)

    error = refused(client)

    assert isinstance(error, Rejected)
    assert (error.status, error.code, error.param) == (401, "invalid_api_key", "")


def test_a_proxys_page_becomes_its_words(client, network):
    page = b"<html><head><style>p {color: red}</style><title>502</title></head><body>Bad &amp; gone"
    network.sends(page, 502)

    assert str(refused(client)) == "The API failed with status 502: 502 Bad & gone"


def test_a_long_page_is_cut(client, network):
    network.sends(b"no " * 100_000, 403)

    error = refused(client)

    assert isinstance(error, Rejected)
    assert str(error) == f"The API answered 403: {('no ' * 100)[:200]}"


def test_an_empty_refusal_still_says_its_status(client, network):
    network.sends(b"", 404)

    assert str(refused(client)) == "The API answered 404: Not Found"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 -0000"}, 0.0),
    ],
)
def test_the_wait_is_read_from_each_of_its_forms(client, network, headers, wait):
    network.says({"error": {"message": "Slow down."}}, 429, headers)

    error = refused(client)

    assert isinstance(error, RateLimited)
    assert error.retry_after == wait


def test_who_is_out_of_allowance_waits_until_there_is_more_of_it(client, network):
    limits = {
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "1m6.5s",
        "x-ratelimit-remaining-tokens": "149984",
        "x-ratelimit-reset-tokens": "6h0m0s",
    }
    network.says({}, 429, limits)
    network.says({}, 429, {**limits, "retry-after": "2"})

    assert refused(client).retry_after == 66.5
    assert refused(client).retry_after == 2


def test_a_failure_may_say_when_it_will_be_over(client, network):
    network.says({}, 503, {"retry-after": "30"})
    network.says({}, 500)

    assert refused(client).retry_after == 30
    assert refused(client).retry_after is None


def test_a_date_to_wait_for_is_seconds_from_now(client, network):
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    network.says({}, 429, {"retry-after": until})

    error = refused(client)

    assert isinstance(error, RateLimited)
    assert error.retry_after is not None
    assert 3500 < error.retry_after <= 3600


@pytest.mark.parametrize("status", [400, 401, 403, 408, 429, 500])
def test_no_error_repeats_the_key(client, network, status, key):
    echo = {"message": f"Bad key {key}", "code": f"c {key}", "param": f"p {key}"}
    network.says({"error": echo}, status)

    error = refused(client)

    assert "Bad key [key]" in str(error)
    assert key not in repr(error.args) + repr(vars(error))


@pytest.mark.parametrize("status", [200, 403, 502])
@pytest.mark.parametrize("before", ["x" * 190 + " ", "<br>" * 997])
def test_not_even_the_half_of_a_key_is_left_where_a_page_is_cut(
    client, network, status, before, key
):
    network.sends(f"{before}{key}".encode(), status)

    assert key[:8] not in str(refused(client))


def test_a_key_is_found_in_the_spelling_of_html_too(connect, network):
    network.sends(b"<p>Unknown key sk-a&amp;b-0123456789</p>", 401)

    error = refused(connect(api_key="sk-a&b-0123456789"))

    assert str(error) == "The API answered 401: Unknown key [key]"


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (httpx.ConnectTimeout("timed out"), "api.example.com did not accept a connection in time."),
        (httpx.ReadTimeout("timed out"), "api.example.com did not answer in time."),
        (httpx.WriteTimeout(""), "api.example.com did not answer in time."),
        (
            httpx.ConnectError("[Errno 111] Connection refused"),
            "No connection to api.example.com: Connection refused.",
        ),
        (httpx.ConnectError(""), "No connection to api.example.com: it was refused."),
        (
            httpx.CloseError(""),
            "api.example.com broke the connection before the answer was whole.",
        ),
    ],
)
def test_no_answer_is_told_in_a_sentence(client, network, broken, sentence):
    network.answers.append(broken)

    error = refused(client)

    assert isinstance(error, Unreachable)
    assert str(error) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The reply to GET fine_tuning/jobs/ftjob-1 is empty."),
        (
            b"<h1>Sign in</h1>",
            "The reply to GET fine_tuning/jobs/ftjob-1 is not JSON but 'Sign in'.",
        ),
        (
            b'{"id": "ftjob',
            'The reply to GET fine_tuning/jobs/ftjob-1 is not JSON but \'{"id": "ftjob\'.',
        ),
        (b"[]", "The API sent '[]' where a job should be."),
        (b'{"status": "running"}', "The API sent a job without an id."),
    ],
)
def test_a_success_that_is_none_is_malformed(client, network, content, sentence):
    network.sends(content)

    error = refused(client)

    assert isinstance(error, Malformed)
    assert str(error) == sentence


def test_a_reply_that_cannot_be_unpacked_is_malformed(client, network):
    network.answers.append(
        lambda _: httpx.Response(
            200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip")
        )
    )

    error = refused(client)

    assert isinstance(error, Malformed)
    assert str(error) == "The reply to GET fine_tuning/jobs/ftjob-1 is not validly compressed."
