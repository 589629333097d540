"""What an order will cost, and what a job has cost up to now, as far as that can be known: the price
table, the file, the epochs, the steps.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from jobs.datasets.cost import MILLION, TIMES, Estimate, by_the_hour, dollars, estimate
from jobs.models import Job, Order, Price, Upload

UNPRICED = "The price table has no price for this model and method."
UNCHOSEN = "It depends on the model, which is not chosen yet."
UNREAD = "Tuneboard has not read this training file."
UNTOLD = "The service tells neither its steps nor its tokens yet."
BEFORE_TRAINING = frozenset({Job.State.VALIDATING, Job.State.QUEUED})
HOUR = timedelta(hours=1)


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


class Bill(NamedTuple):
    """What was spent on a job and what the rest of it would take; None where that cannot be known,
    which `missing` says in words. `tokens` are those that were trained, exact where the service told.
    """

    price: Price | None = None
    tokens: int | None = None
    so_far: Decimal | None = None
    rest: Decimal | None = None
    is_exact: bool = False
    formula: str = ""
    missing: str = ""


def of_order(order: Order) -> Cost:
    price = Price.objects.for_model(order.base_model, order.method)
    length = length_of(order)
    if price is None:
        return Cost(None, length, None, UNPRICED if order.base_model else UNCHOSEN)
    if price.per_hour is not None:
        return Cost(price, None, by_the_hour(price.per_hour))  # whatever its tokens
    if length is None:
        return Cost(price, None, None, UNREAD)
    asked = order.hyperparameters.get("n_epochs")
    epochs = asked if isinstance(asked, int) else length.epochs or "auto"
    per_million = price.per_million or Decimal(0)
    return Cost(
        price, length, estimate(length.tokens, epochs, per_million, examples=length.examples)
    )


def length_of(order: Order) -> Length | None:
    """As it was counted here."""
    if order.training_upload:
        return length_counted(order.training_upload)
    return length_of_file(order.account_id, order.training_file)


def length_of_file(account: int, training_file: str) -> Length | None:
    """Of a file of the service: as it was charged there, else as it was counted when it came by us."""
    charged = length_of_before(account, training_file)
    known = None if charged else Upload.objects.known_as(training_file, account)
    return length_counted(known) if known else charged


def length_counted(upload: Upload) -> Length | None:
    if not (upload.is_checked and upload.report):
        return None
    tokens = upload.report["tokens"]
    return Length(tokens["charged"], upload.report["examples"], None, tokens["basis"])


def length_of_before(account: int, training_file: str) -> Length | None:
    """What an earlier job was charged for the same file, by the epoch; one that was stopped, for a part."""
    ended_well = Job.objects.filter(state=Job.State.SUCCEEDED)
    same = ended_well.filter(account=account, training_file=training_file)
    known = same.exclude(training_file="").filter(trained_tokens__gt=0)
    for job in known.order_by("-created_at")[:5]:
        if job.n_epochs and job.trained_tokens:
            tokens = round(job.trained_tokens / job.n_epochs)
            return Length(
                tokens, 0, job.n_epochs, f"as {job} was charged, in {job.n_epochs} epochs"
            )
    return None


def of_job(job: Job) -> Bill:
    return of_jobs([job])[job.pk]


def of_jobs(jobs: Sequence[Job]) -> dict[int, Bill]:
    """By job. Of many jobs the files are mostly few: each is looked up once."""
    prices = Price.objects.all()
    orders = Order.objects.for_list().for_jobs(jobs)
    once = cache(length_of_file)
    bills = {}
    for job in jobs:
        upload = orders[job.pk].training_upload if job.pk in orders else None
        length = length_counted(upload) if upload else once(job.account_id, job.training_file)
        price = prices.for_model(job.base_model, job.method or "supervised")
        bills[job.pk] = bill(job, price, length)
    return bills


def bill(job: Job, price: Price | None, length: Length | None) -> Bill:
    if job.started_at is None and not job.step and job.state in BEFORE_TRAINING:
        return Bill(price, 0, Decimal(0), is_exact=True, formula="Nothing was trained yet.")
    if price is not None and price.per_hour is not None:
        return by_time(job, price, price.per_hour)
    whole = tokens_of(job, length)
    share = share_of(job)
    tokens = job.trained_tokens or (round(whole * share) if whole and share is not None else None)
    if price is None or tokens is None:
        return Bill(price, tokens, is_exact=bool(job.trained_tokens), missing=lacking(price, whole))
    rate = (price.per_million or Decimal(0)) / MILLION
    return Bill(
        price,
        tokens,
        tokens * rate,
        max(whole - tokens, 0) * rate if whole else None,
        is_exact=bool(job.trained_tokens),
        formula=f"{tokens:,} tokens {TIMES} {dollars(rate * MILLION)} per million",
    )


def by_time(job: Job, price: Price, per_hour: Decimal) -> Bill:
    """For what is charged by the hour. A job's clock counts its pauses: it may have cost less."""
    if job.duration is None:
        return Bill(price, missing="It is not known when it began.")
    hours = Decimal(job.duration / HOUR)
    left = (job.total_steps or 0) - (job.step or 0)
    pace = job.seconds_per_step
    known = pace is not None and job.total_steps is not None
    rest = Decimal(max(left, 0) * (pace or 0) / HOUR.total_seconds()) * per_hour
    return Bill(
        price,
        job.trained_tokens,
        hours * per_hour,
        rest if known else None,
        formula=f"{hours:.2f} hours since it began, with pauses, {TIMES} {dollars(per_hour)} per hour",
    )


def tokens_of(job: Job, length: Length | None) -> int | None:
    """Of the whole training: by what the service has told of its part, else by the file."""
    share = share_of(job)
    if job.trained_tokens and share:
        return round(job.trained_tokens / share)
    epochs = job.n_epochs or (length.epochs if length else None)
    return length.tokens * epochs if length and epochs else None


def share_of(job: Job) -> float | None:
    """How much of its steps it has made."""
    if job.total_steps and job.step is not None:
        return min(1.0, job.step / job.total_steps)
    return 1.0 if job.state == Job.State.SUCCEEDED else None


def lacking(price: Price | None, whole: int | None) -> str:
    if price is None:
        return UNPRICED
    return UNTOLD if whole else UNREAD
