"""Every real payload in $SAMPLES_DIR is read. Without that variable this file is not collected."""

import csv
import json
import os
from pathlib import Path

import pytest

from jobs.upstream import (
    DIALECTS,
    CheckpointReply,
    EventReply,
    GradeReply,
    JobReply,
    RateLimited,
    Rejected,
    State,
    UpstreamError,
    plain_csv,
    read_results,
)
from tests.sampled import objects

FILES = sorted(path for path in Path(os.environ["SAMPLES_DIR"]).iterdir() if path.is_file())
RESULT_FILES = [path for path in FILES if path.name.startswith("result_file")]
JSON_FILES = [path for path in FILES if path.suffix == ".json"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_file_comes_through_byte_for_byte(path, client, network):
    network.sends(path.read_bytes(), kind="application/octet-stream")

    assert client.file_content("file-1") == path.read_bytes()


@pytest.mark.parametrize("path", JSON_FILES, ids=lambda path: path.name)
def test_a_real_job_is_read(path):
    for body in objects(json.loads(path.read_text()), "fine_tuning.job"):
        job = JobReply.parse(body)

        assert job.raw == body
        assert job.id == body["id"]
        assert job.model
        assert job.created_at is not None
        assert job.error is None
        assert all(each.state_of(job.status) != State.UNKNOWN for each in DIALECTS.values())


@pytest.mark.parametrize("path", JSON_FILES, ids=lambda path: path.name)
def test_a_real_event_is_read(path):
    for body in objects(json.loads(path.read_text()), "fine_tuning.job.event"):
        event = EventReply.parse(body)

        assert event.id == body["id"]
        assert event.message
        assert event.created_at is not None
        assert event.payload == (body["data"] or {})
        assert (event.type == "metrics") == bool(event.metrics) == (event.step is not None)


@pytest.mark.parametrize("path", JSON_FILES, ids=lambda path: path.name)
def test_a_real_checkpoint_is_read(path):
    for body in objects(json.loads(path.read_text()), "fine_tuning.job.checkpoint"):
        checkpoint = CheckpointReply.parse(body)

        assert checkpoint.step == body["step_number"]
        assert checkpoint.model.startswith("ft:")
        assert checkpoint.metrics["train_loss"] == body["metrics"]["train_loss"]


@pytest.mark.parametrize("path", JSON_FILES, ids=lambda path: path.name)
def test_a_real_grade_is_read(path):
    body = json.loads(path.read_text())
    if not isinstance(body, dict) or "reward" not in body:
        return

    grade = GradeReply.parse(body)

    assert grade.raw == body
    assert grade.reward == body["reward"]
    assert grade.errors == {}
    assert grade.execution_time == body["metadata"]["execution_time"]
    assert grade.token_usage == body["metadata"]["token_usage"]["total_tokens"]
    assert grade.sampled_model_name == body["metadata"]["sampled_model_name"]


@pytest.mark.parametrize("path", RESULT_FILES, ids=lambda path: path.name)
def test_a_real_result_file_is_read_without_losing_a_number(path):
    read = read_results(path.read_bytes())

    rows = list(csv.DictReader(path.with_suffix(".csv").read_text().splitlines()))
    accuracy = {int(row["step"]): float(row["train_accuracy"]) for row in rows}
    loss = {int(row["step"]): float(row["train_loss"]) for row in rows}
    assert read.points == {"train_loss": loss, "train_mean_token_accuracy": accuracy}
    assert plain_csv(path.read_bytes()) == path.with_suffix(".csv").read_bytes()


@pytest.mark.parametrize("path", JSON_FILES, ids=lambda path: path.name)
def test_a_real_page_is_read_to_its_end_without_leaving_anything_out(path, client, network):
    for body in objects(json.loads(path.read_text()), "list"):
        network.says(body)
        network.says({"data": []})

        parsed = list(client.events("ftjob-1"))

        assert [reply.id for reply in parsed] == [item["id"] for item in body["data"]]
        assert client.skipped == 0
        network.answers.clear()


@pytest.mark.parametrize("path", JSON_FILES, ids=lambda path: path.name)
def test_a_real_refusal_is_told_in_its_own_words(path, client, network):
    cases = json.loads(path.read_text())
    for case in cases if isinstance(cases, list) else []:
        if not case.get("status"):
            continue
        network.says(case["body"], case["status"])

        with pytest.raises(UpstreamError) as caught:
            client.cancel("ftjob-1")

        assert isinstance(caught.value, RateLimited if case["status"] == 429 else Rejected)
        assert str(caught.value) == case["body"]["error"]["message"]
