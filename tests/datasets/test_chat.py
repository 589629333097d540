import pytest

from tests.datasets.examples import at, chat, found, jsonl, judged, ten

USER = {"role": "user", "content": "Weather?"}
ANSWER = {"role": "assistant", "content": "Rain."}
CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
CALLING = {"role": "assistant", "tool_calls": [CALL]}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "rain"}
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}}


def after_ten(example):
    return judged(ten(chat) + jsonl(example))


def asked(*parts):
    return {"messages": [{"role": "user", "content": list(parts)}, ANSWER]}


def answered(**change):
    return {"messages": [USER, ANSWER | change]}


@pytest.mark.parametrize(
    "example",
    [
        {"messages": [{"role": "system", "content": "Be short."}, USER, ANSWER]},
        {"messages": [{"role": "developer", "content": "Be short."}, USER, ANSWER]},
        {"messages": [USER, CALLING, RESULT, ANSWER], "tools": [TOOL], "parallel_tool_calls": True},
        {"messages": [USER, CALLING], "tools": [TOOL]},
        {
            "messages": [
                USER,
                {"role": "assistant", "function_call": {"name": "look", "arguments": "{}"}},
                {"role": "function", "name": "look", "content": "rain"},
                ANSWER,
            ],
            "functions": [{"name": "look", "description": "Looks", "parameters": {}}],
        },
        {"messages": [USER, ANSWER | {"weight": 0}, USER, ANSWER | {"weight": 1}]},
        {"messages": [USER | {"name": "ann"}, ANSWER | {"name": None, "tool_calls": None}]},
        {"messages": [USER, {"role": "assistant", "content": None, "refusal": "No."}]},
        answered(
            content=[{"type": "text", "text": "Rain."}, {"type": "refusal", "refusal": "No."}]
        ),
        asked({"type": "text", "text": "What is this?"}, IMAGE),
        asked({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}),
    ],
)
def test_a_good_conversation_has_no_problems(example):
    report = after_ten(example)

    assert report.problems == []
    assert report.is_fit
    assert report.sound_examples == 11


