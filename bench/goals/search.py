"""Goal 3: filters, searches and orders of the jobs list, of 10,000 and of 100,000 jobs.

As the search box asks, by a script. Before each search the list has changed, so that nothing but rendered
rows is kept: the page is found anew, and how many jobs it finds in each state is asked after it. Those
counts have a limit of their own: what people take for at once.
"""

import time
from fractions import Fraction
from statistics import median

from bench.arena import ROUNDS, SETTLED, Arena
from bench.load import run
from bench.ours import Ours
from bench.table import Finding, against, within

NUMBERS = (3,)
MANY = 100_000
LOOKS = 5  # at each page in a round
AT_ONCE = 100  # ms
ALL = "all jobs"
PAGES = {
    ALL: "",
    "a word that few have": "?q=job-4711",
    "a word that all have": "?q=gpt",
    "one state": "?state=failed",
    "a metric, 1 in 10": "?q=valid_loss<0.6",
    "a hyperparameter, 1 in 3": "?q=hp.n_epochs<32",
    "metadata, 1 in 41": "?q=meta.team:%22team+7%22",
    "sorted by best loss": "?sort=-loss",
    "sorted by a hyperparameter": "?sort=-hp.n_epochs",
}
SEARCHES = [name for name, query in PAGES.items() if query.startswith("?q=")]
Times = dict[str, list[float]]


def measure(arena: Arena) -> list[Finding]:
    some = looked(arena.ours, arena)
    crowd = Ours.prepare(MANY)
    arena.running.callback(crowd.remove)
    many = looked(crowd, arena)
    told = [finding for name in PAGES for finding in findings(name, some, many)]
    return told + [
        within(AT_ONCE, 3, f"100,000 jobs: the counts of {name}", "ms", many[counts_of(name)])
        for name in SEARCHES
    ]


def looked(ours: Ours, arena: Arena) -> Times:
    """How long each page takes, round by round."""
    if ours is arena.ours:
        _ = arena.our_tree
    else:
        tree = arena.running.enter_context(ours.start())
        tree.until_answered(ours.url, ours.cookie)
        time.sleep(SETTLED)
    asks = {name: ours.page(query, by_script=True) for name, query in PAGES.items()}
    for name in SEARCHES:
        asks[counts_of(name)] = ours.page(f"jobs/counts{PAGES[name]}", by_script=True)
    times: Times = {name: [] for name in asks}
    for number in range(ROUNDS + 1):
        for name, ask in asks.items():
            took = []
            for _ in range(LOOKS):
                ours.change()
                took += run(ask, 1, 1)[0]
            if number:  # the first round renders the rows
                times[name].append(1000 * median(took))
    return times


def counts_of(name: str) -> str:
    return f"counts of {name}"


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
