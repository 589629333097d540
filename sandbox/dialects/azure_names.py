"""Names of models as Azure has them, and back: wherever in a text they stand."""

import hashlib
import re

from sandbox.catalog import ORGANIZATION_NAME

OUR_NAME = re.compile(
    rf"ft:([\w.-]+):{ORGANIZATION_NAME}:([\w.-]*):([A-Za-z0-9]{{8}})(:ckpt-step-\d+)?"
)
THEIR_NAME = re.compile(
    r"(?<![\w.-])([\w.-]+?)\.ft-([0-9a-f]{16})[0-9a-f]{16}(?:-([\w.-]+))?(:ckpt-step-\d+)?"
)


def their_names(text: str) -> str:
    """`ft:base:sandbox:suffix:8letters` -> `base.ft-hash-suffix`: the hash holds the letters."""

    def theirs(name: re.Match[str]) -> str:
        base, suffix, letters, step = name.groups(default="")
        check = hashlib.sha256(f"{base}{suffix}{letters}".encode()).hexdigest()[:16]
        tail = f"-{suffix}" if suffix else ""
        return f"{base}.ft-{letters.encode().hex()}{check}{tail}{step}"

    return OUR_NAME.sub(theirs, text)


def our_names(text: str) -> str:
    def ours(name: re.Match[str]) -> str:
        base, letters, suffix, step = name.groups(default="")
        spelt = bytes.fromhex(letters).decode("latin-1")
        return f"ft:{base}:{ORGANIZATION_NAME}:{suffix}:{spelt}{step}"

    return THEIR_NAME.sub(ours, text)
