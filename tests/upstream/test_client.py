"""One request: what it carries, where it goes, and how often. Lists are in test_lists.py."""

import pytest

from jobs.upstream import AZURE, AZURE_V1, GENERIC, NEBIUS, Unreachable

JOB = {"id": "ftjob-1", "object": "fine_tuning.job", "status": "running"}


@pytest.mark.parametrize(
    ("method", "request_line"),
    [
        ("job", "GET /v1/fine_tuning/jobs/ftjob-1"),
        ("cancel", "POST /v1/fine_tuning/jobs/ftjob-1/cancel"),
        ("pause", "POST /v1/fine_tuning/jobs/ftjob-1/pause"),
        ("resume", "POST /v1/fine_tuning/jobs/ftjob-1/resume"),
    ],
)
def test_one_job_is_asked_for_or_told_what_to_do(client, network, method, request_line):
    network.says(JOB)

    reply = getattr(client, method)("ftjob-1")

    assert reply.status == "running"
    assert network.asked == [request_line]


def test_a_reply_may_come_with_any_success_status(client, network):
    network.says(JOB, 201)

    assert client.cancel("ftjob-1").id == "ftjob-1"


def test_an_order_has_no_body(client, network):
    network.says(JOB)

    client.pause("ftjob-1")

    assert network.requests[0].content == b""
    assert network.requests[0].headers["content-length"] == "0"


@pytest.mark.parametrize(
    ("ask", "seconds"),
    [
        (lambda client: client.job("ftjob-1"), 10),
        (lambda client: client.cancel("ftjob-1"), 10),
        (lambda client: client.create({"model": "gpt", "training_file": "file-1"}), 30),
    ],
)
def test_an_answer_is_waited_for_as_long_as_it_may_take(client, network, ask, seconds):
    network.says(JOB)

    ask(client)

    assert network.requests[0].extensions["timeout"]["read"] == seconds


def test_a_file_is_read_and_so_is_its_content(client, network, sample):
    network.says(sample("files")["data"][0])
    network.sends(b"c3RlcCx0cmFpbl9sb3NzCg==", kind="text/plain")

    reply, content = client.file("file-Results01"), client.file_content("file-Results01")

    assert reply.filename == "step_metrics.csv"
    assert content == b"c3RlcCx0cmFpbl9sb3NzCg=="
    assert network.asked == ["GET /v1/files/file-Results01", "GET /v1/files/file-Results01/content"]


def test_models_are_one_list_without_pages(client, network, sample):
    network.says(sample("models"))

    assert len(client.models()) == 3
    assert network.asked == ["GET /v1/models"]


def test_a_colon_stays_and_everything_else_in_an_id_is_quoted(client, network):
    network.says(JOB)
    network.says(JOB)

    client.job("ft:gpt/a b?c#d")
    client.job("../models")

    assert network.asked == [
        "GET /v1/fine_tuning/jobs/ft:gpt%2Fa%20b%3Fc%23d",
        "GET /v1/fine_tuning/jobs/..%2Fmodels",
    ]


@pytest.mark.parametrize(
    "base_url",
    ["https://api.example.com/v1", "https://api.example.com/v1/", " https://api.example.com/v1\n"],
)
def test_a_base_url_may_end_in_a_slash(connect, network, base_url):
    network.says(JOB)

    connect(base_url).job("ftjob-1")

    assert str(network.requests[0].url) == "https://api.example.com/v1/fine_tuning/jobs/ftjob-1"


def test_every_request_carries_the_key_and_who_asks(connect, network, key):
    network.says(JOB)

    connect(organization="org-acme", project="proj_1").job("ftjob-1")

    headers = network.requests[0].headers
    assert headers["authorization"] == f"Bearer {key}"
    assert headers["openai-organization"] == "org-acme"
    assert headers["openai-project"] == "proj_1"
    assert headers["user-agent"] == "tuneboard"


def test_no_organization_is_no_header(client, network):
    network.says(JOB)

    client.job("ftjob-1")

    assert not {"openai-organization", "openai-project"} & network.requests[0].headers.keys()


@pytest.mark.parametrize(
    "base_url", ["https://acme.openai.test", "https://acme.openai.test/openai/"]
)
def test_dated_azure_has_its_own_path_query_and_key_header(connect, network, base_url, key):
    network.says({"data": []})

    assert list(connect(base_url, dialect=AZURE).jobs()) == []

    request = network.requests[0]
    assert request.url.path == "/openai/fine_tuning/jobs"
    assert dict(request.url.params) == {"api-version": "2024-10-21", "limit": "100"}
    assert request.headers["api-key"] == key
    assert "authorization" not in request.headers


def test_a_query_in_the_base_url_wins_over_the_dialects(connect, network):
    network.says(JOB)

    connect("https://acme.openai.test/?api-version=2025-01-01-preview", dialect=AZURE).job(
        "ftjob-1"
    )

    assert network.asked == ["GET /openai/fine_tuning/jobs/ftjob-1?api-version=2025-01-01-preview"]


@pytest.mark.parametrize(
    ("dialect", "base_url", "request_line"),
    [
        (AZURE_V1, "https://acme.openai.test", "GET /openai/v1/fine_tuning/jobs/ftjob-1"),
        (
            AZURE_V1,
            "https://acme.openai.test/openai/v1/",
            "GET /openai/v1/fine_tuning/jobs/ftjob-1",
        ),
        (NEBIUS, "https://nebius.test/v1", "GET /v1/fine_tuning/jobs/ftjob-1"),
        (GENERIC, "http://localhost:4000", "GET /fine_tuning/jobs/ftjob-1"),
        (GENERIC, "http://localhost:4000/a/b", "GET /a/b/fine_tuning/jobs/ftjob-1"),
    ],
)
def test_each_dialect_finds_its_jobs(connect, network, dialect, base_url, request_line):
    network.says(JOB)

    connect(base_url, dialect=dialect).job("ftjob-1")

    assert network.asked == [request_line]


@pytest.mark.parametrize(
    "base_url", ["http://[::1", "https://api.example.com:port/v1", "https://a..b/"]
)
def test_a_base_url_that_is_none_says_so(connect, base_url):
    with pytest.raises(Unreachable, match="is not a URL"):
        connect(base_url)


@pytest.mark.parametrize("key", ["sk-\N{SNOWMAN}", ""])
def test_a_strange_key_is_left_for_the_api_to_refuse(connect, network, key):
    network.says(JOB)

    connect(api_key=key).job("ftjob-1")

    assert (b"Authorization", f"Bearer {key}".encode()) in network.requests[0].headers.raw


def test_a_key_may_be_pasted_with_its_line_end(connect, network, key):
    network.says(JOB)

    connect(api_key=f"{key}\n").job("ftjob-1")

    assert network.requests[0].headers["authorization"] == f"Bearer {key}"
