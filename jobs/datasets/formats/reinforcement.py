"""Prompts that the model answers itself, with what graders need: {"messages": […], any other key}"""

from collections.abc import Iterable
from typing import Any

from jobs.datasets import tokens
from jobs.datasets.findings import Findings, shown
from jobs.datasets.formats import tools
from jobs.datasets.formats.messages import KEYS as ROLES, check_messages

Json = dict[str, Any]

NAME = "reinforcement"
LAST_ROLES = ("user", "developer")
OWN_KEYS = tools.KEYS | {"messages"}


def check(example: Json, findings: Findings) -> None:
    found = example.get("messages")
    check_messages(found, "messages", findings)
    tools.check_tools(example, found, "", findings)
    if isinstance(found, list) and found and isinstance(found[-1], dict):
        role = found[-1].get("role")
        if isinstance(role, str) and role in ROLES and role not in LAST_ROLES:
            field = f"messages[{len(found) - 1}].role"
            findings.error(
                "role", field, f"the last message must be user or developer, not {shown(role)}"
            )


def messages(example: Json) -> list[Json]:
    return list(example["messages"])


def size(example: Json, tokenizer: tokens.Tokenizer) -> tokens.Size:
    """The prompt; what the model will answer is not known before."""
    prompt = tokens.conversation(example["messages"], tokenizer.count)
    return tokens.Size(prompt.total + tools.size(example, tokenizer), 0)


def item(example: Json) -> Iterable[str]:
    return (key for key in example if key not in OWN_KEYS)
