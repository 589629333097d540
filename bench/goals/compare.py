"""Goal 6: twenty jobs of 1,000 steps on one page in Chromium, cold, until all curves are painted; a hundred
beside twenty.

Ours draws two metrics of each job, with tables of results, checkpoints and recipes; MLflow draws one
metric, TensorBoard all four of the runs that it shows at first.
"""

from fractions import Fraction

from bench import work
from bench.arena import ROUNDS, Arena
from bench.browser import Visit, visit
from bench.peers import TensorBoard
from bench.table import Finding, against

NUMBERS = (6,)
FEW, MANY = len(work.COMPARED_BY_ALL), len(work.COMPARED)
CHARTS = 2  # of ours: one for losses, one for accuracies
LINES = "document.querySelectorAll('.scatterlayer .trace').length >= {}"
# Its cards draw on a canvas, or as SVG where there is no GPU; a card is done when its spinner has gone.
CARDS = (
    "[...document.querySelectorAll('card-view')].length > 1"
    " && document.querySelectorAll('line-chart').length > 1"
    " && !document.querySelector('card-view mat-spinner')"
)
SHOWN = f"{FEW} jobs of 1,000 steps compared, in Chromium, cold"


def measure(arena: Arena) -> list[Finding]:
    ours, browser, _ = arena.ours, arena.chromium, arena.our_tree
    mlflow, their_tree = arena.mlflow, arena.mlflow_tree
    board = boards(arena)
    few: list[Visit] = []
    many: list[Visit] = []
    theirs: list[Visit] = []
    boarded: list[Visit] = []
    for _ in range(ROUNDS):
        for visits, jobs in ((few, FEW), (many, MANY)):
            drawn = LINES.format(CHARTS * jobs)
            visits.append(visit(browser, ours.compare_page(jobs), drawn, ours.cookies))
        if mlflow and their_tree:
            theirs.append(visit(browser, mlflow.compare_page, LINES.format(FEW)))
        if board:
            boarded.append(visit(browser, board.url, CARDS))
    ms, many_ms = [each.ms for each in few], [each.ms for each in many]
    more = f"{MANY} jobs of 1,000 steps compared, cold"
    return [
        against("MLflow", Fraction(1, 5), 6, SHOWN, "ms", ms, [each.ms for each in theirs]),
        against("TensorBoard", Fraction(2, 5), 6, SHOWN, "ms", ms, [each.ms for each in boarded]),
        against(f"{FEW} jobs", Fraction(5, 2), 6, more, "ms", many_ms, ms),
    ]


def boards(arena: Arena) -> TensorBoard | None:
    """A TensorBoard of the compared runs alone."""
    if arena.tensorboard is None:
        return None
    board = TensorBoard("compared")
    arena.running.enter_context(board.start()).until_answered(board.url)
    return board
