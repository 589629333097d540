"""What the clock does, at the moment at which a test wants it."""

from django.utils import timezone

from jobs import gateway, sync
from jobs.models import Account, Job
from jobs.sync.refresh import refresh


def refreshed(job: Job) -> Job:
    """One reading of this job alone."""
    row = Job.objects.select_related("account").get(pk=job.pk)
    with gateway.connect(row.account) as client:
        refresh(row, client)
    job.refresh_from_db()
    return job


def listened(account: Account) -> Account:
    """One round of this account, its list included."""
    Account.objects.filter(pk=account.pk).poll_soon()
    assert account.pk in Account.objects.claim_due(timezone.now())
    sync.listen(account.pk)
    account.refresh_from_db()
    return account
