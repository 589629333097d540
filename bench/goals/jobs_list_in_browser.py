"""Goal 2: the jobs list in Chromium with an empty cache, until its last row is painted.

Both sides are done when fifty rows are there (MLflow goes on and draws a hundred). The trivial page of the
same server says what of our time is the browser's.
"""

from fractions import Fraction

from bench.arena import ROUNDS, Arena
from bench.browser import Visit, visit
from bench.goals.jobs_list import ROWS
from bench.table import Finding, against, within

NUMBERS = (2,)
OUR_ROWS = f"document.querySelectorAll('tr[data-job]').length >= {ROWS}"
THEIR_ROWS = f"document.querySelectorAll('a[href*=\"/runs/\"]').length >= {ROWS}"
LOADED = "document.readyState === 'complete'"
SHOWN = "list page in Chromium, cold"


def measure(arena: Arena) -> list[Finding]:
    ours, browser, _ = arena.ours, arena.chromium, arena.our_tree
    visit(browser, f"{ours.url}/healthz", LOADED)  # the first page of all pays for the browser
    lists: list[Visit] = []
    trivial: list[Visit] = []
    theirs: list[Visit] = []
    for _ in range(ROUNDS):
        lists.append(visit(browser, f"{ours.url}/", OUR_ROWS, ours.cookies))
        trivial.append(visit(browser, f"{ours.url}/healthz", LOADED))
        if arena.mlflow and arena.mlflow_tree:
            theirs.append(visit(browser, arena.mlflow.list_page, THEIR_ROWS))
    ms = [each.ms for each in lists]
    return [
        against("MLflow", Fraction(1, 15), 2, SHOWN, "ms", ms, [each.ms for each in theirs]),
        against("/healthz", Fraction(5, 2), 2, SHOWN, "ms", ms, [each.ms for each in trivial]),
        within(60, 2, f"{SHOWN}: bytes", "kB", [each.bytes / 1000 for each in lists]),
        within(6, 2, f"{SHOWN}: requests", "requests", [each.requests for each in lists]),
        within(0, 2, f"{SHOWN}: long tasks", "tasks", [each.long_tasks for each in lists]),
    ]
