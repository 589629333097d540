"""What a log record says: which request, account and job it belongs to, and never a secret.

Lines for people by default; with LOG_FORMAT=json one JSON object a line. Secrets are taken out of the
whole record, its traceback included: those that this process has held, whatever they look like, and
whatever looks like one.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote

HIDDEN = "[secret]"
SHORTEST = 8  # characters of a secret that is not a word like others
LOOKS = re.compile(
    r"(?i)(\b(?:bearer|basic)\s+|\bapi[-_ ]?key['\"]?\s*[:=]\s*b?['\"]?|/sign-in/)[^\s'\",;&?}]+"
    r"|\bsk-[\w-]{6,}"
    r"|(?<=://)[^\s/@]+(?=@)"
)

known: frozenset[str] = frozenset()
context: ContextVar[dict[str, object]] = ContextVar("context", default={})  # noqa: B039 (never changed)


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Whatever is logged meanwhile is about these."""
    token = context.set(context.get() | ids)
    try:
        yield
    finally:
        context.reset(token)


def begin(**ids: object) -> None:
    """Until this context ends, which is the bridge's for one request: Django logs after its middleware."""
    context.set(ids)


def hide(*secrets: str) -> None:
    """Never show these: neither as they are, nor as a part of a URL or of a literal."""
    global known
    for secret in secrets:
        if len(secret) >= SHORTEST and secret not in known:
            known |= {secret, quote(secret, safe=""), repr(secret)[1:-1], json.dumps(secret)[1:-1]}


def scrubbed(words: str) -> str:
    if known:
        words = matching(known).sub(HIDDEN, words)
    return LOOKS.sub(lambda found: f"{found[1] or ''}{HIDDEN}", words)


@lru_cache(maxsize=1)
def matching(secrets: frozenset[str]) -> re.Pattern[str]:
    """The longest first: one may be the beginning of another."""
    return re.compile("|".join(map(re.escape, sorted(secrets, key=len, reverse=True))))


class Plain(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}{about}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        told = ", ".join(f"{name} {value}" for name, value in context.get().items())
        record.about = f" ({told})" if told else ""
        return scrubbed(super().format(record))


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **context.get(),
        }
        if record.exc_info and record.exc_info[0]:
            told["error"] = record.exc_info[0].__name__
            told["traceback"] = self.formatException(record.exc_info)
        clean = {k: scrubbed(v) if isinstance(v, str) else v for k, v in told.items()}
        return json.dumps(clean, ensure_ascii=False, default=lambda value: scrubbed(str(value)))
