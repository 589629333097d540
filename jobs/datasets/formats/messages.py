"""What chat, preference and reinforcement examples are made of: messages and their content."""

import json
from typing import Any

from jobs.datasets.findings import Findings, listed, shown

Json = dict[str, Any]

COMMON = frozenset({"role", "content", "name"})
ANSWER = COMMON | {"tool_calls", "function_call", "refusal", "audio", "weight"}
KEYS = {
    "system": COMMON,
    "developer": COMMON,
    "user": COMMON,
    "assistant": ANSWER,
    "tool": COMMON | {"tool_call_id"},
    "function": COMMON,
}
PARTS = {"user": ("text", "image_url"), "assistant": ("text", "refusal")}
DETAILS = ("auto", "low", "high")
IMAGE_STARTS = (
    "https://",
    "http://",
    "data:image/jpeg;base64,",
    "data:image/png;base64,",
    "data:image/webp;base64,",
)


def check_messages(messages: object, where: str, findings: Findings) -> None:
    if not isinstance(messages, list) or not messages:
        findings.error("messages", where, "must be a list of at least one message")
        return
    calls: set[str] = set()  # that tool messages may answer
    for position, message in enumerate(messages):
        check_message(message, f"{where}[{position}]", calls, findings)


def check_message(message: object, where: str, calls: set[str], findings: Findings) -> None:
    if type(message) is not dict:
        findings.error(
            "messages", where, f"must be an object with a role and content, not {shown(message)}"
        )
        return
    role = message.get("role")
    if not isinstance(role, str) or role not in KEYS:
        said = f"not {shown(role)}" if "role" in message else "and is missing"
        findings.error("role", f"{where}.role", f"must be one of {', '.join(KEYS)}; {said}")
        return
    if not message.keys() <= KEYS[role]:
        _refuse_keys(message, where, findings)
    _check_content(message, where, findings)
    if role == "assistant":
        _check_answer(message, where, calls, findings)
    elif role == "tool":
        _check_tool_answer(message, where, calls, findings)
    elif role == "function" and not isinstance(message.get("name"), str):
        findings.error("name", f"{where}.name", "a function message must name its function")
    if not isinstance(message.get("name"), str | None):
        findings.error("name", f"{where}.name", f"must be a text, not {shown(message['name'])}")


def _refuse_keys(message: Json, where: str, findings: Findings) -> None:
    for key in sorted(message.keys() - KEYS[message["role"]])[:8]:
        if key == "weight":
            said = "weight is for assistant messages only"
        elif any(key in keys for keys in KEYS.values()):
            said = f"a {message['role']} message cannot have {key}"
        else:
            said = f"unknown key {shown(key)}; known are {listed(KEYS[message['role']])}"
        field = f"{where}.{key}" if key.isidentifier() and len(key) < 40 else where
        findings.error("weight" if key == "weight" else "key", field, said)


def _check_content(message: Json, where: str, findings: Findings) -> None:
    content = message.get("content")
    role = message["role"]
    if type(content) is str:
        if not content.strip():
            findings.warn("empty", f"{where}.content", "is empty")
        elif role == "assistant" and content[-1].isspace():
            findings.warn("whitespace", f"{where}.content", "ends in white space, and teaches it")
    elif type(content) is list:
        _check_parts(content, role, f"{where}.content", findings)
    elif content is not None:
        findings.error(
            "content",
            f"{where}.content",
            f"must be a text or a list of parts, not {shown(content)}",
        )
    elif role != "assistant":
        findings.error("content", f"{where}.content", "is missing: must be a text")


