"""Which of the service's jobs came of an order whose answer was lost.

A job carries the key of its order as metadata. A service that keeps no metadata is searched for a job on
the same file and model that began after the request left, has no other suffix or seed, and that no other
order has.
"""

import re
from datetime import timedelta
from itertools import islice

from jobs.models import Order
from jobs.models.order_checks import OURS
from jobs.upstream import Feature, FineTuningClient, JobReply, Rejected

CLOCKS_DIFFER = timedelta(minutes=2)
MOST_JOBS = 1000  # read of a list without a filter


def find(order: Order, client: FineTuningClient) -> JobReply | None:
    """Raises UpstreamError where the service cannot be asked: then nothing is known."""
    if Feature.METADATA not in client.dialect.lacks:
        with_ours = marked(order, client)
        if with_ours:
            return with_ours
    alike = [reply for reply in recent(order, client) if is_of(order, reply, client)]
    return min(alike, key=lambda reply: reply.created_at or order.created_at, default=None)


def marked(order: Order, client: FineTuningClient) -> JobReply | None:
    try:
        return next(client.jobs(metadata={OURS: str(order.key)}), None)
    except Rejected:
        return None  # it knows no such filter: the whole list tells


def recent(order: Order, client: FineTuningClient) -> list[JobReply]:
    """The jobs that may have begun since the order was sent."""
    found = []
    for reply in islice(client.jobs(), MOST_JOBS):
        if began_after(order, reply):
            found.append(reply)
        elif client.dialect.newest_first:
            break
    return found


def began_after(order: Order, reply: JobReply) -> bool:
    sent_at = order.sent_at or order.created_at
    return reply.created_at is None or reply.created_at > sent_at - CLOCKS_DIFFER


def is_of(order: Order, reply: JobReply, client: FineTuningClient) -> bool:
    """By its mark, where the service would have kept it, else by what it trains."""
    if Feature.METADATA not in client.dialect.lacks and "metadata" in reply.raw:
        return reply.metadata.get(OURS) == str(order.key)
    if reply.training_file != order.file_id("training") or says_otherwise(order, reply):
        return False
    others = Order.objects.filter(account=order.account_id, upstream_id=reply.id)
    return is_model(reply.model, order.base_model) and not others.exists()


def is_model(told: str, asked: str) -> bool:
    """A service may answer with the dated name of the model that it was asked for."""
    return re.fullmatch(re.escape(asked) + r"(-\d.*)?", told) is not None


def says_otherwise(order: Order, reply: JobReply) -> bool:
    """It has another suffix or seed than was asked for, where the service tells them."""
    suffixes = {order.suffix.lower(), reply.suffix.lower()} - {""}
    seeds = {order.seed, reply.seed} - {None}
    return len(suffixes) > 1 or len(seeds) > 1
