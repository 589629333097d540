from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Count, Q

from jobs.models.claims import Claimable

if TYPE_CHECKING:
    from jobs.models.job import Job  # noqa: F401

SEARCHED = ("name", "upstream_id", "base_model", "fine_tuned_model", "account__name")


class JobQuerySet(Claimable["Job"]):
    def for_list(self) -> Self:
        """What a row or a header shows, without the parts that only the job page unfolds."""
        return self.select_related("account").defer("raw", "method_recipe", "integrations")

    def active(self) -> Self:
        """Jobs of which the API may still have news."""
        return self.filter(ended_at=None, gone_at=None)

    def matching(self, text: str) -> Self:
        """Every word must stand somewhere in the names and ids that a row shows."""
        found = self
        for word in text.split():
            anywhere = Q()
            for field in SEARCHED:
                anywhere |= Q(**{f"{field}__icontains": word})
            found = found.filter(anywhere)
        return found

    def count_by_state(self) -> dict[str, int]:
        return dict(self.order_by().values_list("state").annotate(Count("pk")))

    def confirm(self, now: datetime) -> None:
        """The service listed these jobs just as we know them."""
        self.update(confirmed_at=now, failures=0, last_error="")
