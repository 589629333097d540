"""Who may come in at all: whoever calls the sandbox by its own name.

It asks for no real key and runs the code of graders, so a page in somebody's browser must not
reach it. Such a page can make a name of its own lead to this machine (DNS rebinding), but cannot
lie about it: `Host` says that name, and `Origin` the page's.
"""

import re
from collections.abc import Iterable

from starlette.datastructures import Headers

from sandbox.errors import ApiError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
NAME = r"[\w.-]+|\[[0-9a-f:.]+\]"
HOST = re.compile(rf"({NAME})(:[0-9]+)?")


def is_host(text: str) -> bool:
    return bool(re.fullmatch(NAME, host_name(text)))


def host_name(text: str) -> str:
    """As a `Host` has it: an address of IPv6 in brackets."""
    return f"[{text}]".lower() if ":" in text else text.lower()


class Gate:
    def __init__(self, names: Iterable[str] = ()) -> None:
        """`names`: those that it has beside loopback's."""
        self._names = LOOPBACK | {*map(host_name, names)}

    def refusal(self, headers: Headers) -> ApiError | None:
        host = headers.get("host", "")
        asked = HOST.fullmatch(host.lower())
        if not asked or asked.group(1) not in self._names:
            message = f"The sandbox is not called '{host}': --allow-host gives it another name."
            return ApiError(message, status=403, code="host_not_allowed")
        origin = headers.get("origin")
        if origin is not None and origin.lower().partition("://")[2] != host.lower():
            message = f"The sandbox answers no pages of other sites: this one is of '{origin}'."
            return ApiError(message, status=403, code="origin_not_allowed")
        return None
