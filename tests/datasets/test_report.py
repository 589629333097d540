import json

import msgspec
import pytest

from jobs.datasets import check, digests, overlap
from jobs.datasets.census import Spread
from tests.datasets.examples import (
    chat,
    completion,
    jsonl,
    judged,
    preference,
    reinforcement,
    ten,
)

IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
TOOL = {"type": "function", "function": {"name": "look"}}


def test_a_training_file_needs_ten_examples_and_a_validation_file_one():
    seven = jsonl(*map(chat, range(7)))

    assert judged(seven).problems[0].message == (
        "The file has 7 example(s), but must have at least 10."
    )
    assert judged(seven, least=1).is_fit


def test_the_first_hundred_problems_are_kept_and_all_are_counted():
    bad = {"messages": [{"role": "x"}]}

    report = judged(jsonl(*[chat(1)] * 10, *[bad] * 500))

    assert [problem.line for problem in report.problems] == sorted(
        problem.line for problem in report.problems
    )
    assert len(report.problems) == 100
    assert report.kinds == {"role": 500, "untaught": 500, "duplicates": 1}
    assert (report.error_count, report.problem_count) == (1000, 1001)


def test_many_warnings_do_not_hide_an_error():
    messy = {"messages": [{"role": "assistant", "content": "Rain. "}]}

    report = judged(jsonl(*[messy] * 500, {"messages": []}))

    assert [(p.line, p.severity) for p in report.problems][-1] == (501, "error")
    assert len(report.problems) == 100


def test_the_contents_are_counted():
    user, answer = chat(1)["messages"]
    system = {"role": "system", "content": "Be short."}
    seen = {"role": "user", "content": [IMAGE, IMAGE]}
    many = [
        {"messages": [system, user, answer], "tools": [TOOL]},
        {"messages": [seen, answer | {"weight": 0}, user, answer]},
    ]

    contents = judged(ten(chat) + jsonl(*many)).contents

    assert contents.roles == {"user": 13, "assistant": 13, "system": 1}
    assert contents.turns == Spread(min=2, median=2, p95=4, max=4)
    assert (contents.with_system, contents.with_tools) == (1, 1)
    assert (contents.with_images, contents.images, contents.with_weight_0) == (1, 2, 1)


def test_tools_and_messages_of_a_preference_are_counted():
    example = preference(1)
    example["input"]["tools"] = [TOOL]

    contents = judged(ten(preference) + jsonl(example), "dpo").contents

    assert contents.roles == {"assistant": 22, "user": 11}
    assert contents.with_tools == 1


def test_a_completion_has_no_messages():
    contents = judged(ten(completion)).contents

    assert (contents.roles, contents.turns) == ({}, None)


def test_only_sound_examples_are_counted():
    bad = {"messages": [{"role": "user", "content": "a"}, {"role": "narrator"}]}

    report = judged(ten(chat) + jsonl(bad))

    assert report.contents == judged(ten(chat)).contents
    assert report.tokens == judged(ten(chat)).tokens


def test_medians_are_of_the_lengths_that_are_there():
    texts = [{"prompt": "", "completion": " yes" * length} for length in range(1, 21)]

    assert judged(jsonl(*texts)).tokens.spread == Spread(min=1, median=10, p95=19, max=20)


def test_copies_are_found_whatever_their_spacing_and_order():
    first = {"prompt": "a", "completion": "b"}
    content = jsonl(first) + ten(completion) + b'{"completion" : "b",\t"prompt":"\\u0061"}\n'

    report = judged(content)

    assert report.duplicates.count == 1
    assert report.duplicates.pairs == [(1, 12)]
    assert [problem.kind for problem in report.problems] == ["duplicates"]
    assert report.is_fit


def test_of_many_copies_the_first_ten_pairs_are_named(monkeypatch):
    monkeypatch.setattr(digests, "PORTION", 7)

    report = judged(ten(chat) + b"\n" + ten(chat) + ten(chat))

    assert report.duplicates.count == 20
    assert report.duplicates.pairs == [(line, line + 11) for line in range(1, 11)]


def test_examples_in_both_files_are_counted(monkeypatch):
    training = judged(ten(chat))
    shared = jsonl(*[{"messages": chat(3)["messages"]}] * 2)
    validation = judged(shared + jsonl(chat(99)), least=1)

    assert overlap(training.digests, validation.digests) == 2
    assert overlap(validation.digests, training.digests) == 1
    monkeypatch.setattr(digests, "PORTION", 3)
    assert overlap(training.digests, validation.digests) == 2
    assert overlap(training.digests, b"") == 0


def test_the_report_can_be_kept_as_json():
    report = judged(ten(reinforcement), "reinforcement", model="o4-mini")

    kept = json.loads(json.dumps(msgspec.to_builtins(report)))

    assert kept["format"] == "reinforcement"
    assert kept["contents"]["item_keys"] == {"answer": 10}
    assert kept["preview"][0] == {"line": 1, "example": reinforcement(0)}


def test_strange_item_keys_can_be_kept_too():
    strange = {"a\0b": 1, "x" * 500: 2} | {str(number): 3 for number in range(100)}

    report = judged(jsonl(*[reinforcement(1) | strange] * 10), "reinforcement")

    keys = report.contents.item_keys
    assert len(keys) == 50
    assert all("\0" not in key and len(key) < 150 for key in keys)


def test_the_preview_is_small_whatever_the_examples_are():
    huge = {
        "messages": [{"role": "assistant", "content": "x" * 100_000}],
        "many": list(range(10_000)),
        "wide": {str(number): 1 for number in range(5000)},
        "bush": [[[["y"] * 20] * 20] * 20] * 20,
        "nul": "a\0b",
    }

    report = judged(jsonl(huge, *map(chat, range(10))))

    shown = report.preview[0].example
    assert shown["messages"][0]["content"] == "x" * 600 + "… 99,400 more characters"
    assert shown["many"][-1] == "… 9988 more"
    assert shown["wide"]["…"] == "4988 more"
    assert shown["nul"] == "a\N{REPLACEMENT CHARACTER}b"
    assert len(json.dumps(shown)) < 10_000
    assert [each.line for each in report.preview] == [1, 2, 3]


def test_progress_is_told_while_it_reads():
    told: list[int] = []
    content = ten(chat)

    check([content[:100], content[100:]], "supervised", tell=told.append)

    assert told == [100, len(content)]


def test_a_method_that_is_none_is_refused():
    with pytest.raises(KeyError):
        check([ten(chat)], "distillation")
