"""The one door from this site to an account's API."""

from jobs.models import Account
from jobs.models.seal import SealBroken
from jobs.upstream import DIALECTS, PATIENCE, FineTuningClient, Rejected

UNAUTHORIZED = 401


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
    )
