"""The command line of `python -m sandbox`."""

import argparse
from pathlib import Path

import msgspec

from sandbox import gate, webhooks
from sandbox.dialects import SERVICES
from sandbox.faults import Fault, Trouble, parsed
from sandbox.quirks import Quirk

DEMO_PACE = 2.0


def read_flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A local fine-tuning API that really trains a tiny model.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--allow-host",
        nargs="+",
        type=_host,
        default=[],
        metavar="NAME",
        help="what else the sandbox may be called by; else localhost, 127.0.0.1, ::1 and --host",
    )
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="the folder for everything")
    parser.add_argument(
        "--pace",
        type=float,
        default=DEMO_PACE,
        help="training steps per second and job; 0 is as fast as it goes (default: %(default)s)",
    )
    parser.add_argument("--slots", type=int, default=2, help="jobs that train at once (default: 2)")
    parser.add_argument("--demo", action="store_true", help="fill an empty folder with four jobs")
    parser.add_argument("--verbose", action="store_true", help="log every request")
    _add_strictness(parser)
    _add_pretences(parser)
    _add_webhook(parser)
    flags = parser.parse_args()
    if flags.pace < 0 or flags.slots < 1:
        parser.error("--pace must be at least 0 and --slots at least 1")
    if flags.requests_per_minute < 0 or flags.jobs_per_day < 0 or flags.fault_seed < 0:
        parser.error("limits and seeds must be at least 0")
    if (flags.webhook is None) != (flags.webhook_secret is None) or flags.webhook_patience <= 0:
        parser.error("--webhook and --webhook-secret need each other, and patience is more than 0")
    return flags


def _add_strictness(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--strict-admin",
        action="store_true",
        help="only keys that begin with sk-admin may look at checkpoint permissions",
    )
    parser.add_argument(
        "--requests-per-minute",
        type=int,
        default=0,
        metavar="N",
        help="answer 429 to a key that asks more often (default: no limit)",
    )
    parser.add_argument(
        "--jobs-per-day",
        type=int,
        default=0,
        metavar="N",
        help="answer 429 to more new jobs of one base model (default: no limit)",
    )


def _add_webhook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--webhook",
        type=_address,
        metavar="URL",
        help="where to tell of every job's end; needs --webhook-secret",
    )
    parser.add_argument(
        "--webhook-secret",
        type=_secret,
        metavar="SECRET",
        help="what webhooks to this URL are signed with: whsec_ and base64, or any text",
    )
    parser.add_argument(
        "--webhook-patience",
        type=float,
        default=5.0,
        metavar="S",
        help="seconds until a webhook is tried again, each time twice as long (default: 5)",
    )


def _add_pretences(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dialect",
        choices=SERVICES,
        default="openai",
        help="the service to pretend to be (default: %(default)s)",
    )
    parser.add_argument(
        "--quirks",
        nargs="*",
        type=Quirk,
        default=[],
        metavar="QUIRK",
        help=f"answer as the live service does: {', '.join(Quirk)}",
    )
    parser.add_argument(
        "--fault",
        action="append",
        type=_fault,
        default=[],
        metavar="NAME[=VALUE]",
        help=f"let something go wrong, as /_sandbox/faults does: {', '.join(Trouble)}",
    )
    parser.add_argument(
        "--fault-seed",
        type=int,
        default=0,
        metavar="N",
        help="which requests a fault meets that meets only a share of them (default: 0)",
    )


def _host(text: str) -> str:
    if not gate.is_host(text):
        raise argparse.ArgumentTypeError(f"{text} is no name or address of a host, without a port")
    return text


def _address(text: str) -> str:
    if not webhooks.is_address(text):
        raise argparse.ArgumentTypeError(f"{text} is no http or https address")
    return text


def _secret(text: str) -> str:
    if not webhooks.is_secret(text):
        raise argparse.ArgumentTypeError("whsec_ must be followed by base64")
    return text


def _fault(text: str) -> Fault:
    try:
        return parsed(text)
    except (ValueError, msgspec.DecodeError) as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from error
