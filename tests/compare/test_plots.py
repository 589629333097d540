from collections.abc import Hashable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from jobs import plots

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers()


def test_numbers_lie_by_their_size():
    found = plots.axis([1, 2, 5])

    assert [tick.text for tick in found.ticks] == ["1", "2", "5"]
    assert found.places[1] < found.places[2] < found.places[5]
    assert (found.places[2] - found.places[1]) * 3 == pytest.approx(
        found.places[5] - found.places[2], abs=0.1
    )


def test_what_spans_magnitudes_lies_by_its_logarithm():
    found = plots.axis([0.01, 1, 100])

    assert found.is_log
    assert found.places[1] == 50


def test_words_lie_evenly():
    found = plots.axis(["low", "auto", 3])

    assert [tick.text for tick in found.ticks] == ["3", "auto", "low"]
    assert found.places["auto"] == 50


def test_what_was_measured_is_marked_by_round_numbers():
    found = plots.axis([0.4217, 0.8545, 1.032], is_measured=True)

    assert [tick.text for tick in found.ticks] == ["0.6", "0.8", "1"]


def test_ticks_that_lie_close_are_told_apart():
    found = plots.axis([0.81234, 0.81239, 0.81236], is_measured=True)
    steps = plots.axis([9999.5, 9999.9], is_measured=True)

    assert [tick.text for tick in found.ticks][:2] == ["0.81234", "0.81235"]
    assert [tick.text for tick in steps.ticks][:2] == ["9999.5", "9999.6"]


@pytest.mark.parametrize("values", [[1e308, -1e308], [10**400, 3], [5e-324, 0.0]])
def test_what_no_computer_reckons_with_breaks_no_axis(values: list[float]):
    found = plots.axis(values, is_measured=True)

    assert {5.0, 95.0} == {found.places[value] for value in values}


@given(st.lists(NUMBERS, min_size=1, max_size=40), st.booleans())
def test_all_numbers_lie_on_the_plot(values: list[float], is_measured: bool):
    found = plots.axis(values, is_measured=is_measured)

    assert all(0 <= at <= 100 for at in found.places.values())
    assert all(0 <= tick.at <= 100 for tick in found.ticks)


def test_a_scatter_has_a_dot_for_each_job_of_which_both_are_known():
    found = plots.scatter({1: 3, 2: 6, 3: 9}, {1: 0.5, 2: 0.7})

    places = {dot.key: (dot.x, dot.y) for dot in found.dots}
    assert places == {1: (5, 95), 2: (95, 5)}


def test_no_dot_hides_another():
    found = plots.scatter({1: 3, 2: 3, 3: 3}, {1: 0.5, 2: 0.5, 3: 0.5})

    assert len({(dot.x, dot.y) for dot in found.dots}) == 3


def test_a_line_goes_through_all_its_values_and_has_a_gap_where_one_lacks():
    columns: list[tuple[str, dict[Hashable, Any]]] = [
        ("a", {1: 1, 2: 2}),
        ("b", {1: 1}),
        ("c", {1: 5.0, 2: 6.0}),
    ]

    found = plots.parallel(columns)

    assert [upright.at for upright in found.axes] == [0, 50, 100]
    whole, gapped = found.lines
    assert [(x1, x2) for x1, _, x2, _ in whole.segments] == [(0, 50), (50, 100)]
    assert gapped.segments == []
