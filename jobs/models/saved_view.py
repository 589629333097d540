from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q

from jobs.models.pulse import Pulse


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def seen_by(self, user: User) -> list["SavedView"]:
        """Their own and the team's, by name."""
        theirs = self.filter(Q(owner=user) | Q(is_team=True)).select_related("owner")
        return sorted(theirs, key=lambda view: view.name.lower())


class SavedView(models.Model):
    """A list of jobs under a name: what stood in its address. It is its owner's to change."""

    owner = models.ForeignKey("auth.User", models.CASCADE, related_name="views")
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    is_team = models.BooleanField(default=False, help_text="Everybody may open it.")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="view_once_per_owner")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The query string that opens it, and says that it is open."""
        return "&".join(filter(None, [self.query, f"view={self.pk}"]))

    def is_for(self, user: User) -> bool:
        return self.is_team or self.owner_id == user.pk

    @classmethod
    @transaction.atomic
    def keep(cls, owner: User, name: str, query: str, *, is_team: bool) -> "SavedView":
        """Save it; a view of theirs that has this name is changed."""
        view, _ = cls._default_manager.update_or_create(
            owner=owner, name=name, defaults={"query": query, "is_team": is_team}
        )
        Pulse.raise_version()
        return view

    @transaction.atomic
    def forget(self) -> None:
        self.delete()
        Pulse.raise_version()