@pytest.mark.parametrize(
    ("example", "kind", "field"),
    [
        ({"messages": []}, "messages", "messages"),
        ({"messages": "hello"}, "messages", "messages"),
        ({"instruction": "a"}, "messages", "messages"),
        ({"messages": [USER, "hello", ANSWER]}, "messages", "messages[1]"),
        ({"messages": [{"content": "a"}, ANSWER]}, "role", "messages[0].role"),
        (answered(role="narrator"), "role", "messages[1].role"),
        (answered(role=["assistant"]), "role", "messages[1].role"),
        (answered(content=7), "content", "messages[1].content"),
        (answered(content=None), "content", "messages[1].content"),
        ({"messages": [{"role": "user"}, ANSWER]}, "content", "messages[0].content"),
        (answered(content=[]), "content", "messages[1].content"),
        (answered(content=["hello"]), "content", "messages[1].content[0].type"),
        (answered(content=[{"type": "audio"}]), "content", "messages[1].content[0].type"),
        (answered(content=[{"type": "text"}]), "content", "messages[1].content[0].text"),
        (answered(content=[IMAGE]), "images", "messages[1].content[0]"),
        (asked({"type": "image_url"}), "images", "messages[0].content[0].image_url.url"),
        (
            asked({"type": "image_url", "image_url": {"url": "file:///a.png"}}),
            "images",
            "messages[0].content[0].image_url.url",
        ),
        (
            asked({"type": "image_url", "image_url": {"url": "https://a/b", "detail": "huge"}}),
            "images",
            "messages[0].content[0].image_url.detail",
        ),
        (answered(weight=2), "weight", "messages[1].weight"),
        (answered(weight=True), "weight", "messages[1].weight"),
        ({"messages": [USER | {"weight": 1}, ANSWER]}, "weight", "messages[0].weight"),
        (answered(weight=0), "untaught", "messages"),
        ({"messages": [USER]}, "untaught", "messages"),
        (answered(mood="good"), "key", "messages[1].mood"),
        ({"messages": [USER | {"tool_calls": [CALL]}, ANSWER]}, "key", "messages[0].tool_calls"),
        (answered(name=3), "name", "messages[1].name"),
        (answered(refusal=3), "content", "messages[1].refusal"),
        ({"messages": [{"role": "function", "content": "a"}, ANSWER]}, "name", "messages[0].name"),
        (answered(tool_calls={}), "tools", "messages[1].tool_calls"),
        (answered(tool_calls=["look"]), "tools", "messages[1].tool_calls[0]"),
        (answered(tool_calls=[CALL | {"id": 1}]), "tools", "messages[1].tool_calls[0].id"),
        (answered(tool_calls=[CALL | {"type": "f"}]), "tools", "messages[1].tool_calls[0].type"),
        (
            answered(tool_calls=[CALL | {"function": None}]),
            "tools",
            "messages[1].tool_calls[0].function",
        ),
        (answered(function_call={"arguments": "{}"}), "tools", "messages[1].function_call.name"),
        (
            answered(function_call={"name": "a", "arguments": {}}),
            "tools",
            "messages[1].function_call.arguments",
        ),
        (
            {"messages": [USER, RESULT | {"tool_call_id": 1}, ANSWER]},
            "tools",
            "messages[1].tool_call_id",
        ),
        ({"messages": [RESULT, CALLING], "tools": [TOOL]}, "tools", "messages[0].tool_call_id"),
        (chat(1) | {"tools": []}, "tools", "tools"),
        (chat(1) | {"tools": ["look"]}, "tools", "tools[0].type"),
        (chat(1) | {"tools": [{"type": "function"}]}, "tools", "tools[0].function"),
        (chat(1) | {"tools": [TOOL] * 129}, "tools", "tools"),
        (chat(1) | {"functions": [{"name": "no blanks"}]}, "tools", "functions[0].name"),
        (
            chat(1) | {"functions": [{"name": "a", "parameters": []}]},
            "tools",
            "functions[0].parameters",
        ),
        (
            chat(1) | {"functions": [{"name": "a", "description": 1}]},
            "tools",
            "functions[0].description",
        ),
        (chat(1) | {"parallel_tool_calls": "yes"}, "tools", "parallel_tool_calls"),
        (answered(content="a<|fim_suffix|>b"), "token", "messages[1].content"),
        (
            answered(content=[{"type": "text", "text": "<|im_start|>"}]),
            "token",
            "messages[1].content[0].text",
        ),
    ],
)
def test_an_error_names_its_line_and_field(example, kind, field):
    report = after_ten(example)

    assert ("error", kind, field) in found(report)
    assert not report.is_fit
    assert (report.examples, report.sound_examples) == (11, 10)


@pytest.mark.parametrize(
    ("example", "kind", "field"),
    [
        (answered(content=""), "empty", "messages[1].content"),
        (answered(content="Rain. "), "whitespace", "messages[1].content"),
        ({"messages": [USER, ANSWER, USER]}, "untaught", "messages"),
        (chat(11) | {"source": "crm"}, "key", ""),
        ({"messages": [USER, CALLING]}, "tools", "tools"),
        (
            answered(function_call={"name": "look", "arguments": "{x"})
            | {"functions": [{"name": "look"}]},
            "tools",
            "messages[1].function_call.arguments",
        ),
        (asked(*[IMAGE] * 11), "images", "messages"),
    ],
)
def test_a_warning_leaves_the_file_fit(example, kind, field):
    report = after_ten(example)

    assert found(report) == [("warning", kind, field)]
    assert report.is_fit
    assert report.sound_examples == 11


def test_a_message_says_what_is_expected_and_what_is_there():
    report = after_ten(answered(role="narrator"))

    assert at(report, 11)[0].message == (
        "must be one of system, developer, user, assistant, tool, function; not 'narrator'"
    )


def test_a_special_token_is_named_as_the_service_names_it():
    report = after_ten(answered(content="<|endoftext|>"))

    assert at(report, 11)[0].message == "contains an invalid token: <|endoftext|>"


def test_all_problems_of_a_line_are_told():
    report = after_ten({"messages": [{"role": "x"}, {"role": "user", "content": 1}]})

    assert [field for _, _, field in found(report)] == [
        "messages[0].role",
        "messages[1].content",
        "messages",
    ]
