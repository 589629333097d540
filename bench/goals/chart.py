"""Goal 4: a job of 10,000 steps and four metrics in Chromium, cold, until its curves are painted.

Ours draws every point, two metrics on each of two charts; MLflow draws four charts of 320 samples.
"""

from fractions import Fraction

from bench import work
from bench.arena import ROUNDS, Arena, Cost, cost
from bench.browser import Visit, visit
from bench.load import Ask
from bench.processes import Tree
from bench.table import Finding, against

NUMBERS = (4,)
DRAWN = f"document.querySelectorAll('.scatterlayer .trace .js-line').length >= {len(work.METRICS)}"
OURS, THEIRS = 200, 20  # data requests a round
SHOWN = "four curves of 10,000 points in Chromium, cold"


def measure(arena: Arena) -> list[Finding]:
    ours, browser, tree = arena.ours, arena.chromium, arena.our_tree
    mlflow, their_tree = arena.mlflow, arena.mlflow_tree
    visits: list[Visit] = []
    their_visits: list[Visit] = []
    points: list[float] = []
    their_points: list[float] = []
    for _ in range(ROUNDS):
        visits.append(visit(browser, ours.chart_page, DRAWN, ours.cookies))
        points.append(milliseconds(tree, ours.points(), OURS))
        if mlflow and their_tree:
            their_visits.append(visit(browser, mlflow.chart_page, DRAWN))
            their_points.append(milliseconds(their_tree, mlflow.points(), THEIRS))
    ms, their_ms = [each.ms for each in visits], [each.ms for each in their_visits]
    kb, their_kb = (
        [each.bytes / 1000 for each in visits],
        [each.bytes / 1000 for each in their_visits],
    )
    return [
        against("MLflow", Fraction(1, 4), 4, SHOWN, "ms", ms, their_ms),
        against("MLflow", Fraction(1, 20), 4, f"{SHOWN}: bytes", "kB", kb, their_kb),
        against("MLflow", Fraction(1, 80), 4, "the points alone, p50", "ms", points, their_points),
    ]


def milliseconds(tree: Tree, asks: list[Ask], requests: int) -> float:
    """What it takes to fetch the points of all four metrics, one request after the other."""
    costs: list[Cost] = [cost(tree, ask, requests) for ask in asks]
    return sum(each.p50 for each in costs)
