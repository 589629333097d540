"""What the clock wakes. Each task names its work and hands it to the room that does it.

What is due is claimed before it is handed out; a task that outlives the lease may expire, for its row
is claimed anew.
"""

from typing import Any

from celery import shared_task
from django.utils import timezone

from jobs import orders, sync
from jobs.models import Account, Order, Pulse, Upload
from jobs.models.account import LEASE


@shared_task
def poll() -> None:
    Pulse.beat(timezone.now())
    for task, rows in ((listen, Account), (carry_out, Order), (look_after, Upload)):
        hand_out(task, rows.objects.claim_due(timezone.now()))


def hand_out(task: Any, claimed: list[int]) -> None:
    for pk in claimed:
        task.apply_async((pk,), expires=LEASE.seconds)


@shared_task
def listen(pk: int) -> None:
    sync.listen(pk)


@shared_task
def carry_out(pk: int) -> None:
    orders.carry_out(pk)


@shared_task
def look_after(pk: int) -> None:
    orders.look_after(pk)
