"""What the clock does with orders, when a test wants it, and what may happen meanwhile."""

from collections.abc import Callable
from datetime import timedelta

import httpx
from django.utils import timezone

from jobs import orders
from jobs.models import Order
from tests.wire import FakeUpstream


def error(status: int, message: str, **given: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"message": message, **given}})


def carry(order: Order, hours: float = 0) -> Order:
    """What the clock does when the order is due; after so many hours, as it seems."""
    if hours:
        moments = ("asked_at", "stage_at", "sent_at", "absent_since")
        past = {name: getattr(order, name) for name in moments}
        moved = {name: at - timedelta(hours=hours) for name, at in past.items() if at}
        Order.objects.filter(pk=order.pk).update(**moved)
    Order.objects.filter(pk=order.pk).exclude(next_at=None).update(next_at=timezone.now())
    for pk in Order.objects.claim_due(timezone.now()):
        orders.carry_out(pk)
    return Order.objects.get(pk=order.pk)


def once(upstream: FakeUpstream, step: Callable[[], object]) -> None:
    """Something happens while the first request is on its way."""

    def happen() -> None:
        upstream.meanwhile = lambda: None
        step()

    upstream.meanwhile = happen
