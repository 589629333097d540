from fractions import Fraction

import pytest

from bench.table import against, table, times, within

TENTH = Fraction(1, 10)


@pytest.mark.parametrize(("theirs", "is_met"), [(101, True), (100, True), (99, False)])
def test_a_goal_is_met_up_to_its_ratio(theirs: float, is_met: bool):
    assert against("MLflow", TENTH, 1, "list", "ms", [10], [theirs]).is_met is is_met


def test_one_slow_round_decides_nothing():
    finding = against("MLflow", TENTH, 1, "list", "ms", [1, 1, 1, 1, 900], [20, 20, 20, 20, 1])

    assert finding.ratio == 1 / 20


def test_without_its_peer_a_goal_is_neither_met_nor_missed():
    finding = against("MLflow", TENTH, 1, "list", "ms", [10], [])

    assert finding.is_met is None
    assert "not installed" in table([finding])


@pytest.mark.parametrize(("tasks", "is_met"), [(0, True), (1, False)])
def test_a_limit_of_none_is_a_limit(tasks: int, is_met: bool):
    assert within(0, 2, "long tasks", "tasks", [tasks]).is_met is is_met


def test_ratios_are_said_as_people_say_them():
    assert times(1 / 72) == "1/72"
    assert times(1.4) == "1.4 times"


def test_a_missed_goal_is_seen_at_a_glance():
    rows = table(
        [
            against("MLflow", TENTH, 1, "list", "ms", [2.5], [100]),
            against("MLflow", TENTH, 12, "start", "ms", [50], [100]),
        ]
    ).splitlines()

    assert rows[2].split(" | ")[-1].strip("| ") == "yes"
    assert rows[3].split(" | ")[-1].strip("| ") == "**no**"
    assert len({len(row) for row in rows}) == 1
