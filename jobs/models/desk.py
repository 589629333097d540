"""What one person keeps on top of the jobs list, and up to when they have looked. Nobody else sees it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from jobs.models.pulse import Pulse
from jobs.models.saved_view import SavedView
from jobs.models.sources import Reader

MOST_PINS = 20


def new(user: User) -> dict[str, Any]:
    """Who has never said so has looked when they signed in."""
    return {"user": user, "looked_at": user.last_login or timezone.now()}


class DeskQuerySet(models.QuerySet["Desk"]):
    def of(self, user: User) -> "Desk":
        """Theirs, or an empty one that nobody has saved yet. A view that was the team's may be so no more."""
        desk = self.filter(user=user).select_related("user", "view").first() or Desk(**new(user))
        if desk.view and not desk.view.is_for(user):
            desk.view = None
        return desk

    def held(self, user: User) -> "Desk":
        """Theirs, for as long as the transaction lasts: what two tabs change is not lost."""
        self.get_or_create(user=user, defaults=new(user))
        return self.select_for_update().get(user=user)


class Desk(models.Model):
    user = models.OneToOneField("auth.User", models.CASCADE, related_name="desk")
    pins = models.JSONField(default=list, help_text="Keys of jobs, in the order of the list.")
    looked_at = models.DateTimeField(default=timezone.now, help_text="All before was seen.")
    view = models.ForeignKey(
        SavedView, models.SET_NULL, null=True, related_name="+", help_text="Opens first."
    )

    objects = DeskQuerySet.as_manager()

    def __str__(self) -> str:
        return f"desk of {self.user}"

    @classmethod
    @transaction.atomic
    def pin(cls, user: User, keys: Iterable[int]) -> bool:
        """Pin these jobs; where all of them are pinned already, let go of them and say False."""
        desk = cls._default_manager.held(user)
        asked = list(keys)
        kept = [key for key in desk.pins if key not in asked]
        is_new = bool(set(asked) - set(desk.pins))
        desk.pins = (asked + kept)[:MOST_PINS] if is_new else kept
        desk.keep("pins")
        return is_new

    @classmethod
    @transaction.atomic
    def look(cls, user: User, at: datetime) -> None:
        """They have seen what was there at this time."""
        desk = cls._default_manager.held(user)
        desk.looked_at = max(at, desk.looked_at)
        desk.keep("looked_at")

    @classmethod
    @transaction.atomic
    def open_first(cls, user: User, view: SavedView | None) -> None:
        desk = cls._default_manager.held(user)
        desk.view = view
        desk.keep("view")

    @property
    def reader(self) -> Reader:
        return Reader(self.user.username, tuple(self.pins))

    def keep(self, field: str) -> None:
        self.save(update_fields=[field])
        Pulse.raise_version()
