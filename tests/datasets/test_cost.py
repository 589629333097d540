from decimal import Decimal

import pytest

from jobs.datasets.cost import auto_epochs, by_the_hour, estimate

TIMES = "\N{MULTIPLICATION SIGN}"


def test_an_estimate_shows_its_formula():
    reckoned = estimate(1_234_567, 3, Decimal(25))

    assert reckoned.formula == (
        f"1,234,567 tokens {TIMES} 3 epochs {TIMES} $25.00 per million = $92.59"
    )
    assert reckoned.amount == Decimal("92.592525")
    assert reckoned.note == ""


@pytest.mark.parametrize(
    ("examples", "epochs"),
    [(0, 3), (1, 25), (4, 25), (10, 10), (33, 3), (34, 3), (8333, 3), (8334, 2), (12_501, 1)],
)
def test_auto_epochs_follow_the_cookbook(examples, epochs):
    assert auto_epochs(examples) == epochs


def test_a_guess_is_said_to_be_one():
    reckoned = estimate(1000, "auto", Decimal(3), examples=20)

    assert reckoned.epochs == 5
    assert reckoned.note.startswith("auto is taken to be 5 epochs for 20 example(s)")
    assert reckoned.note.endswith("the service decides.")


@pytest.mark.parametrize(
    ("tokens", "price", "shown"),
    [
        (1000, "3", "$0.0030"),
        (1_000_000, "0.5", "$0.50"),
        (10_000, "1", "$0.01"),
        (0, "25", "$0.00"),
        (5_000_000_000, "25", "$125,000.00"),
    ],
)
def test_small_amounts_are_not_rounded_away(tokens, price, shown):
    formula = estimate(tokens, 1, Decimal(price)).formula

    assert formula.endswith(f"1 epoch {TIMES} ${Decimal(price):.2f} per million = {shown}")


def test_what_is_charged_by_the_hour_has_no_amount():
    reckoned = by_the_hour(Decimal(100))

    assert reckoned.amount is None
    assert reckoned.formula.endswith("$100.00 per hour")
    assert "depends on" in reckoned.note
