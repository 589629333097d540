"""Conversations: {"messages": […], "tools"?, "parallel_tool_calls"?, "functions"?}"""

from collections.abc import Iterable
from typing import Any

from jobs.datasets import tokens
from jobs.datasets.findings import Findings
from jobs.datasets.formats import keys, tools
from jobs.datasets.formats.messages import check_messages, has_something_to_say

Json = dict[str, Any]

NAME = "chat"
KEYS = tools.KEYS | {"messages"}


def check(example: Json, findings: Findings) -> None:
    found = example.get("messages")
    check_messages(found, "messages", findings)
    tools.check_tools(example, found, "", findings)
    keys.warn_of_unknown(example, KEYS, findings)
    if isinstance(found, list) and found:
        if not any(map(_is_taught, found)):
            findings.error(
                "untaught",
                "messages",
                "must have an assistant message to learn from (weight not 0)",
            )
        elif isinstance(found[-1], dict) and found[-1].get("role") != "assistant":
            findings.warn("untaught", "messages", "should end with a message of the assistant")


def messages(example: Json) -> list[Json]:
    return list(example["messages"])


def size(example: Json, tokenizer: tokens.Tokenizer) -> tokens.Size:
    found = tokens.conversation(example["messages"], tokenizer.count)
    return tokens.Size(found.total + tools.size(example, tokenizer), found.trained)


def item(example: Json) -> Iterable[str]:
    return ()


def _is_taught(message: object) -> bool:
    return (
        isinstance(message, dict)
        and message.get("role") == "assistant"
        and message.get("weight", 1) != 0
        and has_something_to_say(message)
    )
