"""A run as people read it: on the console, kept in bench/results/, and as docs/performance.md."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bench import machine, peers
from bench.ours import ROOT

RESULTS = ROOT / "bench" / "results"
PAGE = ROOT / "docs" / "performance.md"

INTRODUCTION = """\
# Performance

How fast Tuneboard is, measured beside programs that people know. `make bench` measures it again in
some minutes, once `make bench-peers` has installed them, and `.venv/bin/python -m bench --docs` writes
this page.

Absolute times say little: machines differ, and change from hour to hour. So each goal is a ratio, both
sides are measured in turns in one run, and each figure is the median of five rounds. The work is the same
for all: 10,000 jobs with ten parameters and tags, one of them with 10,000 steps of four metrics. MLflow
keeps it in its default SQLite store and runs with its default four workers; ours runs as `make run`
starts it, on SQLite, signed in.
"""


class Report(NamedTuple):
    table: str
    load_before: str
    load_after: str

    def text(self) -> str:
        beside = f"Beside {', '.join(peers.versions())}. " if peers.are_ready() else ""
        return (
            f"{self.table}\n\n{beside}Machine: {machine.described()}."
            f" Load average before: {self.load_before}, after: {self.load_after}."
        )


def keep(found: Report) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}.md"
    path.write_text(found.text() + "\n")
    return path


def publish(found: Report) -> Path:
    PAGE.write_text(f"{INTRODUCTION}\n{found.text()}\n")
    return PAGE
