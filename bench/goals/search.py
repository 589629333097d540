"""Goal 3: filters, searches and orders of the jobs list, of 10,000 and of 100,000 jobs.

Before each search the list has changed, so that nothing but rendered rows is kept: the page is found,
and all that matches is counted, state by state. That is what the first who asks waits for. Who sorts a
list has just seen it: its counts are kept, and only its page is found.
"""

import time
from fractions import Fraction
from statistics import median

from bench.arena import ROUNDS, SETTLED, Arena
from bench.load import run
from bench.ours import Ours
from bench.table import Finding, against

NUMBERS = (3,)
MANY = 100_000
LOOKS = 5  # at each page in a round
ALL, SORTED = "all jobs", "sorted by"
PAGES = {
    ALL: "",
    "a word that few have": "?q=job-4711",
    "a word that all have": "?q=gpt",
    "one state": "?state=failed",
    "a metric, 1 in 10": "?q=valid_loss<0.6",
    "a hyperparameter, 1 in 3": "?q=hp.n_epochs<32",
    "metadata, 1 in 41": "?q=meta.team:%22team+7%22",
    f"{SORTED} best loss": "?sort=-loss",
    f"{SORTED} a hyperparameter": "?sort=-hp.n_epochs",
}
Times = dict[str, list[float]]


def measure(arena: Arena) -> list[Finding]:
    some = looked(arena.ours, arena)
    crowd = Ours.prepare(MANY)
    arena.running.callback(crowd.remove)
    many = looked(crowd, arena)
    return [finding for name in PAGES for finding in findings(name, some, many)]


def looked(ours: Ours, arena: Arena) -> Times:
    """How long each page takes, round by round."""
    if ours is arena.ours:
        _ = arena.our_tree
    else:
        tree = arena.running.enter_context(ours.start())
        tree.until_answered(ours.url, ours.cookie)
        time.sleep(SETTLED)
    asks = {name: ours.page(query) for name, query in PAGES.items()}
    times: Times = {name: [] for name in PAGES}
    for number in range(ROUNDS + 1):
        for name, ask in asks.items():
            took = []
            for _ in range(LOOKS):
                ours.change()
                if name.startswith(SORTED):
                    run(asks[ALL], 1, 1)
                took += run(ask, 1, 1)[0]
            if number:  # the first round renders the rows
                times[name].append(1000 * median(took))
    return times


def findings(name: str, some: Times, many: Times) -> list[Finding]:
    grown = against(
        "10,000", Fraction(13, 10), 3, f"100,000 jobs: {name}", "ms", many[name], some[name]
    )
    if name == ALL:
        return [grown]
    half_more = Fraction(3, 2)
    return [
        against("all jobs", half_more, 3, f"10,000 jobs: {name}", "ms", some[name], some[ALL]),
        against("all jobs", half_more, 3, f"100,000 jobs: {name}", "ms", many[name], many[ALL]),
        grown,
    ]
