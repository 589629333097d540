"""What a person may do with an order. Every click is one conditional UPDATE: a second one finds it done."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q
from django.utils import timezone

from jobs import datasets
from jobs.models import Order, order_checks
from jobs.models.hyperparameters import AUTO, offered
from jobs.upstream import DIALECTS, Feature

CHANGED = "It was changed in the meantime: look at it again."


def problems(order: Order) -> dict[str, str]:
    """By field, what is wrong with it, here or with this service; empty: it can be sent."""
    dialect = DIALECTS[order.account.dialect]
    known = {each.name for each in offered(order.method, dialect.hyperparameters)}
    asked = {name for name, value in order.hyperparameters.items() if value not in (AUTO, None)}
    found = {name: f"{dialect.label} has no hyperparameter {name}." for name in asked - known}
    found["suffix"] = order_checks.suffix_problem(order.suffix, dialect.longest_suffix)
    if order.method not in dialect.methods:
        found["method"] = f"{dialect.label} trains {', '.join(dialect.methods)} only."
    if order.wandb and Feature.INTEGRATIONS in dialect.lacks:
        found["wandb"] = f"{dialect.label} does not report to Weights & Biases."
    return {field: words for field, words in found.items() if words} | order.problems()


def overlap(order: Order) -> int | None:
    """How many examples are in both files; None while they are not both checked here."""
    training, validation = order.training_upload, order.validation_upload
    if not (training and validation and training.is_checked and validation.is_checked):
        return None
    return datasets.overlap(bytes(training.digests), bytes(validation.digests))


def submit(order: Order, by: User, why: str = "", reviewed: str = "") -> dict[str, str]:
    """Ask for the job as the order reads now; give what is wrong instead, by field. `reviewed` is the
    version that somebody saw, where that may be an older one.
    """
    if not order.can_edit:
        return {}
    if reviewed not in ("", order.version):
        return {NON_FIELD_ERRORS: CHANGED}
    if found := problems(order):
        return found
    now = timezone.now()
    asked = change(
        order,
        Q(state__in=Order.EDITABLE, changed_at=order.changed_at),
        Order.State.ASKED,
        f"Asked for by {by}.",
        now,
        asked_by=by,
        asked_at=now,
        why=why.strip(),
        progress=0,
    )
    is_stale = not asked and Order.objects.filter(pk=order.pk, state__in=Order.EDITABLE).exists()
    return {NON_FIELD_ERRORS: CHANGED} if is_stale else {}


def recall(order: Order, by: User) -> bool:
    """Take it back before it is sent."""
    unsent = Q(state__in=Order.RECALLABLE, sent_at=None)
    return change(order, unsent, Order.State.DRAFT, f"Taken back by {by}.")


def send_again(order: Order, by: User) -> bool:
    """A person takes the risk: the service was looked through, and has no such job."""
    words = f"To be sent once more, says {by}."
    now = timezone.now()
    return change(order, Q(state=Order.State.MISSING), Order.State.ASKED, words, now, asked_at=now)


def abandon(order: Order, by: User) -> bool:
    """Throw it away."""
    idle = Q(state__in=[*Order.EDITABLE, Order.State.MISSING])
    words = f"Abandoned by {by}."
    done = change(order, idle, Order.State.ABANDONED, words, settled_at=timezone.now())
    for upload in order.uploads() if done else ():
        upload.release()
    return done


def change(
    order: Order,
    when: Q,
    state: Order.State,
    words: str,
    next_at: datetime | None = None,
    **news: Any,
) -> bool:
    """Go to this state, if it is still as `when` says; a worker that holds it loses it."""
    story = order.story(state, words)
    done = Order.objects.filter(when, pk=order.pk).update(next_at=next_at, **story, **news) == 1
    order.refresh_from_db()
    return done