def _check_parts(parts: list[Any], role: str, where: str, findings: Findings) -> None:
    if not parts:
        findings.error("content", where, "must have at least one part")
    allowed = PARTS.get(role, ("text",))
    for position, part in enumerate(parts):
        field = f"{where}[{position}]"
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "image_url" and kind not in allowed:
            findings.error("images", field, f"images are for user messages, not for {role} ones")
        elif kind not in allowed:
            said = shown(kind) if isinstance(part, dict) else shown(part)
            findings.error(
                "content", f"{field}.type", f"must be {' or '.join(allowed)}, not {said}"
            )
        elif kind == "image_url":
            _check_image(part.get("image_url"), f"{field}.image_url", findings)
        elif not isinstance(part.get(kind), str):
            findings.error("content", f"{field}.{kind}", "must be a text")


def _check_image(image: object, where: str, findings: Findings) -> None:
    url = image.get("url") if isinstance(image, dict) else None
    if not isinstance(image, dict) or not isinstance(url, str):
        findings.error("images", f"{where}.url", "must be an address or a data: URL of an image")
        return
    if not url.startswith(IMAGE_STARTS):
        findings.error(
            "images",
            f"{where}.url",
            f"must be http(s), or a base64 data: URL of JPEG, PNG or WEBP; not {shown(url)}",
        )
    if image.get("detail", "auto") not in DETAILS:
        findings.error("images", f"{where}.detail", f"must be one of {', '.join(DETAILS)}")


def _check_answer(message: Json, where: str, calls: set[str], findings: Findings) -> None:
    weight = message.get("weight", 1)
    if isinstance(weight, bool) or weight not in (0, 1):
        findings.error("weight", f"{where}.weight", f"must be 0 or 1, not {shown(weight)}")
    if not isinstance(message.get("refusal"), str | None):
        findings.error("content", f"{where}.refusal", "must be a text")
    if not has_something_to_say(message):
        findings.error(
            "content", f"{where}.content", "is missing: must be a text, or the message must call"
        )
    if (asked := message.get("tool_calls")) is not None:
        _check_calls(asked, f"{where}.tool_calls", calls, findings)
    if (asked := message.get("function_call")) is not None:
        _check_function(asked, f"{where}.function_call", findings)


def has_something_to_say(message: Json) -> bool:
    """Text, even an empty one, or a call."""
    return message.get("content") is not None or any(
        message.get(key) for key in ("tool_calls", "function_call", "refusal")
    )


def _check_calls(asked: object, where: str, calls: set[str], findings: Findings) -> None:
    if not isinstance(asked, list) or not asked:
        findings.error("tools", where, "must be a list of at least one call")
        return
    for position, call in enumerate(asked):
        field = f"{where}[{position}]"
        if not isinstance(call, dict):
            findings.error("tools", field, f"must be an object, not {shown(call)}")
            continue
        if call.get("type") != "function":
            findings.error("tools", f"{field}.type", "must be 'function'")
        if isinstance(call.get("id"), str):
            calls.add(call["id"])
        else:
            findings.error("tools", f"{field}.id", "must be a text that the answer refers to")
        _check_function(call.get("function"), f"{field}.function", findings)


def _check_function(called: object, where: str, findings: Findings) -> None:
    if not isinstance(called, dict):
        findings.error("tools", where, "must be an object with a name and arguments")
        return
    if not isinstance(called.get("name"), str):
        findings.error("tools", f"{where}.name", "must be the name of a function")
    arguments = called.get("arguments")
    if not isinstance(arguments, str):
        findings.error("tools", f"{where}.arguments", "must be a text of JSON, not JSON itself")
        return
    try:
        json.loads(arguments)
    except (ValueError, RecursionError):
        findings.warn("tools", f"{where}.arguments", "is not valid JSON, and teaches to write such")


def _check_tool_answer(message: Json, where: str, calls: set[str], findings: Findings) -> None:
    call = message.get("tool_call_id")
    if not isinstance(call, str):
        findings.error("tools", f"{where}.tool_call_id", "must be the id of the call it answers")
    elif call not in calls:
        findings.error(
            "tools", f"{where}.tool_call_id", f"no message before it calls {shown(call)}"
        )
