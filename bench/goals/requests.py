"""Goal 9: how many requests an import costs, beside a loop that asks for each page once.

Counted by the sandbox: pages of the list and of events. Ours goes on listening to what lives meanwhile.
"""

import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import httpx

from bench.arena import Arena
from bench.goals.first_import import WHOLE, bare, ours
from bench.goals.sandbox import KEY, serve
from bench.ours import ROOT, free_port
from bench.table import Finding, against

NUMBERS = (9,)
JOBS, EVENTS = 1_000, 100_000
ROUTES = ("/fine_tuning/jobs", "/fine_tuning/jobs/{id}/events")
MOST = Fraction(21, 20)


def measure(arena: Arena) -> list[Finding]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="tuneboard-bench-") as name:
        folder = Path(name) / "sandbox"
        asked = ["--data", str(folder), "--jobs", str(JOBS), "--events", str(EVENTS)]
        subprocess.run([sys.executable, "-m", "sandbox.seed", *asked], cwd=ROOT, check=True)
        with serve(port, folder) as tree:
            tree.until_answered(f"http://127.0.0.1:{port}/v1/models", KEY)
            ours(f"http://127.0.0.1:{port}/v1", WHOLE)
            counted = requests(port)
            bare(f"http://127.0.0.1:{port}/v1", WHOLE)
            least = requests(port)
    words = "first import, pages of the list and of events"
    return [against("each page once", MOST, 9, words, "requests", [counted], [least])]


def requests(port: int) -> int:
    """How often the sandbox was asked for these pages since this was last wanted to know."""
    address = f"http://127.0.0.1:{port}/_sandbox/requests"
    counted = httpx.get(address).raise_for_status().json()["requests"]
    httpx.delete(address).raise_for_status()
    return sum(each["count"] for each in counted if each["route"].endswith(ROUTES))
