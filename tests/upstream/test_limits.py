import pytest
from hypothesis import given, strategies as st

from jobs.upstream import RateLimit, RateLimited
from jobs.upstream.limits import read_limits, seconds

HEADERS = {
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-limit-tokens": "150000",
    "x-ratelimit-remaining-requests": "59",
    "x-ratelimit-remaining-tokens": "149984",
    "x-ratelimit-reset-requests": "1s",
    "x-ratelimit-reset-tokens": "6m0s",
}


def test_the_allowance_is_read_by_what_is_counted():
    assert read_limits({**HEADERS, "x-request-id": "req_1"}) == {
        "requests": RateLimit(60, 59, 1.0),
        "tokens": RateLimit(150000, 149984, 360.0),
    }


def test_an_allowance_may_be_told_in_part_or_not_at_all():
    told = {"x-ratelimit-remaining-tokens": "-1", "x-ratelimit-reset-requests": "soon"}

    assert read_limits(told) == {"tokens": RateLimit(), "requests": RateLimit()}
    assert read_limits({"x-ratelimit": "1"}) == {}


@pytest.mark.parametrize(
    ("length", "read"),
    [
        ("12ms", 0.012),
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("1h2m3.5s", 3723.5),
        ("2d", 172800.0),
        ("7.66s", 7.66),
        ("150µs", 0.00015),
        ("20", 20.0),
        ("0s", 0.0),
        ("", None),
        ("-1s", None),
        ("1s and more", None),
        ("inf", None),
        ("9" * 400 + "s", None),
        ("1 s", None),
    ],
)
def test_a_length_of_time_is_read_however_it_is_written(length, read):
    assert seconds(length) == read


@given(st.text())
def test_any_text_is_some_seconds_or_none(length):
    read = seconds(length)

    assert read is None or 0 <= read < float("inf")


def test_the_last_allowance_that_was_told_can_be_read(client, network):
    network.says({"id": "ftjob-1"}, headers=HEADERS)
    network.says({"id": "ftjob-1"})
    network.says({}, 429, {"x-ratelimit-remaining-requests": "0", "x-should-retry": "false"})

    client.job("ftjob-1")
    client.job("ftjob-1")
    assert client.rate_limits["requests"].remaining == 59
    with pytest.raises(RateLimited):
        client.job("ftjob-1")
    assert client.rate_limits == {"requests": RateLimit(remaining=0)}
