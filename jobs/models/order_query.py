"""Questions about many orders: what is unfinished, what is under way, which one became a job."""

from typing import TYPE_CHECKING, Self

from jobs.models.job import Job
from jobs.models.lease import LeasedQuerySet

if TYPE_CHECKING:
    from jobs.models.order import Order


class OrderQuerySet(LeasedQuerySet["Order"]):
    def for_list(self) -> Self:
        return self.select_related("account", "by", "training_upload", "validation_upload")

    def unfinished(self) -> Self:
        """What somebody still has to do something about, or is waiting for."""
        return self.exclude(state__in=self.model.SETTLED).order_by("-changed_at", "-pk")

    def under_way(self) -> Self:
        return self.filter(state__in=self.model.UNDER_WAY)

    def for_job(self, job: Job) -> "Order | None":
        """The order that this job came of."""
        found = self.filter(account=job.account_id, upstream_id=job.upstream_id)
        return found.select_related("asked_by", "duplicate_of").first()
