"""What every action has in common: on record, on its way, and how it is told."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from jobs import gateway
from jobs.models import Account, Action
from jobs.upstream import FineTuningClient, RateLimited, Rejected, Unsent, UpstreamError

Send = Callable[[FineTuningClient], object]


class Busy(Exception):
    """An earlier action on the same thing is still open."""


def record(by: User, why: str, **about: Any) -> Action:
    try:
        with transaction.atomic():
            return Action.objects.create(asked_by=by, why=why.strip(), **about)
    except IntegrityError as error:
        thing = about.get("job") or about.get("subject")
        raise Busy(f"{thing} is waiting for an earlier action") from error


def carry(action: Action, account: Account, send: Send) -> Action:
    """Send what is on record, and record the answer.

    No transaction is open while it travels: a crash in between leaves an open action, never a
    silent one.
    """
    try:
        with gateway.connect(account) as client:
            send(client)
    except (Rejected, RateLimited) as refusal:
        action.settle(Action.Outcome.REFUSED, str(refusal))
    except Unsent as trouble:
        words = f"{str(trouble).rstrip('.')}. The request never left: try again."
        action.settle(Action.Outcome.UNSENT, words)
    except UpstreamError as trouble:
        action.unanswered(str(trouble))
    else:
        action.settle(Action.Outcome.ACCEPTED)
    return action


def told(
    action: Action, what: str, follows: str, settles: str = "the next polls will tell"
) -> tuple[int, str]:
    """The outcome as a message to whoever asked: its level and its words."""
    asked = f"{action.get_verb_display()} {what}"
    if action.outcome == Action.Outcome.ACCEPTED:
        return messages.SUCCESS, f"{asked}: accepted. {follows}".strip()
    if action.outcome in (Action.Outcome.REFUSED, Action.Outcome.UNSENT):
        how = action.get_outcome_display().lower()
        return messages.ERROR, f"{asked}: {how}. {action.detail}"
    return messages.WARNING, (
        f"{asked}: no answer came ({action.detail.rstrip('.')}). It may have been done or not:"
        f" {settles}, and the ledger will show it."
    )
