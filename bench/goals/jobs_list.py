"""Goal 1: the jobs list as the server makes it: 10,000 jobs, fifty rows, signed in.

MLflow is asked for as many rows by the request that its own page sends. An unchanged page is what a
reader gets who comes back: a 304.
"""

from fractions import Fraction

from bench.arena import ROUNDS, Arena, Cost, cost
from bench.table import Finding, against

NUMBERS = (1,)
ROWS = 50
CLIENTS = 16
OURS, UNCHANGED, THEIRS = 400, 1000, 20  # requests a round of one client …
OUR_CROWD, THEIR_CROWD = 2000, 120  # … and of many


def measure(arena: Arena) -> list[Finding]:
    tree, peer, peer_tree = arena.our_tree, arena.mlflow, arena.mlflow_tree
    ask, ask_again = arena.ours.page(), arena.ours.unchanged_page()
    page: list[Cost] = []
    unchanged: list[Cost] = []
    crowd: list[Cost] = []
    theirs: list[Cost] = []
    their_crowd: list[Cost] = []
    for _ in range(ROUNDS):
        page.append(cost(tree, ask, OURS))
        unchanged.append(cost(tree, ask_again, UNCHANGED))
        crowd.append(cost(tree, ask, OUR_CROWD, CLIENTS))
        if peer and peer_tree:
            theirs.append(cost(peer_tree, peer.runs(ROWS), THEIRS))
            their_crowd.append(cost(peer_tree, peer.runs(ROWS), THEIR_CROWD, CLIENTS))

    def beside_mlflow(goal: int, work: str, ours: list[float], theirs: list[float]) -> Finding:
        return against("MLflow", Fraction(1, goal), 1, work, "ms", ours, theirs)

    p50, cpu = [each.p50 for each in theirs], [each.cpu for each in theirs]
    return [
        beside_mlflow(60, "list page, p50", [each.p50 for each in page], p50),
        beside_mlflow(75, "list page, CPU of the server", [each.cpu for each in page], cpu),
        beside_mlflow(250, "unchanged page (304), p50", [each.p50 for each in unchanged], p50),
        beside_mlflow(
            20,
            f"list page, p99 of {CLIENTS} clients",
            [each.p99 for each in crowd],
            [each.p99 for each in their_crowd],
        ),
    ]
