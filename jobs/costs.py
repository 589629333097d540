"""What an order will cost, as far as that can be known: the price table, the file, the epochs."""

from decimal import Decimal
from typing import NamedTuple

from jobs.datasets.cost import Estimate, by_the_hour, estimate
from jobs.models import Job, Order, Price


class Length(NamedTuple):
    """Of a training file: tokens of one epoch; its examples, or else how many epochs a job made of it
    that left the number to the service; and who says so.
    """

    tokens: int
    examples: int
    epochs: int | None
    source: str


class Cost(NamedTuple):
    """`estimate` is None where something is missing, which `missing` says in words."""

    price: Price | None
    length: Length | None
    estimate: Estimate | None
    missing: str = ""


def of_order(order: Order) -> Cost:
    price = Price.objects.for_model(order.base_model, order.method)
    length = length_of(order)
    if price is None:
        missing = "The price table has no price for this model and method."
        return Cost(None, length, None, missing)
    if price.per_hour is not None:
        return Cost(price, length, by_the_hour(price.per_hour))
    if length is None:
        return Cost(price, None, None, "Tuneboard has not read this training file.")
    asked = order.hyperparameters.get("n_epochs")
    epochs = asked if isinstance(asked, int) else length.epochs or "auto"
    per_million = price.per_million or Decimal(0)
    return Cost(
        price, length, estimate(length.tokens, epochs, per_million, examples=length.examples)
    )


def length_of(order: Order) -> Length | None:
    upload = order.training_upload
    if upload and upload.is_checked and upload.report:
        tokens = upload.report["tokens"]
        return Length(tokens["charged"], upload.report["examples"], None, tokens["basis"])
    return length_of_before(order)


def length_of_before(order: Order) -> Length | None:
    """What an earlier job was charged for the same file, by the epoch."""
    same = Job.objects.filter(account=order.account_id, training_file=order.training_file)
    known = same.exclude(training_file="").filter(trained_tokens__gt=0)
    for job in known.order_by("-created_at")[:5]:
        if job.n_epochs and job.trained_tokens:
            tokens = round(job.trained_tokens / job.n_epochs)
            return Length(
                tokens, 0, job.n_epochs, f"as {job} was charged, in {job.n_epochs} epochs"
            )
    return None
