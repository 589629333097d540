"""Reads which other projects may use a model: asked of the service whenever somebody looks, kept nowhere.

Granting and revoking are actions. Those that got no answer are settled by what is read here.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.utils import timezone

from jobs import gateway
from jobs.models import Account, Action
from jobs.upstream import DIALECTS, Feature, PermissionReply, Rejected, UpstreamError

MOST = 500  # projects read of one model
AT_ONCE = 0.0  # somebody waits for the page: they may try again themselves
FOR_ADMINS = (401, 403)


class Reading(NamedTuple):
    """What the service said, or the trouble instead; and `open`, the actions that still wait for it."""

    permissions: list[PermissionReply]
    open: list[Action]
    trouble: str = ""
    wants_admin_key: bool = False


def is_offered(account: Account) -> bool:
    return Feature.PERMISSIONS not in DIALECTS[account.dialect].lacks


def read(account: Account, model: str) -> Reading:
    began = timezone.now()
    about = account.actions.about_sharing(model)
    try:
        with gateway.connect(account, patience=AT_ONCE) as client:
            permissions = list(islice(client.permissions(model), MOST))
    except UpstreamError as trouble:
        is_for_admins = isinstance(trouble, Rejected) and trouble.status in FOR_ADMINS
        return Reading([], list(about.open()), str(trouble), is_for_admins)
    if len(permissions) < MOST:
        settle(about.without_answer(), {each.project_id for each in permissions}, began)
    return Reading(permissions, list(about.open()))


def settle(actions: Iterable[Action], projects: set[str], began: datetime) -> None:
    """By a list that was asked for at that moment, and is whole."""
    for action in actions:
        is_shared = action.recipient in projects
        action.settle_as(was_done=is_shared is (action.verb == Action.Verb.SHARE), now=began)
