"""Start the sandbox: read the flags, open the folder and the socket, serve until told to stop."""

import argparse
import socket
import sys
from pathlib import Path

import uvicorn

from sandbox import demo
from sandbox.app import make_app
from sandbox.context import Sandbox
from sandbox.quirks import Quirk
from sandbox.runner import Runner
from sandbox.store import Store

DEMO_PACE = 2.0


def main() -> None:
    flags = _flags()
    listener = _listener(flags.host, flags.port)
    try:
        store = Store(flags.data)
    except OSError as error:
        sys.exit(f"The folder {flags.data} cannot be used: {error.strerror or error}.")
    if flags.demo:
        demo.fill(store)
    runner = Runner(store, slots=flags.slots, pace=flags.pace)
    app = make_app(Sandbox(store, runner, frozenset(flags.quirks), flags.strict_admin))
    config = uvicorn.Config(
        app,
        access_log=flags.verbose,
        log_level="info" if flags.verbose else "warning",
        timeout_graceful_shutdown=1,
    )
    sys.stdout.write(f"Sandbox: http://{flags.host}:{listener.getsockname()[1]}/v1\n")
    sys.stdout.flush()
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        store.close()


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


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A local fine-tuning API that really trains a tiny model.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="the folder for everything")
    parser.add_argument(
        "--pace",
        type=float,
        default=DEMO_PACE,
        help="training steps per second and job; 0 is as fast as it goes (default: %(default)s)",
    )
    parser.add_argument("--slots", type=int, default=2, help="jobs that train at once (default: 2)")
    parser.add_argument("--demo", action="store_true", help="fill an empty folder with three jobs")
    parser.add_argument(
        "--strict-admin",
        action="store_true",
        help="only keys that begin with sk-admin may look at checkpoint permissions",
    )
    parser.add_argument("--verbose", action="store_true", help="log every request")
    parser.add_argument(
        "--quirks",
        nargs="*",
        type=Quirk,
        default=[],
        metavar="QUIRK",
        help=f"answer as the live service does: {', '.join(Quirk)}",
    )
    flags = parser.parse_args()
    if flags.pace < 0 or flags.slots < 1:
        parser.error("--pace must be at least 0 and --slots at least 1")
    return flags


if __name__ == "__main__":
    main()
