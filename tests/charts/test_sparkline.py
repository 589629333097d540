import pytest

from jobs import charts


def test_a_sparkline_falls_when_the_loss_falls():
    line = charts.sparkline([1 / (step + 1) for step in range(500)])

    heights = [float(point.split(",")[1]) for point in line.split()]
    assert heights == sorted(heights)
    assert len(heights) <= charts.SPARKLINE[2]


@pytest.mark.parametrize("values", [[], [0.5]])
def test_a_line_needs_two_points(values: list[float]):
    assert charts.sparkline(values) == ""


def test_a_flat_series_is_a_flat_line():
    assert charts.sparkline([0.5, 0.5]) == "0,1 96,1"


@pytest.mark.parametrize("most", [1, 100])
def test_a_loss_that_explodes_is_at_the_top_of_its_line(most: int):
    line = charts.sparkline([-1.7e308] * most + [0.5] * most + [1.7e308] * most)

    heights = [float(point.split(",")[1]) for point in line.split()]
    assert heights == sorted(heights, reverse=True)
    assert (heights[0], heights[-1]) == (23, 1)
