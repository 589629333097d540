"""Start the sandbox: read the flags, open the folder and the socket, serve until told to stop."""

import argparse
import socket
import sys

import uvicorn

from sandbox import demo, webhooks
from sandbox.app import make_app
from sandbox.context import Sandbox
from sandbox.courier import Courier
from sandbox.dialects import SERVICES
from sandbox.faults import Orders
from sandbox.flags import read_flags
from sandbox.gate import Gate
from sandbox.limits import Limits
from sandbox.quirks import Quirk
from sandbox.runner import Runner
from sandbox.store import Store


def main() -> None:
    flags = read_flags()
    listener = _listener(flags.host, flags.port)
    try:
        store = Store(flags.data)
    except OSError as error:
        sys.exit(f"The folder {flags.data} cannot be used: {error.strerror or error}.")
    if flags.demo:
        demo.fill(store)
    webhooks.heed_flag(store, flags.webhook, flags.webhook_secret)
    sandbox = _sandbox(flags, store)
    config = uvicorn.Config(
        make_app(sandbox),
        access_log=flags.verbose,
        log_level="info" if flags.verbose else "warning",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    sandbox.connections.protocols = server.server_state.connections
    address = f"http://{flags.host}:{listener.getsockname()[1]}"
    sys.stdout.write(f"Sandbox: {address}{sandbox.service.root}\n")
    sys.stdout.flush()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        store.close()


def _sandbox(flags: argparse.Namespace, store: Store) -> Sandbox:
    service = SERVICES[flags.dialect]
    sandbox = Sandbox(
        store,
        Runner(store, slots=flags.slots, pace=flags.pace),
        Courier(store, flags.webhook_patience),
        frozenset({*flags.quirks, *map(Quirk, service.quirks)}),
        strict_admin=flags.strict_admin,
        service=service,
        gate=Gate([flags.host, *flags.allow_host]),
        limits=Limits(flags.requests_per_minute, flags.jobs_per_day),
    )
    sandbox.faults.order(Orders(flags.fault, flags.fault_seed))
    return sandbox


def _listener(host: str, port: int) -> socket.socket:
    """The socket, open before anything else: a taken port must not cost a started folder."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol must be named: asyncio sends small answers at once only where it is.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        sys.exit(f"The address {host}:{port} cannot be used: {error.strerror or error}.")
    return listener


if __name__ == "__main__":
    main()
