"""Two answers to one prompt, for DPO: {"input", "preferred_output", "non_preferred_output"}

The API's own document once called the outputs preferred_completion and non_preferred_completion.
"""

from collections.abc import Iterable
from typing import Any

from jobs.datasets import tokens
from jobs.datasets.findings import Findings, shown
from jobs.datasets.formats import keys, tools
from jobs.datasets.formats.messages import check_message, check_messages

Json = dict[str, Any]

NAME = "preference"
OUTPUTS = frozenset(
    {
        "preferred_output",
        "non_preferred_output",
        "preferred_completion",
        "non_preferred_completion",
    }
)
KEYS = OUTPUTS | {"input"}
INPUT_KEYS = tools.KEYS | {"messages"}


def check(example: Json, findings: Findings) -> None:
    keys.warn_of_unknown(example, KEYS, findings)
    prompt = example.get("input")
    if isinstance(prompt, dict):
        check_messages(prompt.get("messages"), "input.messages", findings)
        keys.warn_of_unknown(prompt, INPUT_KEYS, findings, "input")
    else:
        findings.error("messages", "input", "must be an object with messages")
        prompt = {}
    answers = [_check_output(example, side, findings) for side in ("preferred", "non_preferred")]
    asked = prompt.get("messages")
    said = [*asked, *answers] if isinstance(asked, list) else answers
    tools.check_tools(prompt, said, "input.", findings)
    if answers[0] is not None and answers[0] == answers[1]:
        findings.warn("untaught", "non_preferred_output", "is the same as the preferred output")


def _check_output(example: Json, side: str, findings: Findings) -> object:
    """The one message of an output, if there is one."""
    key = _key(example, side)
    output = example.get(key)
    if not isinstance(output, list) or len(output) != 1:
        findings.error("messages", key, "must be a list of exactly one assistant message")
        return None
    answer = output[0]
    field = f"{key}[0]"
    check_message(answer, field, set(), findings)
    if isinstance(answer, dict) and answer.get("role", "assistant") != "assistant":
        findings.error("role", f"{field}.role", f"must be assistant, not {shown(answer['role'])}")
    return answer


def _key(example: Json, side: str) -> str:
    older = f"{side}_completion"
    return older if older in example else f"{side}_output"


def messages(example: Json) -> list[Json]:
    outputs = (example[_key(example, side)][0] for side in ("preferred", "non_preferred"))
    return [*example["input"]["messages"], *outputs]


def size(example: Json, tokenizer: tokens.Tokenizer) -> tokens.Size:
    """The prompt once and both answers, which are what is learnt from."""
    total = tokens.conversation(messages(example), tokenizer.count).total
    trained = tokens.conversation(messages(example)[-2:], tokenizer.count).trained
    return tokens.Size(total + tools.size(example["input"], tokenizer), trained)


def item(example: Json) -> Iterable[str]:
    return ()
