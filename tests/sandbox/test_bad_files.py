"""A file that is not fit for training fails the job, with the service's words."""

import json
from typing import Any

import pytest

from sandbox.examples import BadFile, judge
from tests.sandbox.conftest import CHATS, PREFERENCES, PROMPTS, chat, jsonl

GOOD = [chat(number) for number in range(10)]


@pytest.fixture
def judged(tmp_path):
    """What is wrong with the content, as the job's error."""

    def judged(content, method="supervised", param="training_file"):
        path = tmp_path / "upload"
        path.write_bytes(content)
        with pytest.raises(BadFile) as refusal:
            judge(path, "file-1", method, param)
        return refusal.value.error

    return judged


def turned(**change: Any) -> bytes:
    """Ten good examples and one whose last message is changed."""
    odd = chat(10)
    odd["messages"][-1] |= change
    return jsonl([*GOOD, odd])


def test_a_good_file_is_counted_without_its_blank_lines(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(CHATS.replace(b"\n", b"\n\n"))

    assert judge(path, "file-1", "supervised", "training_file") == 12


def test_fewer_than_ten_examples_are_too_few(judged):
    assert judged(jsonl(GOOD[:7])) == {
        "code": "invalid_n_examples",
        "message": "Training file has 7 example(s), but must have at least 10 examples",
        "param": "training_file",
    }


@pytest.mark.parametrize(
    ("content", "method", "found", "fits"),
    [
        (CHATS, "dpo", "fine-tune-chat", "supervised"),
        (PREFERENCES, "supervised", "fine-tune-preference", "dpo"),
        (CHATS, "reinforcement", "fine-tune-chat", "supervised"),
        (PREFERENCES, "reinforcement", "fine-tune-preference", "dpo"),
        (PROMPTS, "supervised", "fine-tune-reinforcement", "reinforcement"),
        (PROMPTS, "dpo", "fine-tune-reinforcement", "reinforcement"),
    ],
)
def test_the_format_must_fit_the_method(judged, content, method, found, fits):
    error = judged(content, method)

    assert error["code"] == "invalid_training_file"
    assert f"is in the {found} format" in error["message"]
    assert (
        f"not using '{fits}' as the training method (provided method={method})"
        in (error["message"])
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (jsonl(GOOD) + b"{broken\n", "Line 11 is not valid JSON"),
        (jsonl(GOOD) + b"\xff\xfe\n", "Line 11 is not valid JSON"),
        (jsonl(GOOD) + b"[" * 100_000 + b"\n", "Line 11 is not valid JSON"),
        (jsonl(GOOD) + b"[1]\n", "Line 11 is not a JSON object"),
        (jsonl([*GOOD, {"prompt": "a", "completion": "b"}]), "Example 11 must have a non-empty"),
        (jsonl([*GOOD, {"messages": []}]), "Example 11 must have a non-empty list"),
        (turned(role="narrator"), "Example 11 message 2 must have a role"),
        (turned(role=["user"]), "Example 11 message 2 must have a role"),
        (turned(weight=2), "Example 11 message 2 must have a weight of 0 or 1"),
        (turned(weight=0), "Example 11 must have at least one message from the assistant"),
        (turned(role="user"), "Example 11 must have at least one message from the assistant"),
        (turned(content=3), "Example 11 message 2 must have a text"),
        (turned(content="<|fim_suffix|>"), "Example 11 message contains an invalid token"),
    ],
)
def test_the_first_bad_line_is_named(judged, content, words):
    error = judged(content)

    assert error["param"] == "training_file"
    assert words in error["message"]


def test_a_preference_needs_exactly_one_reply_on_each_side(judged):
    pair = json.loads(PREFERENCES.splitlines()[0])
    pair["non_preferred_output"] *= 2

    assert "'non_preferred_output'" in judged(jsonl([pair]), "dpo")["message"]


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([], "must have a non-empty list of 'messages'"),
        ([{"role": "system", "content": "a"}], "must end with a message from the user"),
        ([{"role": "user", "content": 3}], "message 1 must have a text"),
        ([{"role": "user", "content": "<|im_start|>"}], "contains an invalid token"),
        ("hello", "must have a non-empty list of 'messages'"),
    ],
)
def test_a_prompt_ends_with_somebody_who_waits_for_a_reply(judged, messages, words):
    error = judged(PROMPTS + jsonl([{"messages": messages, "reference": "a"}]), "reinforcement")

    assert "Example 13 " in error["message"]
    assert words in error["message"]


@pytest.mark.parametrize("role", ["user", "developer"])
def test_a_prompt_may_follow_what_the_assistant_said(tmp_path, role):
    path = tmp_path / "upload"
    ask = {"role": role, "content": "And now?"}
    path.write_bytes(jsonl([{"messages": [*chat(n)["messages"], ask]} for n in range(10)]))

    assert judge(path, "file-1", "reinforcement", "training_file") == 10


def test_the_validation_file_is_judged_as_well(judged):
    error = judged(b"{}\n", param="validation_file")

    assert (error["code"], error["param"]) == ("invalid_validation_file", "validation_file")


def test_a_bad_file_fails_the_job(api):
    job = api.wait(api.order(jsonl(GOOD[:3]))["id"])

    assert job["status"] == "failed"
    assert job["error"]["code"] == "invalid_n_examples"
    assert job["finished_at"] is None
    last = api.events(job["id"])[-1]
    assert (last["level"], last["message"]) == ("error", job["error"]["message"])
    assert last["data"] == {"error_code": "invalid_n_examples", "error_param": "training_file"}
