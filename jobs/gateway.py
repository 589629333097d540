"""The one door from this site to an account's API."""

from jobs.models import Account
from jobs.upstream import DIALECTS, FineTuningClient


def connect(account: Account) -> FineTuningClient:
    return FineTuningClient(
        account.base_url,
        account.api_key,
        dialect=DIALECTS[account.dialect],
        organization=account.organization,
        project=account.project,
    )
