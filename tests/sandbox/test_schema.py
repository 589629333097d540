"""The official OpenAPI document beside $SAMPLES_DIR; not collected without it.

That every answer of every test is as it says is the recorder's work.
"""

import json
import os
from pathlib import Path

import pytest

from tests.sandbox.contracts import Answer, contracts
from tests.sandbox.test_graders_api import JUDGE, RUN

SAMPLES = Path(os.environ["SAMPLES_DIR"])
JOB = json.loads((SAMPLES / "job_dpo_created_doc.json").read_text())


@pytest.fixture
def official():
    return contracts()[1]


def test_all_that_it_tells_is_served(official):
    own = contracts()[0]
    told = {
        (method.upper(), path)
        for path, item in official.document["paths"].items()
        for method in item
    }

    assert [each for each in told if not own.template(Answer(*each, 200, "", b""))] == []


def test_what_is_wrong_is_seen(official):
    wrong = {"object": "file", "id": 1, "purpose": "fun"}

    faults = official.faults(
        Answer("GET", "/files/1", 200, "application/json", json.dumps(wrong).encode())
    )

    assert "$.id: 1 is not of type 'string'" in faults
    assert "$: 'bytes' is a required property" in faults
    assert any("'fun' is not one of" in fault for fault in faults)


def test_a_job_as_the_documents_show_it_is_not_as_they_say(official):
    """Their own example lacks hyperparameters: that nothing is wrong with ours means something."""
    body = json.dumps(JOB).encode()

    faults = official.faults(Answer("GET", "/fine_tuning/jobs/1", 200, "application/json", body))

    assert faults


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
