"""The tools that an example declares, and whether the calls in it fit them."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from jobs.datasets.findings import Findings, shown
from jobs.datasets.tokens import Tokenizer

Json = dict[str, Any]

KEYS = frozenset({"tools", "functions", "parallel_tool_calls"})
MOST = 128
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def check_tools(holder: Json, messages: object, where: str, findings: Findings) -> None:
    """`holder` has the keys tools, functions and parallel_tool_calls, or some, or none."""
    if not KEYS.isdisjoint(holder):
        for key in ("tools", "functions"):
            if holder.get(key) is not None:
                _check_list(holder[key], key, where + key, findings)
        if not isinstance(holder.get("parallel_tool_calls", True), bool):
            findings.error("tools", f"{where}parallel_tool_calls", "must be true or false")
    _check_called(holder, messages, where, findings)


def size(holder: Json, tokenizer: Tokenizer) -> int:
    """The tokens of the declarations as JSON: the service's own way to write them is not known."""
    declared = [holder[key] for key in ("tools", "functions") if holder.get(key)]
    return sum(tokenizer.count(msgspec.json.encode(each).decode()) for each in declared)


def _check_list(declared: object, key: str, where: str, findings: Findings) -> None:
    if not isinstance(declared, list) or not 0 < len(declared) <= MOST:
        findings.error(
            "tools", where, f"must be a list of 1 to {MOST}; leave it out if there are none"
        )
        return
    for position, tool in enumerate(declared):
        field = f"{where}[{position}]"
        if key == "functions":
            _check_function(tool, field, findings)
        elif not isinstance(tool, dict) or tool.get("type") != "function":
            findings.error("tools", f"{field}.type", "must be 'function'")
        else:
            _check_function(tool.get("function"), f"{field}.function", findings)


def _check_function(function: object, where: str, findings: Findings) -> None:
    if not isinstance(function, dict):
        findings.error("tools", where, "must be an object with a name")
        return
    name = function.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        findings.error(
            "tools",
            f"{where}.name",
            f"must be 1 to 64 of a-z, A-Z, 0-9, _ and -; not {shown(name)}",
        )
    if not isinstance(function.get("description", ""), str):
        findings.error("tools", f"{where}.description", "must be a text")
    if not isinstance(function.get("parameters", {}), dict):
        findings.error("tools", f"{where}.parameters", "must be a JSON schema, which is an object")


def _check_called(holder: Json, messages: object, where: str, findings: Findings) -> None:
    called = dict.fromkeys(_called(messages))
    if called and (unknown := called.keys() - set(_declared(holder))):
        for name in [name for name in called if name in unknown][:8]:
            findings.warn("tools", f"{where}tools", f"{shown(name)} is called but not declared")


def _called(messages: object) -> Iterator[str]:
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, dict) and ("tool_calls" in message or "function_call" in message):
            for call in _list(message, "tool_calls"):
                yield from _name(call)
            yield from _name({"function": message.get("function_call")})


def _declared(holder: Json) -> Iterator[str]:
    for tool in _list(holder, "tools"):
        yield from _name(tool)
    for function in _list(holder, "functions"):
        yield from _name({"function": function})


def _list(holder: Json, key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []


def _name(tool: object) -> Iterator[str]:
    function = tool.get("function") if isinstance(tool, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    if isinstance(name, str):
        yield name
