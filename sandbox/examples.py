"""Judge an uploaded JSONL file: how many examples, or the first thing that is wrong with it.

Runs before a job is queued. Owns the service's words for bad files; that an example can be
turned into text is promised here and relied on in `lessons`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.records import Json

LEAST_EXAMPLES = 10
ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
SPECIAL_TOKEN = re.compile(r"<\|(?:endoftext|fim_\w+|endofprompt|im_start|im_end)\|>")
FORMATS = {
    "supervised": "fine-tune-chat",
    "dpo": "fine-tune-preference",
    "reinforcement": "fine-tune-reinforcement",
}
CHAT_KEYS = frozenset({"messages", "tools", "parallel_tool_calls", "functions"})


class BadFile(Exception):
    """The job fails with this error."""

    def __init__(self, code: str, message: str, param: str) -> None:
        super().__init__(message)
        self.error: Json = {"code": code, "message": message, "param": param}


class BadExample(ValueError):
    """What is wrong with one line."""


def judge(path: Path, file_id: str, method: str, param: str) -> int:
    """The number of examples in a file that is fit to be the job's `param`."""
    name = param.removesuffix("_file")
    try:
        count = sum(1 for _ in _read(path, file_id, method))
    except BadExample as error:
        message = f"The job failed due to an invalid {name} file. Invalid file format. {error}"
        raise BadFile(f"invalid_{param}", message, param) from error
    least = LEAST_EXAMPLES if param == "training_file" else 1
    if count < least:
        message = f"has {count} example(s), but must have at least {least} examples"
        raise BadFile("invalid_n_examples", f"{name.capitalize()} file {message}", param)
    return count


def _read(path: Path, file_id: str, method: str) -> Iterator[Json]:
    check = CHECKS[method]
    for number, example in rows(path):
        found = _format_of(example)
        if found in FORMATS.values() and found != FORMATS[method]:
            fits = next(kind for kind, name in FORMATS.items() if name == found)
            raise BadExample(
                f"Input file {file_id} is in the {found} format, but the specified fine-tuning"
                f" job is not using '{fits}' as the training method (provided method={method})."
            )
        try:
            check(example)
        except BadExample as error:
            raise BadExample(f"Example {number} {error}") from error
        yield example


def rows(path: Path) -> Iterator[tuple[int, Json]]:
    """The file's lines as objects, with their numbers; blank lines count but say nothing."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                example = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise BadExample(f"Line {number} is not valid JSON.") from error
            if not isinstance(example, dict):
                raise BadExample(f"Line {number} is not a JSON object.")
            yield number, example


def text_of(message: Json) -> str:
    """What a message says: its text, the text of its parts, or the calls that it makes."""
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(part["text"] for part in content if part.get("type") == "text")
    calls = message.get("tool_calls") or message.get("function_call")
    return (content or "") + (json.dumps(calls) if calls else "")


def is_taught(message: Json) -> bool:
    """Whether the model learns to say this message, or only reads it."""
    return bool(message["role"] == "assistant" and message.get("weight", 1) and text_of(message))


def preferred(example: Json) -> Any:
    return _either(example, "preferred_output", "preferred_completion")


def rejected(example: Json) -> Any:
    return _either(example, "non_preferred_output", "non_preferred_completion")


def _either(example: Json, name: str, older: str) -> Any:
    return example.get(name, example.get(older))


def item_of(example: Json) -> Json:
    """What a grader may know of a prompt: whatever stands beside its messages."""
    return {key: value for key, value in example.items() if key != "messages"}


def _format_of(example: Json) -> str | None:
    if preferred(example) is not None and "input" in example:
        return FORMATS["dpo"]
    messages = example.get("messages")
    if not isinstance(messages, list) or not messages:
        return None
    if _role(messages[-1]) == "assistant":
        return FORMATS["supervised"]
    says_nothing = "assistant" not in map(_role, messages)
    return FORMATS["reinforcement"] if says_nothing and example.keys() - CHAT_KEYS else None


def _check_chat(example: Json) -> None:
    _check_messages(example.get("messages"))
    if not any(map(is_taught, example["messages"])):
        raise BadExample("must have at least one message from the assistant to learn from.")


def _check_preference(example: Json) -> None:
    prompt = example.get("input")
    if not isinstance(prompt, dict):
        raise BadExample("must have an 'input' object.")
    _check_messages(prompt.get("messages"))
    for name, output in (
        ("preferred_output", preferred(example)),
        ("non_preferred_output", rejected(example)),
    ):
        _check_messages(output, name)
        if len(output) != 1 or not is_taught(output[0]):
            raise BadExample(f"must have exactly one message from the assistant in '{name}'.")


def _check_prompt(example: Json) -> None:
    _check_messages(example.get("messages"))
    if _role(example["messages"][-1]) not in ("user", "developer"):
        raise BadExample("must end with a message from the user or the developer.")


CHECKS = {
    "supervised": _check_chat,
    "dpo": _check_preference,
    "reinforcement": _check_prompt,
}


def _check_messages(messages: Any, name: str = "messages") -> None:
    if not isinstance(messages, list) or not messages:
        raise BadExample(f"must have a non-empty list of '{name}'.")
    for position, message in enumerate(messages, start=1):
        _check_message(message, position)


def _check_message(message: Any, position: int) -> None:
    role = _role(message)
    if role not in ROLES:
        raise BadExample(f"message {position} must have a role out of {', '.join(sorted(ROLES))}.")
    if message.get("weight", 1) not in (0, 1):
        raise BadExample(f"message {position} must have a weight of 0 or 1.")
    if not _is_content(message.get("content"), optional=role == "assistant"):
        raise BadExample(f"message {position} must have a text as content.")
    token = SPECIAL_TOKEN.search(text_of(message))
    if token:
        raise BadExample(f"message contains an invalid token: {token.group()}.")


def _role(message: Any) -> str | None:
    role = message.get("role") if isinstance(message, dict) else None
    return role if isinstance(role, str) else None


def _is_content(content: Any, *, optional: bool) -> bool:
    if isinstance(content, list):
        return all(
            isinstance(part, dict) and isinstance(part.get("text", ""), str) for part in content
        ) and all("text" in part for part in content if part.get("type") == "text")
    return isinstance(content, str) or (content is None and optional)
