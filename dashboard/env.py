"""Typed reads of the environment. A wrong value stops the process at start and says which and why."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BOOLEANS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def text(name: str, default: str = "") -> str:
    """Read NAME; a variable that is set but empty counts as not set."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    value = text(name, str(default)).lower()
    if value not in BOOLEANS:
        raise ImproperlyConfigured(f"{name} must be 1 or 0 (or true, false), not {value!r}.")
    return BOOLEANS[value]


def number(name: str, default: int, *, lowest: int = 0, highest: int | None = None) -> int:
    value = text(name, str(default))
    bounds = f"from {lowest} to {highest}" if highest is not None else f"of at least {lowest}"
    sentence = f"{name} must be a whole number {bounds}, not {value!r}."
    try:
        found = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(sentence) from error
    if found < lowest or (highest is not None and found > highest):
        raise ImproperlyConfigured(sentence)
    return found


def port(name: str, default: int) -> int:
    return number(name, default, lowest=1, highest=65535)


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default).upper()
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Read NAME as a list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Read NAME as addresses or networks, separated by commas."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} must be addresses or networks like 10.1.0.0/16, separated by commas: {error}."
        ) from error


def secret(name: str) -> str:
    """Read NAME, or the file that NAME_FILE points to (for container secrets); "" when neither is set."""
    if path := text(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}: {error.strerror}.") from error
    return text(name)
