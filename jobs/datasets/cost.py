"""What training will cost, as far as that can be known before, and the formula in words.

Prices come from elsewhere. How many epochs "auto" becomes is the service's decision; the guess is
the rule that OpenAI's cookbook gives.
"""

from decimal import ROUND_HALF_UP, Decimal

import msgspec

TARGET_EPOCHS = 3
LEAST_SEEN, MOST_SEEN = 100, 25_000  # examples in all epochs together
MOST_EPOCHS = 25
MILLION = 1_000_000
TIMES = "\N{MULTIPLICATION SIGN}"


class Estimate(msgspec.Struct, frozen=True):
    amount: Decimal | None  # in dollars; None where it cannot be known
    formula: str
    note: str  # what is guessed, and what the amount depends on
    epochs: int | None = None


def estimate(tokens: int, n_epochs: int | str, price: Decimal, *, examples: int = 0) -> Estimate:
    """For supervised and dpo, which are charged by token; `examples` is for "auto"."""
    epochs = auto_epochs(examples) if isinstance(n_epochs, str) else n_epochs
    amount = tokens * epochs * price / MILLION
    unit = "epoch" if epochs == 1 else "epochs"
    return Estimate(
        amount=amount,
        formula=f"{tokens:,} tokens {TIMES} {epochs} {unit} {TIMES} {dollars(price)} per million"
        f" = {dollars(amount)}",
        note=f"auto is taken to be {epochs} {unit} for {examples:,} example(s), by the rule in"
        " OpenAI's cookbook; the service decides."
        if isinstance(n_epochs, str)
        else "",
        epochs=epochs,
    )


def by_the_hour(price: Decimal) -> Estimate:
    """For reinforcement, which is charged by time: a formula without an amount."""
    return Estimate(
        amount=None,
        formula=f"hours of training {TIMES} {dollars(price)} per hour",
        note="How long it trains depends on the number of examples and epochs, on"
        " compute_multiplier, on how much the model writes while it reasons, and on how often it is"
        " evaluated. Graders that are models are charged by their tokens besides.",
    )


def auto_epochs(examples: int) -> int:
    """Three, but more for few examples and fewer for many."""
    if examples < 1:
        return TARGET_EPOCHS
    if examples * TARGET_EPOCHS < LEAST_SEEN:
        return min(MOST_EPOCHS, LEAST_SEEN // examples)
    if examples * TARGET_EPOCHS > MOST_SEEN:
        return max(1, MOST_SEEN // examples)
    return TARGET_EPOCHS


def dollars(amount: Decimal) -> str:
    """Cents, and four digits where an amount is less than a dollar's tenth and not whole cents."""
    cents = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if 0 < amount < Decimal("0.1") and amount != cents:
        return f"${amount.quantize(Decimal('0.0001'), ROUND_HALF_UP)}"
    return f"${cents:,}"
