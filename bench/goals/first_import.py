"""Goal 7: how soon the past of a new account is here, beside a loop that only fetches and stores its events.

The loop is what nobody can do without: one request after the other through httpx, JSON, `executemany` into
a table with the indexes of ours, eight pages a transaction. Ours also keeps curves, checkpoints, result
files and what lists are searched by, all of it safe from a kill. Ten thousand jobs with a million events
on loopback; then as much of them as a minute brings where every answer takes 0.1 s.
"""

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import httpx

from bench.arena import Arena
from bench.goals.sandbox import KEY, prepare, serve
from bench.ours import Ours, free_port
from bench.table import Finding, against

NUMBERS = (7,)
WHOLE, A_MINUTE = 3600.0, 60.0  # seconds at most
FAR = {"faults": [{"name": "latency", "value": 0.1}]}
AT_ONCE = 8

TABLE = """
CREATE TABLE event (id INTEGER PRIMARY KEY, job TEXT, upstream_id TEXT, created_at INTEGER, level TEXT,
                    type TEXT, message TEXT, payload TEXT);
CREATE UNIQUE INDEX event_once ON event (job, upstream_id);
CREATE INDEX event_in_order ON event (job, created_at, id);
PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
"""
ADD = """INSERT INTO event (job, upstream_id, created_at, level, type, message, payload)
         VALUES (?, ?, ?, ?, ?, ?, ?)"""


def measure(arena: Arena) -> list[Finding]:
    prepare()
    port = free_port()
    url = f"http://127.0.0.1:{port}/v1"
    with serve(port) as tree:
        tree.until_answered(f"{url}/models", KEY)
        near = ours(url, WHOLE), bare(url, WHOLE)
        httpx.put(f"http://127.0.0.1:{port}/_sandbox/faults", json=FAR).raise_for_status()
        far = ours(url, A_MINUTE), bare(url, A_MINUTE)
    words = "first import, 1,000 events"
    return [
        against("a bare loop", Fraction(2), 7, words, "ms", [near[0]], [near[1]]),
        against("a bare loop", Fraction(1, 4), 7, f"{words}, 0.1 s away", "ms", [far[0]], [far[1]]),
    ]


def ours(url: str, most: float) -> float:
    """Milliseconds for a thousand events."""
    folder = Path(tempfile.mkdtemp(prefix="tuneboard-bench-"))
    try:
        Ours.manage(folder, "manage.py", "migrate", "--verbosity", "0")
        done = json.loads(Ours.manage(folder, "-m", "bench.listening", url, str(most)))
    finally:
        shutil.rmtree(folder)
    return 1e6 * float(done["seconds"] / done["events"])


def bare(url: str, most: float) -> float:
    folder = Path(tempfile.mkdtemp(prefix="tuneboard-bench-"))
    try:
        database = sqlite3.connect(folder / "bare.sqlite3")
        database.executescript(TABLE)
        began, count = time.monotonic(), 0
        with httpx.Client(base_url=url, headers=KEY) as client:
            pages = events(client)
            while time.monotonic() - began < most and (some := list(islice(pages, AT_ONCE))):
                for page in some:
                    database.executemany(ADD, page)
                    count += len(page)
                database.commit()
        return 1e6 * (time.monotonic() - began) / count
    finally:
        shutil.rmtree(folder)


def events(client: httpx.Client) -> Iterator[list[tuple[Any, ...]]]:
    """The events of all jobs as rows, page by page."""
    for jobs in pages(client, "/fine_tuning/jobs"):
        for job in jobs:
            for page in pages(client, f"/fine_tuning/jobs/{job['id']}/events"):
                yield [
                    (
                        job["id"],
                        event["id"],
                        event["created_at"],
                        event["level"],
                        event["type"],
                        event["message"],
                        json.dumps(event["data"]),
                    )
                    for event in page
                ]


def pages(client: httpx.Client, path: str) -> Iterator[list[dict[str, Any]]]:
    after: dict[str, str] = {}
    while True:
        body = client.get(path, params={"limit": "100", **after}).raise_for_status().json()
        yield body["data"]
        if not body["has_more"]:
            return
        after = {"after": body["data"][-1]["id"]}
