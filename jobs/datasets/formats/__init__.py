"""The formats of examples, what tells them apart, and which method and model reads which.

Each format is a module with the same four functions. `messages` and `tools` judge what several
formats are made of.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol

from jobs.datasets.findings import Findings, listed
from jobs.datasets.formats import chat, completion, preference, reinforcement
from jobs.datasets.tokens import Size, Tokenizer, base_of

Json = dict[str, Any]


class Format(Protocol):
    NAME: str

    def check(self, example: Json, findings: Findings) -> None:
        """Say what is wrong with the example."""

    def messages(self, example: Json) -> list[Json]:
        """Every message of a sound example."""

    def size(self, example: Json, tokenizer: Tokenizer) -> Size:
        """The tokens of a sound example."""

    def item(self, example: Json) -> Iterable[str]:
        """The keys that graders see as item.…"""


FORMATS: dict[str, Format] = {
    form.NAME: form for form in (chat, completion, preference, reinforcement)
}
METHODS = {
    "supervised": ("chat", "completion"),
    "dpo": ("preference",),
    "reinforcement": ("reinforcement",),
}
COMPLETION_MODELS = ("babbage-002", "davinci-002")
CHAT_MODELS = ("gpt-", "o1", "o3", "o4", "chatgpt-")


def recognise(examples: list[Json], method: str) -> str:
    """The format of most of a file's first examples; "" when it is none that we know."""
    votes = Counter(name for example in examples if (name := guess(example, method)))
    return votes.most_common(1)[0][0] if votes else ""


def guess(example: Json, method: str) -> str:
    """What an example looks like. Where two readings are possible, it is what the method reads."""
    if preference.OUTPUTS & example.keys():
        return preference.NAME
    if "messages" in example:
        return _chat_or_reinforcement(example, method)
    return completion.NAME if completion.KEYS & example.keys() else ""


def _chat_or_reinforcement(example: Json, method: str) -> str:
    messages = example["messages"]
    last = messages[-1] if isinstance(messages, list) and messages else None
    role = last.get("role") if isinstance(last, dict) else None
    has_item = not example.keys() <= chat.KEYS
    if method == "reinforcement":
        return chat.NAME if role == "assistant" and not has_item else reinforcement.NAME
    asks = role in reinforcement.LAST_ROLES
    return reinforcement.NAME if asks and has_item else chat.NAME


def is_alike(example: Json, name: str) -> bool:
    """Whether an example does not look like one of another format: its own can say what it lacks."""
    other = guess(example, "")
    if name in (chat.NAME, reinforcement.NAME):
        return other in ("", chat.NAME, reinforcement.NAME)
    return other in ("", name)


def misfit(name: str, method: str, model: str) -> str:
    """Why a file of this format does not fit the method or the model; "" when it does."""
    wanted = METHODS[method]
    if name not in wanted:
        fits = next(method for method, names in METHODS.items() if name in names)
        return (
            f"This looks like a {name} file, but the method is {method}, which needs the"
            f" {' or '.join(wanted)} format. The method for this file is {fits}."
        )
    base = base_of(model)
    if name == completion.NAME and base.startswith(CHAT_MODELS):
        return f"This is a completion file, but {base} learns from the chat format."
    if name == chat.NAME and base.startswith(COMPLETION_MODELS):
        return f"This is a chat file, but {base} learns from the completion format."
    return ""


def strange(example: Json) -> str:
    """What to say of a file whose first examples, of which this is one, are of no format."""
    keys = listed(example)
    return (
        f"No known format: the first example has the keys {keys or '(none)'}. Expected is"
        " 'messages' (chat, reinforcement), 'prompt' and 'completion', or 'input',"
        " 'preferred_output' and 'non_preferred_output'."
    )
