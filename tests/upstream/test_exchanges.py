"""Every request is told to whoever counts, once, whatever becomes of it."""

from collections.abc import Iterator

import httpx
import pytest

from jobs.upstream import Exchange, FineTuningClient, UpstreamError
from jobs.upstream.exchanges import kind_of
from tests.upstream.conftest import KEY, Network


@pytest.fixture
def heard() -> list[Exchange]:
    return []


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def client(network: Network, heard: list[Exchange]) -> Iterator[FineTuningClient]:
    transport = httpx.MockTransport(network)
    address = "https://api.test/v1"
    with FineTuningClient(
        address, KEY, heard=heard.append, sleep=network.rests.append, transport=transport
    ) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/v1/fine_tuning/jobs", "GET jobs"),
        ("POST", "/v1/fine_tuning/jobs", "POST jobs"),
        ("GET", "/v1/fine_tuning/jobs/ftjob-1", "GET job"),
        ("GET", "/v1/fine_tuning/jobs/ftjob-1/events", "GET events"),
        ("POST", "/v1/fine_tuning/jobs/ftjob-1/cancel", "POST cancel"),
        ("DELETE", "/v1/models/ft:gpt:acme", "DELETE model"),
        ("GET", "/v1/files/file-1/content", "GET content"),
        ("POST", "/v1/uploads/upload-1/parts", "POST parts"),
        ("GET", "/v1/fine_tuning/checkpoints/ft:x/permissions", "GET permissions"),
        ("GET", "/some/proxy", "GET other"),
    ],
)
def test_a_request_is_named_by_few_words(method: str, path: str, kind: str):
    assert kind_of(method, path) == kind


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(200, json={"id": "file-1"}), "ok"),
        (httpx.Response(404, json={}), "rejected"),
        (httpx.Response(429, headers={"retry-after": "999"}), "rate_limited"),
        (httpx.Response(500, headers={"x-should-retry": "false"}), "failed"),
        (httpx.ConnectTimeout("too late"), "unsent"),
        (httpx.ReadTimeout("too late"), "unreachable"),
        (httpx.DecodingError("no gzip"), "malformed"),
    ],
)
def test_its_outcome_is_one_of_a_few(client, network, heard: list[Exchange], answer, outcome: str):
    network.answers.append(answer)

    try:
        client.file("file-1")
    except UpstreamError:
        assert outcome != "ok"

    assert [(each.kind, each.outcome) for each in heard] == [("GET file", outcome)]
    assert heard[0].seconds > 0


def test_a_question_that_is_asked_again_is_told_again(client, network, heard: list[Exchange]):
    network.says({}, status=503)
    network.says({"id": "file-1"})

    client.file("file-1")

    assert [each.outcome for each in heard] == ["failed", "ok"]
