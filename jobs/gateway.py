"""The one door from this site to an account's API. What goes through it is counted."""

from functools import partial

from jobs import counting
from jobs.models import Account
from jobs.models.seal import SealBroken
from jobs.upstream import DIALECTS, PATIENCE, Exchange, FineTuningClient, Rejected

UNAUTHORIZED = 401
LIMITED = ("requests", "tokens")  # what services are known to limit


def connect(account: Account, patience: float = PATIENCE) -> FineTuningClient:
    """`patience` is the longest that the client may wait before it asks a question once more.

    Raises Rejected where our own copy of a key cannot be read: nothing was asked then.
    """
    try:
        key, admin_key = account.api_key, account.admin_key
    except SealBroken as broken:
        raise Rejected(UNAUTHORIZED, "seal_broken", str(broken)) from broken
    return FineTuningClient(
        account.base_url,
        key,
        admin_key=admin_key,
        dialect=DIALECTS[account.dialect],
        organization=account.organization,
        project=account.project,
        patience=patience,
        heard=partial(count, account.pk or "new"),
    )


def count(account: int | str, exchange: Exchange) -> None:
    counting.here.add("requests", account, exchange.kind, exchange.outcome)
    counting.here.took(exchange.seconds, "request_seconds", account)
    for counted, limit in exchange.limits.items():
        if counted in LIMITED and limit.limit is not None and limit.remaining is not None:
            counting.here.tell(limit.limit, "budget_limit", account, counted)
            counting.here.tell(limit.remaining, "budget_remaining", account, counted)
