"""What goes wrong arrives as the client's own exceptions, with all that was said of it."""

import openai
import pytest

from tests.sandbox.openai_client.conftest import connected, order
from tests.sandbox_server import Server

KINDS = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    409: openai.ConflictError,
    422: openai.UnprocessableEntityError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
    503: openai.InternalServerError,
}


@pytest.mark.parametrize(
    ("kind_of_error", "param", "code", "ask"),
    [
        (
            openai.BadRequestError,
            "suffix",
            None,
            lambda api: order(api, training_file="file-1", suffix="a" * 65),
        ),
        (
            openai.BadRequestError,
            "nepochs",
            None,
            lambda api: order(api, training_file="file-1", extra_body={"nepochs": 2}),
        ),
        (openai.BadRequestError, "training_file", None, lambda api: order(api, training_file="x")),
        (
            openai.NotFoundError,
            "fine_tune_id",
            "fine_tune_not_found",
            lambda api: api.fine_tuning.jobs.retrieve("ftjob-nowhere"),
        ),
        (openai.NotFoundError, "id", None, lambda api: api.files.content("file-nowhere")),
        (
            openai.NotFoundError,
            "model",
            "model_not_found",
            lambda api: api.models.retrieve("ft:nowhere"),
        ),
        (openai.PermissionDeniedError, "model", None, lambda api: api.models.delete("gpt-4o-mini")),
    ],
)
def test_a_refusal_says_what_is_wrong_and_with_what(client, kind_of_error, param, code, ask):
    with pytest.raises(kind_of_error) as refusal:
        ask(client)

    error = refusal.value
    assert (error.param, error.code, error.type) == (param, code, "invalid_request_error")
    assert error.request_id.startswith("req_")
    assert error.body["message"] in error.message


def test_a_wrong_key_opens_nothing(kind, shared):
    with (
        connected(kind, shared, api_key="sk-invalid-key") as client,
        pytest.raises(openai.AuthenticationError) as refusal,
    ):
        client.models.list()

    assert refusal.value.code == "invalid_api_key"


@pytest.mark.parametrize("status", KINDS)
def test_every_status_has_its_exception(client, fault, status):
    fault("error", value=status)

    with pytest.raises(KINDS[status]) as refusal:
        client.models.list()

    assert type(refusal.value) is KINDS[status]
    assert refusal.value.status_code == status
    assert refusal.value.request_id.startswith("req_")


def test_no_answer_is_an_error_of_the_connection(client, fault):
    fault("reset")
    with pytest.raises(openai.APIConnectionError):
        client.models.list()

    fault("hang")
    with pytest.raises(openai.APITimeoutError):
        client.models.list(timeout=0.1)


def test_a_page_of_a_proxy_is_kept_as_text(client, fault):
    fault("html", value=502)

    with pytest.raises(openai.InternalServerError) as refusal:
        client.models.list()

    assert "<html>" in refusal.value.body
    assert (refusal.value.code, refusal.value.param) == (None, None)


def test_what_is_not_as_documented_is_refused(client, done, fault):
    for name in ("unknown-status", "html"):
        fault(name, **({"value": 200} if name == "html" else {}))
        with pytest.raises(openai.APIResponseValidationError):
            client.fine_tuning.jobs.retrieve(done.id)


def test_the_headers_of_an_answer_can_be_read(client):
    answer = client.files.with_raw_response.list(limit=1)

    assert answer.headers["openai-organization"].startswith("org-")
    assert answer.headers["openai-version"] == "2020-10-01"
    assert int(answer.headers["openai-processing-ms"]) >= 0
    assert answer.request_id.startswith("req_")
    assert answer.parse().object == "list"


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A sandbox that creates no more jobs, and shows permissions to admins only."""
    flags = ("--pace", "0", "--quirks", "wind-down", "--strict-admin")
    with Server(tmp_path_factory.mktemp("closed") / "sandbox", *flags) as server:
        yield server.url


def test_who_may_not_create_jobs_any_more_is_told_so(kind, closed):
    with (
        connected(kind, closed) as client,
        pytest.raises(openai.PermissionDeniedError) as refusal,
    ):
        order(client)

    assert refusal.value.code == "fine_tuning_not_available"


def test_who_is_no_admin_may_not_share(kind, closed):
    with connected(kind, closed) as client, connected(kind, closed, api_key="sk-admin-1") as admin:
        with pytest.raises(openai.PermissionDeniedError, match="admin API key"):
            client.fine_tuning.checkpoints.permissions.list("ft:any")
        with pytest.raises(openai.NotFoundError):
            admin.fine_tuning.checkpoints.permissions.list("ft:any")
