"""The graders' two endpoints over a real socket."""

import asyncio

import openai
import pytest
from openai.types.graders import (
    ScoreModelGraderParam,
    StringCheckGraderParam,
    TextSimilarityGraderParam,
)

from tests.sandbox.conftest import call
from tests.sandbox_server import Server

RUN = "fine_tuning/alpha/graders/run"
VALIDATE = "fine_tuning/alpha/graders/validate"

CHECK: StringCheckGraderParam = {
    "type": "string_check",
    "name": "check",
    "input": "{{sample.output_text}}",
    "reference": "{{item.label}}",
    "operation": "eq",
}
JUDGE: ScoreModelGraderParam = {
    "type": "score_model",
    "name": "judge",
    "model": "gpt-5-mini",
    "input": [{"role": "user", "content": "{{item.label}} or {{sample.output_text}}?"}],
    "sampling_params": {"temperature": 1, "top_p": 1, "seed": 42},
}
SIMILAR: TextSimilarityGraderParam = {
    "type": "text_similarity",
    "name": "similar",
    "input": "{{sample.output_text}}",
    "reference": "abcd",
    "evaluation_metric": "fuzzy_match",
}
CODE = {"type": "python", "name": "code", "source": "def grade(sample, item): return 0.5"}
BOTH = {
    "type": "multi",
    "name": "both",
    "graders": {"check": CHECK, "judge": JUDGE, "code": CODE},
    "calculate_output": "(check + judge + code) / 2.5",
}
ONE = {"type": "multi", "name": "one", "graders": SIMILAR, "calculate_output": "similar * 2"}


def test_a_run_answers_all_that_the_document_names(api):
    body = {"grader": BOTH, "model_sample": "yes", "item": {"label": "yes"}}

    answer = api.post(RUN, json=body).json()

    assert answer["reward"] == 1
    assert answer["sub_rewards"] == {"check": 1, "judge": 1, "code": 0.5}
    metadata = answer["metadata"]
    assert (metadata["name"], metadata["type"]) == ("both", "multi")
    assert metadata["execution_time"] > 0
    assert metadata["scores"] == {}
    assert metadata["sampled_model_name"] == "sandbox-scorer"
    used = answer["model_grader_token_usage_per_model"]["sandbox-scorer"]
    assert metadata["token_usage"] == used["total_tokens"] > 0
    assert len(metadata["errors"]) == 14
    assert not any(metadata["errors"].values())


def test_what_goes_wrong_in_grading_is_told_within_an_answer(api):
    code = {**CODE, "source": "def grade(sample, item): raise ValueError('\\ud83d')"}

    answer = api.post(RUN, json={"grader": code, "model_sample": ""})

    assert answer.status_code == 200
    assert answer.json()["reward"] == 0
    errors = answer.json()["metadata"]["errors"]
    assert errors["python_grader_runtime_error"] is True
    assert errors["python_grader_runtime_error_details"].endswith("ValueError: ?")


@pytest.mark.parametrize("grader", [CHECK, JUDGE, SIMILAR, CODE, ONE, BOTH])
def test_a_good_grader_comes_back_as_it_was_sent(api, grader):
    assert api.post(VALIDATE, json={"grader": grader}).json() == {"grader": grader}


@pytest.mark.parametrize(
    ("path", "change", "param"),
    [
        (RUN, {"grader": None}, "grader"),
        (RUN, {"grader": "check"}, "grader"),
        (RUN, {"grader": {**CHECK, "operation": "neq"}}, "grader.operation"),
        (RUN, {"model_sample": None}, "model_sample"),
        (RUN, {"model_sample": 7}, "model_sample"),
        (RUN, {"item": "x"}, "item"),
        (RUN, {"item": None}, "item"),
        (RUN, {"evaluation_data": 1}, "evaluation_data"),
        (VALIDATE, {}, "model_sample"),
    ],
)
def test_a_wrong_request_is_refused_and_the_field_named(api, path, change, param):
    answer = api.post(path, json={"grader": CHECK, "model_sample": "x", **change})

    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (400, "invalid_request_error")
    assert error["param"] == param


def test_token_usage_may_be_the_object_of_the_example(folder):
    body = {"grader": JUDGE, "model_sample": "a", "item": {"label": "b"}}
    with Server(folder, "--quirks", "token-usage-object") as server, call(server.url) as api:
        answer = api.post(RUN, json=body).json()
        unused = api.post(RUN, json={**body, "grader": CHECK}).json()

    used = answer["model_grader_token_usage_per_model"]["sandbox-scorer"]
    assert answer["metadata"]["token_usage"] == used
    assert unused["metadata"]["token_usage"] is None


def test_the_official_client_runs_a_grader_without_waiting(shared):
    async def graded() -> list[float]:
        async with openai.AsyncOpenAI(base_url=shared, api_key="sk-test") as client:
            graders = client.fine_tuning.alpha.graders
            samples = ["a", "ab", "abcd"]
            runs = [graders.run(grader=SIMILAR, model_sample=sample) for sample in samples]
            return [result.reward for result in await asyncio.gather(*runs)]

    assert asyncio.run(graded()) == pytest.approx([0.4, 2 / 3, 1])
