"""Questions about many orders: what is unfinished, what is under way, which one became a job."""

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
        """The order that this job came of: by its id, or by what it carries while no order has the id."""
        same = Q(upstream_id=job.upstream_id)
        with suppress(ValueError):
            same |= Q(upstream_id="", key=UUID(str(job.metadata.get(OURS))))
        found = self.filter(same, account=job.account_id)
        return found.select_related("asked_by", "duplicate_of").first()
