"""Goal 14: what a page of the sandbox costs among 10,000 jobs and a million events.

It serves from one thread, so that its CPU a page says how many pages a second a core serves: a
thousand are 1 ms each. The load set is made once, in build/load.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import psutil

from bench.arena import ROUNDS, SETTLED, Arena, cost
from bench.load import Ask
from bench.ours import ROOT, free_port
from bench.processes import Tree
from bench.table import Finding, within

NUMBERS = (14,)
FOLDER = ROOT / "build" / "load"
READY = FOLDER / "ready"
JOBS, EVENTS = 10_000, 1_000_000
KEY = {"Authorization": "Bearer sk-bench"}
PAGES, CLIENTS = 1_000, 4
MOST = 1.0


def measure(arena: Arena) -> list[Finding]:
    prepare()
    port = free_port()
    base = f"http://127.0.0.1:{port}/v1/"
    with serve(port) as tree:
        tree.until_answered(f"{base}models", KEY)
        time.sleep(SETTLED)
        return [
            within(MOST, 14, f"sandbox: {words}, CPU a page", "ms", spent(tree, base + path))
            for words, path in pages(base)
        ]


def spent(tree: Tree, url: str) -> list[float]:
    ask = Ask(url, KEY)
    return [cost(tree, ask, PAGES, CLIENTS).cpu for _ in range(ROUNDS)]


def pages(base: str) -> Iterator[tuple[str, str]]:
    """What is asked for, in words and as a path: the newest, what lies deep, a search."""
    jobs = "fine_tuning/jobs"
    with httpx.Client(base_url=base, headers=KEY) as client:
        page = client.get(jobs, params={"limit": 100}).json()["data"]
        for _ in range(50):
            after = {"limit": 100, "after": page[-1]["id"]}
            page = client.get(jobs, params=after).json()["data"]
        events = next(path for path in map(events_of, page) if client.get(path).json()["has_more"])
    yield "20 jobs", jobs
    yield "100 jobs", f"{jobs}?limit=100"
    yield "20 jobs behind 5,100", f"{jobs}?after={page[-1]['id']}"
    yield "20 jobs of a team", f"{jobs}?{quote('metadata[team]')}=legal"
    yield "20 events", events.replace("limit=100", "limit=20")
    yield "100 events", events


def events_of(job: dict[str, str]) -> str:
    return f"fine_tuning/jobs/{job['id']}/events?limit=100"


def prepare() -> None:
    if READY.exists():
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    asked = ["--data", str(FOLDER), "--jobs", str(JOBS), "--events", str(EVENTS)]
    subprocess.run([sys.executable, "-m", "sandbox.seed", *asked], cwd=ROOT, check=True)
    READY.touch()


def serve(port: int, folder: Path = FOLDER) -> Tree:
    """It has jobs that would train; at this pace they do not."""
    asked = ["--port", str(port), "--data", str(folder), "--pace", "0.001", "--slots", "1"]
    return Tree(
        [sys.executable, "-m", "sandbox", *asked],
        folder=ROOT,
        log=ROOT / "build" / "load.log",
        serves=is_server,
    )


def is_server(process: psutil.Process) -> bool:
    return "sandbox.trainer" not in process.cmdline()
