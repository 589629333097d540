"""How often a question is asked, and how long is waited in between.

That an order is sent once stands in test_endpoints.py.
"""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given, strategies as st

from jobs.upstream import RateLimited, Rejected, Unreachable
from jobs.upstream.retries import wait_before_retry

JOB = {"id": "ftjob-1", "status": "running"}
RESET = httpx.ReadError("reset")


def answer(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(
        status, headers={name.replace("_", "-"): headers[name] for name in headers}
    )


@pytest.mark.parametrize(
    ("outcome", "wait"),
    [
        (RESET, 0.5),
        (httpx.ConnectError("refused"), 0.5),
        (httpx.RemoteProtocolError("Server disconnected"), 0.5),
        (httpx.ProxyError("refused"), 0.5),
        (httpx.ReadTimeout("silence"), None),
        (httpx.ConnectTimeout("silence"), None),
        (httpx.LocalProtocolError("our own fault"), None),
        (httpx.UnsupportedProtocol("our own fault"), None),
        (answer(408), 0.5),
        (answer(409), 0.5),
        (answer(429), 0.5),
        (answer(500), 0.5),
        (answer(529), 0.5),
        (answer(302), None),
        (answer(400), None),
        (answer(404), None),
        (answer(400, x_should_retry="true"), 0.5),
        (answer(503, x_should_retry="false"), None),
        (answer(503, x_should_retry="maybe"), 0.5),
        (answer(429, retry_after="3"), 3.0),
        (answer(429, retry_after="0.25"), 0.25),
        (answer(429, retry_after_ms="1500", retry_after="9"), 1.5),
        (answer(429, retry_after="120"), 120.0),
        (answer(429, retry_after="121"), None),
        (answer(429, retry_after="121", x_should_retry="true"), None),
        (answer(429, retry_after="0"), 0.5),
        (answer(429, retry_after="-5"), 0.5),
        (answer(429, retry_after="nan"), 0.5),
        (answer(429, retry_after="soon"), 0.5),
        (answer(429, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"), 0.5),
        (answer(429, retry_after="Wed, 21 Oct 2115 07:28:00 GMT"), None),
        (answer(400, retry_after="3"), None),
    ],
    ids=str,
)
def test_the_first_retry_is_that_of_the_official_client(outcome, wait):
    assert wait_before_retry(0, outcome, luck=0) == wait


def test_a_date_to_come_back_at_is_waited_for():
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)

    wait = wait_before_retry(0, answer(503, retry_after=date), luck=0)

    assert wait is not None
    assert 50 < wait <= 60


@given(st.floats(0, 1, exclude_max=True))
def test_each_wait_is_twice_as_long_and_a_little_shorter_by_chance(luck):
    first, second, third = (wait_before_retry(retries, RESET, luck) for retries in range(3))

    assert first is not None
    assert 0.375 <= first <= 0.5
    assert second == 2 * first
    assert third is None


@given(
    st.integers(100, 999),
    st.dictionaries(
        st.sampled_from(["retry-after", "retry-after-ms", "x-should-retry"]),
        st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"])) | st.floats().map(str),
    ),
)
def test_whatever_headers_say_the_wait_is_one_that_can_be_slept(status, headers):
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}

    wait = wait_before_retry(0, httpx.Response(status, headers=encoded), luck=0.5)

    assert wait is None or 0 < wait <= 120


def test_a_question_is_asked_three_times(client, network):
    network.answers += [RESET, httpx.Response(503), httpx.Response(200, json=JOB)]

    assert client.job("ftjob-1").id == "ftjob-1"
    first, second = network.rests
    assert 0.375 < first <= 0.5
    assert 0.75 < second <= 1
    assert len(network.requests) == 3


@pytest.mark.parametrize(
    ("outcome", "error"),
    [(RESET, Unreachable), (answer(503), Unreachable), (answer(409), Rejected)],
    ids=str,
)
def test_a_question_is_not_asked_a_fourth_time(client, network, outcome, error):
    network.answers += [outcome] * 3

    with pytest.raises(error):
        client.job("ftjob-1")

    assert len(network.requests) == 3


def test_each_page_of_a_list_has_its_own_retries(client, network):
    page = {"data": [JOB], "has_more": True}
    network.answers += [RESET, RESET, httpx.Response(200, json=page)]
    network.answers += [RESET, RESET, httpx.Response(200, json={"data": []})]

    assert len(list(client.jobs())) == 1
    assert len(network.requests) == 6


@pytest.mark.parametrize(
    ("patience", "asked"),
    [(2, "2.5"), (100, "21"), (100, "3600")],
    ids=["caller", "deadline", "API"],
)
def test_who_cannot_wait_so_long_is_told_how_long_it_is(connect, network, patience, asked):
    network.says({}, 429, {"retry-after": asked})

    with pytest.raises(RateLimited) as caught:
        connect(patience=patience).job("ftjob-1")

    assert caught.value.retry_after == float(asked)
    assert network.rests == []
    assert len(network.requests) == 1


def test_what_was_waited_is_taken_from_the_time_of_the_exchange(connect, network, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr("jobs.upstream.deadline.monotonic", lambda: clock[0])
    for _ in range(3):
        network.says({}, 429, {"retry-after": "12"})

    def rest(seconds: float) -> None:
        network.rests.append(seconds)
        clock[0] += seconds

    with pytest.raises(RateLimited):
        connect(patience=100, sleep=rest).job("ftjob-1")

    assert network.rests == [12]
