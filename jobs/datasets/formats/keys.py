"""Keys of an example that its format does not know. How the service takes them is not written."""

from collections.abc import Set as AbstractSet
from typing import Any

from jobs.datasets.findings import Findings, listed


def warn_of_unknown(
    holder: dict[str, Any], known: AbstractSet[str], findings: Findings, where: str = ""
) -> None:
    if not holder.keys() <= known:
        unknown = listed(holder.keys() - known)
        findings.warn("key", where, f"has keys that the service may refuse: {unknown}")
