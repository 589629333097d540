"""What the clock does, at the moment at which a test wants it."""

from django.utils import timezone

from jobs import gateway, sync
from jobs.models import Account, Job, ResultFile
from jobs.sync.readings import Readings


def refreshed(job: Job) -> Job:
    """One reading of this job alone."""
    row = Job.objects.select_related("account").get(pk=job.pk)
    with gateway.connect(row.account) as client, Readings(row.account, client) as readings:
        readings.waiting += readings.readings_of([row])
        readings.finish()
    job.refresh_from_db()
    return job


def listened(account: Account) -> Account:
    """One round of this account, its list included."""
    Account.objects.filter(pk=account.pk).poll_soon()
    assert account.pk in Account.objects.claim_due(timezone.now())
    sync.listen(account.pk)
    account.refresh_from_db()
    return account


def caught_up(account: Account) -> Job:
    """A round in which all that waits for its time is due; the one job that there is."""
    now = timezone.now()
    Job.objects.exclude(next_poll_at=None).update(next_poll_at=now)
    ResultFile.objects.exclude(next_try_at=None).update(next_try_at=now)
    listened(account)
    return Job.objects.get()
