"""Secrets that an installation needs and nobody should have to invent: made once, kept in the data folder."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from dashboard import env


def secret_key(folder: Path) -> str:
    return env.secret("SECRET_KEY") or kept(folder / "secret_key", get_random_secret_key)


def encryption_keys(folder: Path) -> list[str]:
    """Fernet keys, newest first: the first one encrypts, all of them decrypt."""
    given = env.secret("ENCRYPTION_KEYS") or kept(folder / "encryption_keys", new_encryption_key)
    keys = given.replace(",", " ").split()
    for key in keys:
        check(key)
    return keys


def new_encryption_key() -> str:
    return Fernet.generate_key().decode()


def check(key: str) -> None:
    try:
        Fernet(key)
    except ValueError as error:
        raise ImproperlyConfigured(
            "ENCRYPTION_KEYS holds a word that is no key: each is 32 bytes in URL-safe base64,"
            " as `python -c 'from cryptography.fernet import Fernet;"
            " print(Fernet.generate_key().decode())'` makes one."
        ) from error


def kept(path: Path, make: Callable[[], str]) -> str:
    """Read the secret, or make it. Of several processes that start at once, one makes it for all."""
    try:
        if not path.exists():
            place(path, make())
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR cannot be used: {path} cannot be read or written ({error.strerror})."
            " Name a folder of your own in DATA_DIR."
        ) from error


def place(path: Path, secret: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, draft = tempfile.mkstemp(dir=path.parent)  # 0600 by itself
    with os.fdopen(number, "w") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # unlike rename, it fails where another process was first
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
