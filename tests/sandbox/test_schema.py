"""Answers against the OpenAPI document beside $SAMPLES_DIR; not collected without it."""

import json
import os
from pathlib import Path

import pytest

from tests.sandbox.conftest import OTHER_CHATS, PREFERENCES, call, chat, jsonl
from tests.sandbox.schema_check import SchemaCheck
from tests.sandbox.test_graders_api import BOTH, CHECK, CODE, JUDGE, ONE, RUN, SIMILAR, VALIDATE

SAMPLES = Path(os.environ["SAMPLES_DIR"])
DOCUMENT = SAMPLES.parent / "openapi-finetuning.json"


@pytest.fixture(scope="module")
def jobs(shared):
    """One job of each kind and end."""
    with call(shared) as api:
        good = api.order(validation_file=api.upload(OTHER_CHATS), metadata={"a": "b"})
        dpo = api.order(PREFERENCES, method={"type": "dpo"})
        bad = api.order(jsonl([chat(1)]))
        wandb = {"type": "wandb", "wandb": {"project": "p"}}
        watched = api.order(integrations=[wandb])
        api.act(watched["id"], "cancel")
        return [api.wait(job["id"])["id"] for job in (good, dpo, bad, watched)]


@pytest.fixture(scope="module")
def check():
    return SchemaCheck(json.loads(DOCUMENT.read_text()))


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("fine_tuning/jobs", "ListPaginatedFineTuningJobsResponse"),
        ("fine_tuning/jobs/{}", "FineTuningJob"),
        ("fine_tuning/jobs/{}/events?limit=100", "ListFineTuningJobEventsResponse"),
        ("fine_tuning/jobs/{}/checkpoints", "ListFineTuningJobCheckpointsResponse"),
        ("files", "ListFilesResponse"),
        ("files?purpose=batch", "ListFilesResponse"),
        ("models", "ListModelsResponse"),
        ("models/gpt-4o-mini", "Model"),
    ],
)
def test_answers_are_as_the_schema_says(api, jobs, check, path, schema):
    for job_id in jobs:
        answer = api.get(path.format(job_id)).json()

        assert check.faults(answer, {"$ref": f"/{schema}"}) == []


def test_a_refusal_is_as_the_schema_says(api, check):
    answer = api.get("fine_tuning/jobs/nothing").json()

    assert check.faults(answer, {"$ref": "/ErrorResponse"}) == []


@pytest.mark.parametrize("grader", [CHECK, SIMILAR, CODE, JUDGE, ONE, BOTH])
def test_a_grade_is_as_the_schema_says(api, check, grader):
    for sample in ("yes", ""):
        body = {"grader": grader, "model_sample": sample, "item": {"label": "yes"}}

        answer = api.post(RUN, json=body).json()

        assert check.faults(answer, {"$ref": "/RunGraderResponse"}) == []


@pytest.mark.parametrize("grader", [CHECK, SIMILAR, CODE, JUDGE, ONE])
def test_a_validated_grader_is_as_the_schema_says(api, check, grader):
    answer = api.post(VALIDATE, json={"grader": grader}).json()

    assert check.faults(answer, {"$ref": "/ValidateGraderResponse"}) == []


def test_a_grade_has_every_field_of_the_documents_example(api):
    example = json.loads((SAMPLES / "grader_run_doc.json").read_text())
    body = {"grader": JUDGE, "model_sample": "fuzzy wuzzy was a bear"}

    answer = api.post(RUN, json={**body, "item": {"label": "fuzzy wuzzy was a bear"}}).json()

    assert answer["reward"] == example["reward"]
    assert answer.keys() == example.keys()
    assert answer["metadata"].keys() == example["metadata"].keys()
    assert answer["metadata"]["errors"] == example["metadata"]["errors"]
    used = answer["model_grader_token_usage_per_model"]["sandbox-scorer"]
    assert used.keys() == example["metadata"]["token_usage"].keys()


def test_the_check_sees_what_is_wrong(check):
    faults = check.faults({"object": "file", "id": 1, "purpose": "fun"}, {"$ref": "/OpenAIFile"})

    assert "answer.id: 1 is no string" in faults
    assert "answer: bytes is missing" in faults
    assert any("'fun' is none of" in fault for fault in faults)
