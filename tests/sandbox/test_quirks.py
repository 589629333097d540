"""Switches for where the live service differs from its schema."""

from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.conftest import PREFERENCES, call
from tests.sandbox_server import Server


def ask(folder: Path, quirk: str, **given: Any) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """A job that ended, its events, and its results, from a sandbox with that quirk."""
    with Server(folder, "--pace", "0", "--quirks", quirk) as server, call(server.url) as api:
        job = api.wait(api.order(**given)["id"])
        content = api.get(f"files/{job['result_files'][0]}/content").text
        return job, api.events(job["id"]), content


@pytest.mark.parametrize(
    ("quirk", "error"),
    [
        ("error-empty", {}),
        ("error-nulls", {"code": None, "message": None, "param": None}),
    ],
)
def test_a_healthy_job_may_have_an_error_that_says_nothing(folder, quirk, error):
    assert ask(folder, quirk)[0]["error"] == error


def test_a_dpo_job_may_have_no_top_level_hyperparameters(folder):
    job, _, _ = ask(folder, "null-hyperparameters", content=PREFERENCES, method={"type": "dpo"})

    assert job["hyperparameters"] is None


def test_the_start_may_have_no_data(folder):
    _, events, _ = ask(folder, "null-data")

    assert [event["message"] for event in events if event["data"] is None] == [
        "Fine-tuning job started"
    ]


def test_results_may_be_a_plain_table(folder):
    assert ask(folder, "plain-csv")[2].startswith("step,train_loss,train_accuracy,valid_loss")


def test_a_pause_may_use_the_schemas_words_only(folder):
    flags = ("--pace", "20", "--quirks", "schema-status")
    with Server(folder, *flags) as server, call(server.url) as api:
        job = api.order()["id"]
        api.until(lambda: api.steps(job), bool)

        pausing = api.act(job, "pause").json()

        assert pausing["status"] == "running"
        assert api.wait(job, "queued")
