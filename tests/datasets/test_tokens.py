import sys

import pytest

from jobs.datasets import tokens
from tests.datasets.examples import chat, completion, jsonl, judged, preference, reinforcement, ten

# The conversation of OpenAI's cookbook, with the counts that it prints.
JARGON = [
    {
        "role": "system",
        "content": "You are a helpful, pattern-following assistant that translates corporate jargon"
        " into plain English.",
    },
    {
        "role": "system",
        "name": "example_user",
        "content": "New synergies will help drive top-line growth.",
    },
    {
        "role": "system",
        "name": "example_assistant",
        "content": "Things working well together will increase revenue.",
    },
    {
        "role": "system",
        "name": "example_user",
        "content": "Let's circle back when we have more bandwidth to touch base on opportunities for"
        " increased leverage.",
    },
    {
        "role": "system",
        "name": "example_assistant",
        "content": "Let's talk later when we're less busy about how to do better.",
    },
    {
        "role": "user",
        "content": "This late pivot means we don't have time to boil the ocean for the client"
        " deliverable.",
    },
]


@pytest.mark.parametrize(
    ("model", "count"), [("gpt-4o-mini", 124), ("gpt-3.5-turbo-0125", 129), ("gpt-4-0613", 129)]
)
def test_a_conversation_is_counted_as_the_cookbook_counts_it(model, count):
    tokenizer = tokens.tokenizer_for(model)

    assert tokens.conversation(JARGON, tokenizer.count).total == count


@pytest.mark.parametrize(
    ("model", "text", "count"),
    [
        ("gpt-4", "tiktoken is great!", 6),
        ("gpt-4", "antidisestablishmentarianism", 6),
        ("gpt-4", "お誕生日おめでとう", 9),
        ("gpt-4o", "antidisestablishmentarianism", 6),
        ("gpt-4o", "お誕生日おめでとう", 8),
        ("gpt-4o", "", 0),
    ],
)
def test_known_texts_have_their_known_counts(model, text, count):
    assert tokens.tokenizer_for(model).count(text) == count


@pytest.mark.parametrize(
    ("model", "name", "is_estimate"),
    [
        ("gpt-4o-mini-2024-07-18", "o200k_base", False),
        ("ft:gpt-4.1-2025-04-14:acme:bot:8abcDEFG", "o200k_base", False),
        ("o4-mini-2025-04-16", "o200k_base", False),
        ("gpt-4-0613", "cl100k_base", False),
        ("gpt-35-turbo-0613", "cl100k_base", False),
        ("davinci-002", "cl100k_base", False),
        ("meta-llama/Llama-3.1-8B", "o200k_base", True),
        ("", "o200k_base", True),
    ],
)
def test_the_base_model_chooses_the_tokenizer(model, name, is_estimate):
    counted = judged(ten(chat), model=model).tokens

    assert (counted.tokenizer, counted.is_estimate) == (name, is_estimate)
    assert ("estimated" in counted.basis) is is_estimate


def forget():
    tokens.tokenizer_for.cache_clear()
    tokens._counter.cache_clear()


@pytest.fixture
def no_package(monkeypatch):
    forget()
    monkeypatch.setitem(sys.modules, "bpe_openai._bindings", None)
    yield
    forget()


@pytest.mark.usefixtures("no_package")
def test_without_the_package_tokens_are_estimated_and_that_is_said():
    tokenizer = tokens.tokenizer_for("gpt-4o")

    assert tokenizer.is_estimate
    assert tokenizer.basis == "estimated at four bytes a token"
    assert tokenizer.count("four" * 25) == 25
    assert tokenizer.count("日本") == 2


def test_a_very_long_text_is_counted_in_pieces_without_a_difference():
    count = tokens.tokenizer_for("gpt-4o").count
    sentence = " Where is my order, please? It is late."

    assert count(sentence * 60_000) == count(sentence * 50) * 1200
    assert count("x" * 2_400_000) == 300_000


def test_what_has_weight_0_is_read_and_not_learnt():
    user, answer = chat(1)["messages"]
    soon = {"role": "assistant", "content": "Soon."}

    def counted(**change):
        example = {"messages": [user, answer | change, user, soon]}
        return judged(jsonl(example), model="gpt-4o").tokens

    count = tokens.tokenizer_for("gpt-4o").count
    both = count(answer["content"]) + count("Soon.")
    assert counted().trained == counted(weight=1).trained == both
    assert counted(weight=0).trained == count("Soon.")
    assert counted(weight=0).total == counted().total


def test_each_format_learns_what_it_should():
    def trained(kind, method):
        return judged(ten(kind), method, model="gpt-4o").tokens.trained

    count = tokens.tokenizer_for("gpt-4o").count
    assert trained(completion, "supervised") == sum(
        count(completion(number)["completion"]) for number in range(10)
    )
    assert trained(preference, "dpo") == trained(chat, "supervised") + 10 * count(
        "Ask somebody else."
    )
    assert trained(reinforcement, "reinforcement") == 0


def test_calls_and_tools_are_counted_too():
    call = {"id": "c", "type": "function", "function": {"name": "look", "arguments": '{"at":1}'}}
    calling = {"messages": [chat(1)["messages"][0], {"role": "assistant", "tool_calls": [call]}]}
    tools = [{"type": "function", "function": {"name": "look"}}]

    bare = judged(jsonl(calling), model="gpt-4o").tokens
    declared = judged(jsonl(calling | {"tools": tools}), model="gpt-4o").tokens

    count = tokens.tokenizer_for("gpt-4o").count
    assert bare.trained == declared.trained == count("look") + count('{"at":1}')
    assert declared.total == bare.total + count('[{"type":"function","function":{"name":"look"}}]')


def test_an_example_over_the_limit_is_charged_to_the_limit():
    long = {"messages": [chat(1)["messages"][0], {"role": "assistant", "content": "yes " * 5000}]}

    report = judged(ten(chat) + jsonl(long), model="gpt-3.5-turbo-0613")

    counted = report.tokens
    assert (counted.limit, counted.over_limit) == (4096, 1)
    assert counted.spread.max == counted.total - counted.charged + 4096
    assert "what is behind 4,096 is cut off" in report.problems[-1].message
    assert judged(ten(chat) + jsonl(long), model="gpt-4o").tokens.over_limit == 0
