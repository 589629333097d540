"""By what a job is known as an order's where the service keeps no mark of ours."""

import pytest

from jobs.orders import search


@pytest.mark.parametrize(
    ("told", "is_it"),
    [
        ("gpt-4o", True),
        ("gpt-4o-2024-08-06", True),
        ("gpt-4o-mini", False),
        ("gpt-4o-mini-2024-07-18", False),
        ("gpt-4", False),
    ],
)
def test_a_model_is_known_by_its_dated_name(told: str, is_it: bool):
    assert search.is_model(told, "gpt-4o") == is_it
