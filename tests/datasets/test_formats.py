import pytest

from tests.datasets.examples import (
    at,
    chat,
    completion,
    found,
    jsonl,
    judged,
    preference,
    reinforcement,
    ten,
)

ASSISTANT = {"role": "assistant", "content": "No."}
USER = {"role": "user", "content": "Yes?"}


@pytest.mark.parametrize(
    ("kind", "method", "name"),
    [
        (chat, "supervised", "chat"),
        (completion, "supervised", "completion"),
        (preference, "dpo", "preference"),
        (reinforcement, "reinforcement", "reinforcement"),
    ],
)
def test_each_method_reads_its_own_format(kind, method, name):
    report = judged(ten(kind), method)

    assert report.format == name
    assert report.problems == []


@pytest.mark.parametrize(
    ("kind", "method", "looks", "fits"),
    [
        (preference, "supervised", "preference", "dpo"),
        (reinforcement, "supervised", "reinforcement", "reinforcement"),
        (chat, "dpo", "chat", "supervised"),
        (completion, "dpo", "completion", "supervised"),
        (chat, "reinforcement", "chat", "supervised"),
        (preference, "reinforcement", "preference", "dpo"),
    ],
)
def test_a_file_for_another_method_has_one_clear_problem(kind, method, looks, fits):
    report = judged(jsonl(*map(kind, range(3000))), method)

    (problem,) = report.problems
    assert (problem.line, problem.severity, problem.kind) == (0, "error", "format")
    assert f"looks like a {looks} file, but the method is {method}" in problem.message
    assert problem.message.endswith(f"The method for this file is {fits}.")
    assert report.sound_examples == 3000


@pytest.mark.parametrize(
    ("kind", "model", "words"),
    [
        (completion, "gpt-4o-mini-2024-07-18", "learns from the chat format"),
        (chat, "davinci-002", "learns from the completion format"),
        (chat, "ft:babbage-002:acme::abc", "learns from the completion format"),
    ],
)
def test_the_format_must_fit_the_base_model(kind, model, words):
    report = judged(ten(kind), model=model)

    assert words in report.problems[0].message


@pytest.mark.parametrize("model", ["", "meta-llama/Llama-3.1-8B", "tiny-byte-lm"])
def test_nothing_is_presumed_of_models_that_we_do_not_know(model):
    assert judged(ten(completion), model=model).is_fit
    assert judged(ten(chat), model=model).is_fit


def test_a_line_of_another_format_is_one_problem():
    report = judged(ten(chat) + jsonl(completion(1), preference(1)))

    assert found(report, 11) == found(report, 12) == [("error", "format", "")]
    assert "looks like a completion example, but the file is chat" in at(report, 11)[0].message


def test_one_odd_line_at_the_top_does_not_make_all_others_odd():
    report = judged(jsonl(completion(1)) + ten(chat))

    assert report.format == "chat"
    assert [problem.line for problem in report.problems] == [1]


def test_a_file_of_no_known_format_is_told_what_is_expected():
    report = judged(jsonl(*[{"instruction": "a", "output": "b"}] * 500))

    assert report.format == ""
    assert report.error_count == 1
    assert "has the keys 'instruction', 'output'. Expected is 'messages'" in (
        report.problems[0].message
    )


@pytest.mark.parametrize(
    ("change", "kind", "field"),
    [
        ({"input": []}, "messages", "input"),
        ({"input": {}}, "messages", "input.messages"),
        ({"input": {"messages": [{"role": "user"}]}}, "content", "input.messages[0].content"),
        ({"preferred_output": []}, "messages", "preferred_output"),
        ({"preferred_output": "Yes."}, "messages", "preferred_output"),
        ({"non_preferred_output": [ASSISTANT] * 2}, "messages", "non_preferred_output"),
        ({"non_preferred_output": [USER]}, "role", "non_preferred_output[0].role"),
        ({"non_preferred_output": ["No."]}, "messages", "non_preferred_output[0]"),
        (
            {"preferred_output": [{"role": "assistant"}]},
            "content",
            "preferred_output[0].content",
        ),
        ({"input": {"messages": [USER], "tools": {}}}, "tools", "input.tools"),
        (
            {"preferred_output": [{"role": "assistant", "content": "<|im_end|>"}]},
            "token",
            "preferred_output[0].content",
        ),
    ],
)
def test_an_error_in_a_preference_names_its_field(change, kind, field):
    report = judged(ten(preference) + jsonl(preference(1) | change), "dpo")

    assert found(report) == [("error", kind, field)]


@pytest.mark.parametrize(
    ("change", "kind", "field"),
    [
        (
            {"non_preferred_output": preference(1)["preferred_output"]},
            "untaught",
            "non_preferred_output",
        ),
        ({"score": 1}, "key", ""),
        ({"input": {"messages": [USER], "mood": 1}}, "key", "input"),
    ],
)
def test_an_odd_preference_is_warned_of(change, kind, field):
    report = judged(ten(preference) + jsonl(preference(11) | preference(1) | change), "dpo")

    assert ("warning", kind, field) in found(report)
    assert report.is_fit


def test_the_older_names_of_the_outputs_are_read_too():
    def older(number):
        example = preference(number)
        return {
            "input": example["input"],
            "preferred_completion": example["preferred_output"],
            "non_preferred_completion": example["non_preferred_output"],
        }

    report = judged(ten(older), "dpo")

    assert report.problems == []
    assert report.tokens.total == judged(ten(preference), "dpo").tokens.total


@pytest.mark.parametrize(
    ("example", "kind", "field"),
    [
        (reinforcement(1) | {"messages": [USER, ASSISTANT]}, "role", "messages[1].role"),
        (reinforcement(1) | {"messages": []}, "messages", "messages"),
        ({"answer": 1}, "messages", "messages"),
        (reinforcement(1) | {"tools": {}}, "tools", "tools"),
    ],
)
def test_an_error_in_a_reinforcement_item_names_its_field(example, kind, field):
    report = judged(ten(reinforcement) + jsonl(example), "reinforcement")

    assert found(report) == [("error", kind, field)]


def test_a_key_that_graders_may_miss_is_warned_of():
    bare = {"messages": [{"role": "developer", "content": "Guess."}]}

    report = judged(ten(reinforcement) + jsonl(bare), "reinforcement")

    assert report.contents.item_keys == {"answer": 10}
    assert [problem.message for problem in report.problems] == [
        "item.answer is missing in 1 of 11 examples"
    ]


@pytest.mark.parametrize(
    ("example", "kind", "field"),
    [
        ({"prompt": "a"}, "content", "completion"),
        ({"prompt": 1, "completion": "b"}, "content", "prompt"),
        ({"prompt": "a", "completion": ""}, "content", "completion"),
        ({"prompt": "a", "completion": "<|endoftext|>"}, "token", "completion"),
    ],
)
def test_an_error_in_a_completion_names_its_field(example, kind, field):
    assert found(judged(ten(completion) + jsonl(example))) == [("error", kind, field)]
