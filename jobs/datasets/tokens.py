"""How many tokens a text is, for the base model that will read it.

The tokenizer takes 70 to 140 MB of memory, so it is loaded when it is first needed, and only the
one encoding. What the chat format adds is counted as OpenAI's cookbook counts it.
"""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple
from warnings import catch_warnings, simplefilter

PER_MESSAGE = 3
PER_NAME = 1
PER_CONVERSATION = 3  # the reply is opened with <|start|>assistant<|message|>

ENCODINGS = {
    "o200k_base": ("gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "chatgpt-4o", "o1", "o3", "o4"),
    "cl100k_base": ("gpt-4", "gpt-3.5", "gpt-35", "babbage-002", "davinci-002"),
}
LIMITS = {  # tokens of an example; the service cuts off what is behind them
    "gpt-4o": 65_536,
    "gpt-4.1": 65_536,
    "gpt-3.5-turbo-0613": 4_096,
    "gpt-35-turbo-0613": 4_096,
    "gpt-3.5-turbo": 16_385,
    "gpt-35-turbo": 16_385,
    "gpt-4-0613": 8_192,
    "babbage-002": 16_384,
    "davinci-002": 16_384,
}

SHORT = 4_096  # characters; system prompts and tools come again and again
PIECE = 1_000_000  # characters; counting a text takes five times its size


class Size(NamedTuple):
    total: int
    trained: int  # what the model learns to say; the rest it only reads


class Tokenizer(NamedTuple):
    name: str
    basis: str  # what the numbers rest on, in words
    is_estimate: bool
    count: Callable[[str], int]


def base_of(model: str) -> str:
    """gpt-4o-mini-2024-07-18 of ft:gpt-4o-mini-2024-07-18:acme::8abcDEFG"""
    return model.removeprefix("ft:").split(":")[0]


def limit_of(model: str) -> int | None:
    base = base_of(model)
    return next((limit for start, limit in LIMITS.items() if base.startswith(start)), None)


@lru_cache(maxsize=8)
def tokenizer_for(model: str) -> Tokenizer:
    base = base_of(model)
    own = next((name for name, starts in ENCODINGS.items() if base.startswith(starts)), "")
    name = own or "o200k_base"
    count = _counter(name)
    if count is None:
        return Tokenizer("bytes/4", "estimated at four bytes a token", True, _quarter)
    if own:
        return Tokenizer(name, f"counted with {name}, the tokenizer of {base}", False, count)
    whose = f"the tokenizer of {base}" if base else "the base model's own tokenizer"
    return Tokenizer(name, f"estimated with {name}; {whose} may differ", True, count)


@cache
def _counter(name: str) -> Callable[[str], int] | None:
    with catch_warnings():
        simplefilter("ignore", DeprecationWarning)  # how the package reads its own tables
        try:  # its core alone: what is wrapped around keeps all tables a second time
            from bpe_openai._bindings import tokenizer_for_encoding
        except ImportError:
            return None
    count: Callable[[str], int] = tokenizer_for_encoding(name).count
    count_short = lru_cache(maxsize=1024)(count)

    def count_any(text: str) -> int:
        return count_short(text) if len(text) <= SHORT else sum(map(count, _pieces(text)))

    return count_any


def _quarter(text: str) -> int:
    return (len(text.encode()) + 3) // 4


def _pieces(text: str) -> Iterator[str]:
    """Cut before a blank, where no token reaches across; a text without any may count one more."""
    start = 0
    while len(text) - start > PIECE:
        blank = text.rfind(" ", start + 1, start + PIECE)
        end = blank if blank > 0 else start + PIECE
        yield text[start:end]
        start = end
    yield text[start:]


def conversation(messages: list[dict[str, Any]], count: Callable[[str], int]) -> Size:
    """The tokens of messages that are known to be sound."""
    total = PER_CONVERSATION
    trained = 0
    for message in messages:
        role = message["role"]
        said = sum(map(count, texts(message)))
        total += PER_MESSAGE + count(role) + said
        if name := message.get("name"):
            total += PER_NAME + count(name)
        if role == "assistant" and message.get("weight") != 0:
            trained += said
    return Size(total, trained)


def texts(message: dict[str, Any]) -> Iterator[str]:
    """What a sound message says: its text, the text of its parts, the calls that it makes."""
    content = message.get("content")
    if isinstance(content, str):
        yield content
    elif content:
        yield from (part[part["type"]] for part in content if part["type"] != "image_url")
    if refusal := message.get("refusal"):
        yield refusal
    for call in message.get("tool_calls") or ():
        yield call["function"]["name"]
        yield call["function"]["arguments"]
    if call := message.get("function_call"):
        yield call["name"]
        yield call["arguments"]
