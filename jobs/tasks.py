"""What the clock wakes. Each task names its work and hands it to sync.

What is due is claimed before it is handed out; a task that outlives the lease may expire, for its row
is claimed anew.
"""

from celery import shared_task
from django.utils import timezone

from jobs import sync
from jobs.models import Account, Job, Pulse
from jobs.models.claims import LEASE

BATCH = 5  # a task costs a millisecond, so one task works through several jobs


@shared_task
def poll_accounts() -> None:
    Pulse.beat(timezone.now())
    for pk in Account.objects.claim_due(timezone.now()):
        discover.apply_async((pk,), expires=LEASE.seconds)


@shared_task
def poll_jobs() -> None:
    for pks in sync.batches(Job.objects.claim_due(timezone.now()), BATCH):
        refresh.apply_async((pks,), expires=LEASE.seconds)


@shared_task
def discover(pk: int) -> None:
    sync.discover_jobs(pk)


@shared_task
def refresh(pks: list[int]) -> None:
    sync.refresh_jobs(pks)
