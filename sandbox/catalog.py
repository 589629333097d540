"""The base models that the sandbox offers, and what their names mean here.

All of them are the same kind of tiny byte model (`model.py`) in different widths; only
`tiny-byte-lm` says so in its name. The others stand in for models of the live service, so that
clients written for it need no change.
"""

from dataclasses import dataclass

ORGANIZATION = "org-sandbox0000000000000000"
ORGANIZATION_NAME = "sandbox"


@dataclass(frozen=True)
class BaseModel:
    id: str
    created: int
    hidden: int
    shutdown_date: str | None = None
    owned_by: str = "system"


BASES = {
    base.id: base
    for base in (
        BaseModel("gpt-4o-mini-2024-07-18", 1721172717, 128, "2027-01-14"),
        BaseModel("gpt-4.1-mini-2025-04-14", 1744317547, 128, "2027-01-14"),
        BaseModel("gpt-4.1-nano-2025-04-14", 1744321025, 64, "2026-10-23"),
        BaseModel("o4-mini-2025-04-16", 1744225351, 64, "2026-10-23"),
        BaseModel("gpt-3.5-turbo-0125", 1706048358, 96, "2026-10-23"),
        BaseModel("tiny-byte-lm", 1763596800, 64, owned_by=ORGANIZATION_NAME),
    )
}

DATED = {
    "gpt-4o-mini": "gpt-4o-mini-2024-07-18",
    "gpt-4.1-mini": "gpt-4.1-mini-2025-04-14",
    "gpt-4.1-nano": "gpt-4.1-nano-2025-04-14",
    "o4-mini": "o4-mini-2025-04-16",
    "gpt-3.5-turbo": "gpt-3.5-turbo-0125",
}


def dated(name: str) -> str:
    """The name under which the service knows a model: `gpt-4o-mini` has a date."""
    return DATED.get(name, name)
