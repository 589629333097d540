"""Switches for where the live service differs from its schema."""

from types import SimpleNamespace

import pytest

from sandbox.quirks import Quirk
from tests.sandbox.conftest import CHATS, PREFERENCES, call, chat, jsonl
from tests.sandbox.in_process import ask
from tests.sandbox_server import Server


@pytest.fixture(scope="module")
def past(tmp_path_factory):
    """A folder with jobs that ended: one that is good, one of preferences, one that failed."""
    folder = tmp_path_factory.mktemp("past") / "sandbox"
    with Server(folder) as server, call(server.url) as api:
        whole = {"n_epochs": 2, "batch_size": 4, "learning_rate_multiplier": 2.0}
        method = {"type": "supervised", "supervised": {"hyperparameters": whole}}
        ids = {
            "good": api.order(method=method)["id"],
            "dpo": api.order(PREFERENCES, method={"type": "dpo"})["id"],
            "bad": api.order(jsonl([chat(1)]))["id"],
        }
        jobs = {name: api.wait(job_id) for name, job_id in ids.items()}
    return SimpleNamespace(folder=folder, **jobs)


@pytest.fixture
def job(past):
    def job(name: str, *quirks: Quirk):
        path = f"fine_tuning/jobs/{getattr(past, name)['id']}"
        return ask(past.folder, path, quirks=frozenset(quirks)).json()

    return job


@pytest.fixture
def events(past):
    def events(*quirks: Quirk):
        path = f"fine_tuning/jobs/{past.good['id']}/events"
        return ask(past.folder, path, quirks=frozenset(quirks)).json()["data"]

    return events


@pytest.mark.parametrize(
    ("quirk", "error"),
    [
        (Quirk.ERROR_EMPTY, {}),
        (Quirk.ERROR_NULLS, {"code": None, "message": None, "param": None}),
        (Quirk.ERROR_MISSING, "none at all"),
    ],
)
def test_a_healthy_job_may_have_an_error_that_says_nothing(job, past, quirk, error):
    assert job("good", quirk).get("error", "none at all") == error
    assert job("bad", quirk)["error"] == past.bad["error"]
    assert past.bad["error"]["code"] == "invalid_n_examples"


def test_a_dpo_job_may_have_no_top_level_hyperparameters(job, past):
    assert job("dpo", Quirk.NULL_HYPERPARAMETERS)["hyperparameters"] is None
    assert job("good", Quirk.NULL_HYPERPARAMETERS) == past.good


def test_a_number_may_be_whole_in_one_place_and_not_in_the_other(job):
    told = job("good", Quirk.INTEGER_MULTIPLIER)

    own = told["method"]["supervised"]["hyperparameters"]["learning_rate_multiplier"]
    deprecated = told["hyperparameters"]["learning_rate_multiplier"]
    assert (repr(deprecated), repr(own)) == ("2", "2.0")


def test_a_job_that_does_not_run_may_finish_in_1970(job):
    assert job("good", Quirk.ZERO_FINISH)["estimated_finish"] == 0


def test_the_start_may_have_no_data(events):
    told = events(Quirk.NULL_DATA)

    nothing = [event["message"] for event in told if event["data"] is None]
    assert nothing == ["Fine-tuning job started"]


def test_only_what_has_data_may_have_data(events):
    told = events(Quirk.MISSING_DATA)

    assert {event["type"] for event in told if "data" in event} == {"metrics"}
    assert {event["type"] for event in told if "data" not in event} == {"message"}


def test_events_may_share_a_second(events):
    assert {event["created_at"] % 10 for event in events(Quirk.SAME_SECOND)} == {0}


@pytest.mark.parametrize(("quirks", "start"), [((), "c3RlcC"), ((Quirk.PLAIN_CSV,), "step,train")])
def test_results_may_be_a_plain_table(past, quirks, start):
    path = f"files/{past.good['result_files'][0]}/content"

    assert ask(past.folder, path, quirks=frozenset(quirks)).text.startswith(start)


def test_a_file_may_say_that_there_is_nothing_to_say(past):
    path = f"files/{past.good['training_file']}"

    told = ask(past.folder, path, quirks=frozenset({Quirk.NULL_FILE_DETAILS})).json()

    assert told["expires_at"] is told["status_details"] is None
    assert "expires_at" not in ask(past.folder, path).json()


@pytest.mark.parametrize(("quirks", "status"), [((), 200), ((Quirk.UPLOAD_201,), 201)])
def test_an_upload_may_answer_201(past, quirks, status):
    upload = {"files": {"file": ("a.jsonl", CHATS)}, "data": {"purpose": "user_data"}}

    answer = ask(past.folder, "files", method="POST", quirks=frozenset(quirks), **upload)

    assert answer.status_code == status


@pytest.mark.parametrize("path", ["fine_tuning/jobs", "files", "fine_tuning/jobs/{}/checkpoints"])
def test_a_list_may_not_say_whether_it_goes_on_or_where_it_ends(past, path):
    quirks = frozenset({Quirk.MISSING_HAS_MORE, Quirk.MISSING_ENDS})

    page = ask(past.folder, path.format(past.good["id"]), quirks=quirks).json()

    assert page.keys() == {"object", "data"}
    assert page["data"]


def test_a_list_of_words_has_no_quirks(past):
    types = ask(past.folder, "webhook_event_types").json()

    assert ask(past.folder, "webhook_event_types", quirks=frozenset(Quirk)).json() == types


def test_nobody_may_create_a_job_when_the_service_is_wound_down(past):
    order = {"model": "tiny-byte-lm", "training_file": past.good["training_file"]}
    quirks = frozenset({Quirk.WIND_DOWN})

    answer = ask(past.folder, "fine_tuning/jobs", method="POST", quirks=quirks, json=order)

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "fine_tuning_not_available"
    assert ask(past.folder, "fine_tuning/jobs", quirks=quirks).json()["data"]


def test_without_quirks_a_job_is_as_it_was_told_first(job, past):
    assert [job(name) for name in ("good", "dpo", "bad")] == [past.good, past.dpo, past.bad]


def test_a_pause_may_use_the_schemas_words_only(folder):
    flags = ("--pace", "20", "--quirks", "schema-status", "error-empty")
    with Server(folder, *flags) as server, call(server.url) as api:
        job = api.order()["id"]
        api.until(lambda: api.steps(job), bool)

        pausing = api.act(job, "pause").json()

        assert (pausing["status"], pausing["error"]) == ("running", {})
        assert api.wait(job, "queued")
