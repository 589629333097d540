"""What the clock wakes. Each task names its work and hands it to sync.

What is due is claimed before it is handed out; a task that outlives the lease may expire, for its row
is claimed anew.
"""

from celery import shared_task
from django.utils import timezone

from jobs import sync
from jobs.models import Account, Pulse
from jobs.models.account import LEASE


@shared_task
def poll() -> None:
    Pulse.beat(timezone.now())
    for pk in Account.objects.claim_due(timezone.now()):
        listen.apply_async((pk,), expires=LEASE.seconds)


@shared_task
def listen(pk: int) -> None:
    sync.listen(pk)
