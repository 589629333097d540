"""Questions about many orders: what is unfinished, what is under way, which one became a job."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db.models import Q

from jobs.models.job import Job
from jobs.models.lease import LeasedQuerySet
from jobs.models.order_checks import OURS

if TYPE_CHECKING:
    from jobs.models.order import Order


class OrderQuerySet(LeasedQuerySet["Order"]):
    def for_list(self) -> Self:
        """Without what is only counted: the digests of half a million examples are four megabytes."""
        uploads = ("training_upload", "validation_upload")
        found = self.select_related("account", "by", *uploads)
        return found.defer(*(f"{upload}__digests" for upload in uploads))

    def unfinished(self) -> Self:
        """What somebody still has to do something about, or is waiting for."""
        return self.exclude(state__in=self.model.SETTLED).order_by("-changed_at", "-pk")

    def under_way(self) -> Self:
        return self.filter(state__in=self.model.UNDER_WAY)

    def for_job(self, job: Job) -> "Order | None":
        """The order that this job came of."""
        return self.for_jobs([job]).get(job.pk)

    def for_jobs(self, jobs: Iterable[Job]) -> "dict[int, Order]":
        """By job, the order that it came of: by its id, or by what it carries while no order has the id."""
        by_id = {(job.account_id, job.upstream_id): job.pk for job in jobs}
        by_key = {(job.account_id, key_of(job)): job.pk for job in jobs if key_of(job)}
        named = Q(upstream_id__in={upstream_id for _, upstream_id in by_id})
        named |= Q(upstream_id="", key__in={key for _, key in by_key})
        found = self.filter(named, account__in={account for account, _ in by_id})
        orders: dict[int, Order] = {}
        for order in found.select_related("asked_by", "duplicate_of"):
            own = (order.account_id, order.upstream_id)
            job = by_id.get(own) or by_key.get((order.account_id, order.key))
            if job:
                orders.setdefault(job, order)
        return orders


def key_of(job: Job) -> UUID | None:
    with suppress(ValueError):
        return UUID(str(job.metadata.get(OURS)))
    return None
