"""Goal 5: a job of 100,000 steps in Chromium, cold, beside our own job of 10,000 steps.

The longer lines are drawn in outline, so they should cost no more than the shorter ones, which are whole.
"""

import json
from fractions import Fraction

from bench.arena import ROUNDS, Arena
from bench.browser import visit
from bench.goals.chart import DRAWN, OURS, milliseconds
from bench.load import Ask
from bench.table import Finding, against

NUMBERS = (5,)
SHOWN = "four curves of 100,000 points in Chromium, cold"
PEER = "ours of 10,000"


def measure(arena: Arena) -> list[Finding]:
    ours, browser, tree = arena.ours, arena.chromium, arena.our_tree
    long = json.loads(ours.manage(ours.folder, "-m", "bench.seed_long"))["long"]
    page = f"{ours.url}/jobs/{long}"
    asks = [
        Ask(ask.url.replace(f"/jobs/{ours.charted}/", f"/jobs/{long}/"), ask.headers)
        for ask in ours.points()
    ]
    seen: dict[str, list[float]] = {"long": [], "short": []}
    read: dict[str, list[float]] = {"long": [], "short": []}
    for _ in range(ROUNDS):
        seen["long"].append(visit(browser, page, DRAWN, ours.cookies).ms)
        seen["short"].append(visit(browser, ours.chart_page, DRAWN, ours.cookies).ms)
        read["long"].append(milliseconds(tree, asks, OURS))
        read["short"].append(milliseconds(tree, ours.points(), OURS))
    return [
        against(PEER, Fraction(11, 10), 5, SHOWN, "ms", seen["long"], seen["short"]),
        against(PEER, Fraction(2), 5, "their points alone, p50", "ms", read["long"], read["short"]),
    ]
