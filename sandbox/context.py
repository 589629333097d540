"""What an endpoint may use: the store, the runner, the switches."""

from dataclasses import dataclass, field

from starlette.requests import Request

from sandbox.connections import Connections
from sandbox.courier import Courier
from sandbox.faults import Faults
from sandbox.gate import Gate
from sandbox.ledger import Ledger
from sandbox.limits import Limits
from sandbox.quirks import Quirks
from sandbox.runner import Runner
from sandbox.store import Store
from sandbox.translation import Service


@dataclass(frozen=True)
class Sandbox:
    store: Store
    runner: Runner
    courier: Courier
    quirks: Quirks
    strict_admin: bool = False
    """Only an admin key may look at permissions."""
    gate: Gate = field(default_factory=Gate)
    limits: Limits = field(default_factory=Limits)
    service: Service = field(default_factory=Service)
    """Which service the sandbox pretends to be; OpenAI, if nothing is said."""
    faults: Faults = field(default_factory=Faults)
    connections: Connections = field(default_factory=Connections)
    ledger: Ledger = field(default_factory=Ledger)


def sandbox_of(request: Request) -> Sandbox:
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox
