"""Graders that would ask a model, before a scorer that says it is none."""

import pytest

from sandbox.errors import ApiError
from sandbox.graders import Grade, read

TEXT = "Reference: {{item.reference}}\nAnswer: {{sample.output_text}}"
IMAGE = {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "low"}
AUDIO = {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}}


def message(*parts: object, role: str = "user") -> dict[str, object]:
    return {"role": role, "content": list(parts)}


def score(*messages: object, **given: object) -> dict[str, object]:
    spec = {"type": "score_model", "name": "judge", "model": "gpt-5-mini", "input": list(messages)}
    return {**spec, **given}


def label(*messages: object, **given: object) -> dict[str, object]:
    """label_model is served only within a multi grader."""
    part = {
        **score(*messages),
        "type": "label_model",
        "labels": ["polite", "rude"],
        "passing_labels": ["polite"],
        **given,
    }
    return {"type": "multi", "name": "both", "graders": {"tone": part}, "calculate_output": "tone"}


def graded(spec: dict[str, object], sample: str = "", **item: object) -> Grade:
    with read(spec) as grader:
        return grader.grade(sample, item)


def test_a_score_is_the_likeness_of_sample_and_item():
    spec = score({"role": "user", "content": TEXT})

    same = graded(spec, "a bear", reference="a bear")
    near = graded(spec, "a bear", reference="a beard")
    none = graded(spec, "", reference="a bear")

    assert (same.reward, none.reward) == (1, 0)
    assert near.reward == pytest.approx(12 / 13)
    assert graded(spec, "a bear", reference="a beard").reward == near.reward


def test_a_score_says_who_gave_it_and_counts_bytes():
    grade = graded(score(message("ü: ", "{{item.r}} ", "{{sample.output_text}}")), "ab", r="ab")

    assert grade.sampled_model_name == "sandbox-scorer"
    usage = {
        "prompt_tokens": 9,  # ü takes two
        "completion_tokens": 3,  # 1.0
        "total_tokens": 12,
        "cached_tokens": 0,
    }
    assert grade.model_grader_token_usage_per_model == {"sandbox-scorer": usage}
    assert grade.token_usage == 12


@pytest.mark.parametrize(("sample", "reward"), [("abcd", 5), ("", -1), ("ab", 3)])
def test_a_score_lies_in_its_range(sample, reward):
    spec = score(message("abcd"), message("{{sample.output_text}}"), range=[-1, 5])

    assert graded(spec, sample).reward == pytest.approx(reward)


def test_of_many_things_of_the_item_the_last_is_the_reference():
    spec = score(message("{{item.question}} {{item.reference}}", "{{sample.output_text}}"))

    assert graded(spec, "four", question="2 + 2?", reference="four").reward == 1


def test_without_an_item_the_words_around_are_the_reference():
    spec = score(message("be kind", role="system"), message("{{sample.output_text}}"))

    assert graded(spec, "be kind").reward == 1


def test_without_a_sample_the_last_text_is_judged():
    spec = score(message("{{item.a}}"), message("{{item.b}}", role="assistant"))

    assert graded(spec, "ignored", a="one", b="one").reward == 1


@pytest.mark.parametrize(
    "parts", [["{{sample.output_text}}"], ["only this"], [IMAGE], [AUDIO, IMAGE], [" ", "x"]]
)
def test_with_nothing_to_compare_the_scorer_refuses(parts):
    grade = graded(score(message(*parts)), "a")

    assert (grade.reward, grade.errors["model_grader_refusal_error"]) == (0, True)
    assert "no language model" in grade.errors["model_grader_server_error_details"]


def test_what_cannot_be_seen_is_left_out_and_that_is_said():
    text = {"type": "input_text", "text": TEXT}
    grade = graded(score(message(IMAGE, text, AUDIO, IMAGE)), "a", reference="a")

    assert grade.reward == 1
    assert not any(value is True for value in grade.errors.values())
    assert "left out 1 audio and 2 image" in grade.errors["model_grader_server_error_details"]


@pytest.mark.parametrize(
    "content",
    [
        "{{item.r}} {{sample.output_text}}",
        {"type": "input_text", "text": "{{item.r}} {{sample.output_text}}"},
        ["{{item.r}}", {"type": "output_text", "text": "{{sample.output_text}}"}],
        [
            {
                "type": "input_text",
                "text": "{{item.r}}",
                "prompt_cache_breakpoint": {"mode": "explicit"},
            },
            "{{sample.output_text}}",
        ],
    ],
)
def test_a_message_is_a_text_a_part_or_a_list_of_them(content):
    spec = score({"type": "message", "role": "developer", "content": content})

    assert graded(spec, "x", r="x").reward == 1


@pytest.mark.parametrize(
    ("sample", "chosen"),
    [("You are POLITE.", 1), ("How rude of you.", 0), ("", 1), ("polite", 1)],
)
def test_the_label_that_the_answer_holds_is_chosen(sample, chosen):
    grade = graded(label(message("Judge: {{sample.output_text}}")), sample)

    assert (grade.reward, grade.sub_rewards) == (chosen, {"tone": chosen})
    assert grade.sampled_model_name == "sandbox-scorer"


def test_all_that_model_graders_read_is_added_up():
    judge = score(message("{{item.r}}", "{{sample.output_text}}"))
    parts = {"a": judge, "b": judge}
    whole = {"type": "multi", "name": "m", "graders": parts}

    grade = graded({**whole, "calculate_output": "a + b"}, "abc", r="abc")

    assert (grade.reward, grade.token_usage) == (2, 2 * (6 + 3))


def test_every_sampling_parameter_may_be_given_or_null():
    numbers = {"seed": 1, "top_p": 0.5, "temperature": 2, "max_completions_tokens": 1}
    given = {**numbers, "reasoning_effort": "xhigh"}

    for params in (given, dict.fromkeys(given), {}):
        grader = read(score(message(TEXT), sampling_params=params))

        assert grader.spec["sampling_params"] == params


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"model": "two words"}, "model"),
        ({"model": "x" * 257}, "model"),
        ({"model": ""}, "model"),
        ({"input": []}, "input"),
        ({"input": "text"}, "input"),
        ({"input": ["text"]}, "input.0"),
        ({"input": [{"role": "tool", "content": "x"}]}, "input.0.role"),
        ({"input": [{"role": "user"}]}, "input.0.content"),
        ({"input": [{"role": "user", "content": []}]}, "input.0.content"),
        ({"input": [{"role": "user", "content": 1}]}, "input.0.content"),
        ({"input": [message("x"), message("x", 1)]}, "input.1.content.1"),
        ({"input": [{**message("x"), "type": "item"}]}, "input.0.type"),
        ({"input": [{**message("x"), "name": "x"}]}, "input.0.name"),
        ({"input": [message({"type": "video"})]}, "input.0.content.0.type"),
        ({"input": [message({"type": "input_text"})]}, "input.0.content.0.text"),
        ({"input": [message({**IMAGE, "detail": "all"})]}, "input.0.content.0.detail"),
        ({"input": [message({"type": "input_image"})]}, "input.0.content.0.image_url"),
        ({"input": [message({"type": "input_audio"})]}, "input.0.content.0.input_audio"),
        (
            {"input": [message({**AUDIO, "input_audio": {"data": "x", "format": "ogg"}})]},
            "input.0.content.0.input_audio.format",
        ),
        ({"range": [0]}, "range"),
        ({"range": [1, 0]}, "range"),
        ({"range": [0, 0]}, "range"),
        ({"range": [0, True]}, "range"),
        ({"range": [0, float("nan")]}, "range"),
        ({"range": [0, 10**400]}, "range"),
        ({"range": None}, "range"),
        ({"sampling_params": []}, "sampling_params"),
        ({"sampling_params": {"max_tokens": 1}}, "sampling_params.max_tokens"),
        ({"sampling_params": {"top_p": "1"}}, "sampling_params.top_p"),
        ({"sampling_params": {"temperature": float("inf")}}, "sampling_params.temperature"),
        ({"sampling_params": {"seed": 1.5}}, "sampling_params.seed"),
        (
            {"sampling_params": {"max_completions_tokens": 0}},
            "sampling_params.max_completions_tokens",
        ),
        ({"sampling_params": {"reasoning_effort": "lots"}}, "sampling_params.reasoning_effort"),
        ({"labels": ["a"]}, "labels"),
    ],
)
def test_a_wrong_field_of_a_score_model_is_named(change, param):
    with pytest.raises(ApiError) as refusal:
        read(score(message(TEXT), **change))

    assert refusal.value.param == f"grader.{param}"


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"labels": []}, "labels"),
        ({"labels": ["polite", "polite"]}, "labels"),
        ({"labels": ["polite", 1]}, "labels"),
        ({"labels": ["polite", "x" * 257]}, "labels"),
        ({"passing_labels": ["kind"]}, "passing_labels"),
        ({"passing_labels": None}, "passing_labels"),
        ({"range": [0, 1]}, "range"),
    ],
)
def test_a_wrong_field_of_a_label_model_is_named(change, param):
    with pytest.raises(ApiError) as refusal:
        read(label(message(TEXT), **change))

    assert refusal.value.param == f"grader.graders.tone.{param}"
