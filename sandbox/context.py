"""What an endpoint may use: the store, the runner, the switches."""

from dataclasses import dataclass

from starlette.requests import Request

from sandbox.quirks import Quirks
from sandbox.runner import Runner
from sandbox.store import Store


@dataclass(frozen=True)
class Sandbox:
    store: Store
    runner: Runner
    quirks: Quirks
    strict_admin: bool = False
    """Only an admin key may look at permissions."""


def sandbox_of(request: Request) -> Sandbox:
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox
