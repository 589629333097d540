"""Graders of every type, validated and run."""

import openai
import pytest

from tests.sandbox.openai_client.graders import ALONE, GRADERS, multi

ITEM = {"reference": "yes"}


def run(client, grader, sample="yes"):
    return client.fine_tuning.alpha.graders.run(grader=grader, model_sample=sample, item=ITEM)


@pytest.mark.parametrize("kind_of_grader", ALONE)
def test_a_grader_comes_back_as_it_was_sent(client, kind_of_grader):
    grader = GRADERS[kind_of_grader]

    seen = client.fine_tuning.alpha.graders.validate(grader=grader).grader

    assert seen.type == kind_of_grader
    assert seen.to_dict() == grader


@pytest.mark.parametrize("kind_of_grader", GRADERS)
def test_a_grader_within_another_comes_back_as_it_was_sent(client, kind_of_grader):
    """One alone is all that the client's types have room for."""
    inner = GRADERS[kind_of_grader]

    seen = client.fine_tuning.alpha.graders.validate(grader=multi(inner, "1")).grader

    assert seen.graders.type == kind_of_grader
    assert seen.to_dict() == multi(inner, "1")


@pytest.mark.parametrize(
    ("kind_of_grader", "best"),
    [("string_check", 1), ("text_similarity", 1), ("python", 1), ("score_model", 5)],
)
def test_a_grader_rewards_what_is_right(client, kind_of_grader, best):
    right = run(client, GRADERS[kind_of_grader])
    wrong = run(client, GRADERS[kind_of_grader], sample="no idea")

    assert right.reward == best
    assert wrong.reward < best
    assert (right.metadata.type, right.metadata.name) == (
        kind_of_grader,
        GRADERS[kind_of_grader]["name"],
    )
    assert right.metadata.execution_time >= 0
    assert set(right.metadata.errors.to_dict().values()) <= {False, None}


def test_many_graders_are_weighed_by_a_formula(client):
    named = {name.replace("_", ""): grader for name, grader in GRADERS.items()}
    formula = "(stringcheck + textsimilarity + python + scoremodel / 5 + labelmodel) / 5"

    answer = run(client, multi(named, formula))

    assert answer.reward == 1
    assert answer.sub_rewards.keys() == named.keys()
    assert answer.metadata.token_usage > 0
    assert answer.api_model_grader_token_usage_per_model.keys() == {"sandbox-scorer"}


def test_what_fails_in_a_grader_is_told_and_rewards_nothing(client):
    broken = {**GRADERS["python"], "source": "def grade(sample, item):\n    return 1 / 0"}

    answer = run(client, broken)

    assert (answer.reward, answer.metadata.errors.python_grader_runtime_error) == (0, True)
    assert "ZeroDivisionError" in answer.metadata.errors.python_grader_runtime_error_details


def test_a_wrong_grader_is_refused(client):
    for grader in (GRADERS["label_model"], {**GRADERS["string_check"], "operation": "is"}):
        with pytest.raises(openai.BadRequestError) as refusal:
            client.fine_tuning.alpha.graders.validate(grader=grader)
        with pytest.raises(openai.BadRequestError) as also:
            run(client, grader)
        assert refusal.value.param == also.value.param
        assert refusal.value.param.startswith("grader.")
