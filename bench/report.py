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
for all: 10,000 jobs with ten parameters and ten tags, one of them with 10,000 steps of four metrics. MLflow
keeps it in its default SQLite store and runs with its default four workers; ours runs as `make run`
starts it, on SQLite, signed in. Searches are measured with 100,000 jobs as well, the sandbox
with 10,000 jobs and a million events.
"""

DECISIONS = """\
## What figures decided

CPU of one request inside the process unless said otherwise; before and after on the same machine, one after
the other.

- **Serving**: one uvicorn process, Django's WSGI application in eight threads. The bridge between them is
  ours (`dashboard/bridge.py`): an empty page takes 0.16 ms through it and 0.36 ms through a2wsgi, with
  sixteen clients 0.95 ms and 4.3 ms.
- **An unchanged page** is told by one query that reads session, user and version together
  (`jobs/models/standing.py`), before any other work: 0.69 ms became 0.09 ms.
- **Who is asking** is read by two plain queries (`dashboard/sessions.py`), nothing is kept: 0.54 ms of the
  smallest page became 0.23 ms.
- **Rows** are kept rendered per job and revision, whole lists per version (`jobs/views/rows.py`): a page of
  fifty rows took 3.4 ms with kept rows alone, and 0.82 ms once its list was kept for whoever reads it next.
  That is what the table shows; the first reader after a change pays about 2 ms more, and 1 ms a changed row.
- **A search** looks for its page among the nearest two hundred rows first (`jobs/models/finding.py`): at
  100,000 jobs a word that all have took 10.8 ms and takes 2.1, a hyperparameter that a third has 11.2 and
  4.3; what few jobs have takes 1 ms more.
- **Counts** of what a search finds follow the page where there are more than 5,000 jobs and a script asks
  (`jobs/views/counts.py`): at 100,000 jobs they take 8 ms without a search and up to 35 with one.
- **Words for times** are made by the browser without a date format where only ages are told: the first format
  of a page takes a browser that just started 12 to 25 ms.
- **Many jobs are read at once** (`jobs/sync/readings.py`): 0.6 ended jobs a second became 7.9 where each
  answer takes 0.3 s.
- **Metrics** are packed in chunks (`jobs/models/series.py`) and read in plain SQL: the points of two curves
  of 10,000 steps took 1.5 ms through the ORM and take 0.9 ms, as octets that the browser uses as they are.
- **Dots** on a curve are an element each: twenty thousand of them took Chromium 1.3 s, so only sparse curves
  have them.
- **Pages are compressed**, points are not: the list is 15 to 25 kB on the wire instead of 85.
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
    PAGE.write_text(f"{INTRODUCTION}\n{found.text()}\n\n{DECISIONS}")
    return PAGE
