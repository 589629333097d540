"""Plain texts for babbage-002 and davinci-002: {"prompt": …, "completion": …}"""

from collections.abc import Iterable
from typing import Any

from jobs.datasets import tokens
from jobs.datasets.findings import Findings
from jobs.datasets.formats import keys

Json = dict[str, Any]

NAME = "completion"
KEYS = frozenset({"prompt", "completion"})


def check(example: Json, findings: Findings) -> None:
    for key in ("prompt", "completion"):
        if not isinstance(example.get(key), str):
            findings.error("content", key, "must be a text")
    if example.get("completion") == "":
        findings.error("content", "completion", "must have a text to learn")
    keys.warn_of_unknown(example, KEYS, findings)


def messages(example: Json) -> list[Json]:
    return []


def size(example: Json, tokenizer: tokens.Tokenizer) -> tokens.Size:
    trained = tokenizer.count(example["completion"])
    return tokens.Size(tokenizer.count(example["prompt"]) + trained, trained)


def item(example: Json) -> Iterable[str]:
    return ()
