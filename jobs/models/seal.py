"""Secrets at rest: sealed with the first of ENCRYPTION_KEYS, opened with any of them.

What goes through here is never shown in a log.
"""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from dashboard import logs


class SealBroken(Exception):
    """No key of ours opens it."""


def seal(secret: str) -> str:
    logs.hide(secret)
    return fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    try:
        secret = fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken(
            "The stored API key cannot be read with ENCRYPTION_KEYS: the key that encrypted it is"
            " missing there. Put it back behind the newest one, or enter the API key anew."
        ) from error
    logs.hide(secret)
    return secret


def reseal(sealed: str) -> str:
    """Under the newest key: as it is where that key opens it already. Raises SealBroken."""
    try:
        Fernet(settings.ENCRYPTION_KEYS[0]).decrypt(sealed.encode())
    except InvalidToken:
        return seal(unseal(sealed))
    return sealed


@cache
def fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
