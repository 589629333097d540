"""Special tokens that stand in a text. The service refuses a file for one of them."""

import re
from collections.abc import Iterator
from typing import Any

from jobs.datasets.findings import Findings

MARK = b"<|"  # without it in its JSON, an example needs no search
TOKEN = re.compile(r"<\|(?:endoftext|endofprompt|fim_\w+|im_start|im_end|im_sep)\|>")


def check_special(example: object, findings: Findings) -> None:
    """Every text of the example, keys apart."""
    for field, text in _texts(example):
        if found := TOKEN.search(text):
            findings.error("token", field, f"contains an invalid token: {found.group()}")


def _texts(example: object) -> Iterator[tuple[str, str]]:
    """All texts with their paths, in order. No recursion: a hostile example may be nested deeply."""
    left: list[tuple[str, Any]] = [("", example)]
    while left:
        path, value = left.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, list):
            left += [(f"{path}[{at}]", each) for at, each in enumerate(value)][::-1]
        elif isinstance(value, dict):
            left += [(_under(path, key), each) for key, each in value.items()][::-1]


def _under(path: str, key: str) -> str:
    name = key if key.isidentifier() and len(key) <= 40 else "…"
    return f"{path}.{name}" if path else name
