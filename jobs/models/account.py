from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from jobs.models.history import FEW, History
from jobs.models.pulse import Pulse
from jobs.models.seal import reseal, seal, unseal

# How long a worker may hold an account without a sign of life before another takes it: longer than
# any one request, and short enough that a killed worker is not missed.
LEASE = timedelta(seconds=25)
UNREAD = Q(  # what had ended before we knew it, and was not read yet
    jobs__ended_at__isnull=False, jobs__end_seen_at=None, jobs__next_poll_at__isnull=False
)
AWAKE = timedelta(seconds=3)  # an account whose list is due within that needs no waking


class AccountQuerySet(models.QuerySet["Account"]):
    def for_list(self) -> Self:
        return self.order_by("name").annotate(
            job_count=models.Count("jobs"),
            active_count=models.Count("jobs", filter=Q(jobs__ended_at=None, jobs__gone_at=None)),
            unread_count=models.Count("jobs", filter=UNREAD),
        )

    def listened_to(self) -> Self:
        return self.exclude(next_poll_at=None).order_by("name")

    def failing(self) -> Self:
        return self.exclude(last_error="").exclude(next_poll_at=None).order_by("name")

    def due(self, now: datetime) -> Self:
        return self.filter(next_poll_at__lte=now).order_by("next_poll_at")

    def claim_due(self, now: datetime) -> list[int]:
        """Take the accounts that are due; give the keys of those that this process holds now."""
        due = list(self.due(now).values_list("pk", "next_poll_at"))
        return [pk for pk, seen in due if self.claim(pk, seen, now)]

    def claim(self, pk: int, seen: datetime | None, now: datetime) -> bool:
        """Lease one account, unless another worker did so since `seen` was read.

        The UPDATE matches only while the row still holds `seen`: of two workers that
        race for it, the database gives 1 to one and 0 to the other.
        """
        return self.filter(pk=pk, next_poll_at=seen).update(next_poll_at=now + LEASE) == 1

    def listen_now(self) -> None:
        now = timezone.now()
        self.update(next_poll_at=now, next_list_at=now)

    def poll_soon(self) -> None:
        """Unless a person has told us not to listen."""
        self.exclude(next_poll_at=None).listen_now()

    def wake(self) -> None:
        """Somebody begins to look: what rests is listened to at once. Failing ones keep their wait."""
        self.filter(last_error="", next_list_at__gt=timezone.now() + AWAKE).poll_soon()


class Account(models.Model):
    """One API key at one service. The key rests sealed and is never shown again.

    `listing_began_at` and `listing_after` belong to a complete listing that is under way: when it
    began and the job to read on from. `listed_at` is when the last one came to its end. The
    inventory is what else the account holds: its files and models.
    """

    class Dialect(models.TextChoices):
        OPENAI = "openai", "OpenAI"
        AZURE = "azure", "Azure OpenAI (dated API)"
        AZURE_V1 = "azure_v1", "Azure OpenAI (v1 API)"
        NEBIUS = "nebius", "Nebius Token Factory"
        GENERIC = "generic", "Another compatible server"

    name = models.CharField(max_length=100, unique=True)
    base_url = models.URLField("base URL", max_length=500)
    dialect = models.CharField(max_length=20, choices=Dialect, default=Dialect.OPENAI)
    sealed_key = models.TextField(editable=False)
    sealed_admin_key = models.TextField(blank=True, editable=False)
    organization = models.CharField(max_length=100, blank=True)
    project = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    next_poll_at = models.DateTimeField(default=timezone.now, null=True, editable=False)
    next_list_at = models.DateTimeField(default=timezone.now, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    listing_after = models.TextField(blank=True, editable=False)
    listing_began_at = models.DateTimeField(null=True, editable=False)
    listed_at = models.DateTimeField(null=True, editable=False)
    next_inventory_at = models.DateTimeField(default=timezone.now, editable=False)
    inventory_at = models.DateTimeField(null=True, editable=False)
    inventory_error = models.TextField(blank=True, editable=False)

    # Counted for lists.
    job_count: int
    unread_count: int

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["next_poll_at"], name="account_next_poll")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("account_detail", args=[self.pk])

    @property
    def api_key(self) -> str:
        """The key in the clear; raises SealBroken."""
        return unseal(self.sealed_key)

    @api_key.setter
    def api_key(self, key: str) -> None:
        self.sealed_key = seal(key)

    @property
    def admin_key(self) -> str:
        """The organization's admin key in the clear, empty when there is none; raises SealBroken."""
        return unseal(self.sealed_admin_key) if self.sealed_admin_key else ""

    @admin_key.setter
    def admin_key(self, key: str) -> None:
        self.sealed_admin_key = seal(key) if key else ""

    def reseal(self) -> bool:
        """Encrypt the keys with the newest of ENCRYPTION_KEYS; say whether another one did till now.

        Keys that somebody enters meanwhile are not touched: refresh and ask again. Raises SealBroken.
        """
        seen = {"sealed_key": self.sealed_key, "sealed_admin_key": self.sealed_admin_key}
        fresh = {name: sealed and reseal(sealed) for name, sealed in seen.items()}
        if fresh == seen:
            return False
        Account.objects.filter(pk=self.pk, **seen).update(**fresh)
        return True

    @property
    def service(self) -> str:
        """Who is behind it, in a sentence."""
        is_known = self.dialect != self.Dialect.GENERIC
        return str(self.get_dialect_display()) if is_known else "the service"

    @property
    def is_failing(self) -> bool:
        return bool(self.last_error)

    @property
    def is_silent(self) -> bool:
        """A person has told us not to listen any more."""
        return self.next_poll_at is None

    @property
    def history(self) -> History | None:
        """How far its past is read, as it was counted; None when there is nothing to wait for."""
        if self.is_silent or self.unread_count < FEW:
            return None
        return History.of(self)

    def take_inventory(self) -> None:
        """Somebody wants to know what it holds now."""
        own = type(self).objects.filter(pk=self.pk)
        own.update(next_inventory_at=timezone.now())
        own.poll_soon()

    def leave(self) -> None:
        """Listen no more. What was heard, asked and ordered stays; without any, so goes the account."""
        if not (self.jobs.exists() or self.actions.exists() or self.orders.exists()):
            self.delete()
        else:
            self.next_poll_at, self.failing_since, self.last_error = None, None, ""
            self.save(update_fields=["next_poll_at", "failing_since", "last_error"])
        Pulse.raise_version()

    def changed(self) -> None:
        """A person changed it: listen at once, and let pages show its jobs anew."""
        self.jobs.update(revision=models.F("revision") + 1)
        type(self).objects.filter(pk=self.pk).listen_now()
        Pulse.raise_version()

    def renew(self, now: datetime) -> bool:
        """Hold the account longer; False when somebody asked for an early poll, or took it over."""
        return self._schedule(now + LEASE)

    def failed(self, why: str, now: datetime, wait: timedelta) -> None:
        """Remember that the service could not be read, and when to try again."""
        self.failures += 1
        self.failing_since = self.failing_since or now
        self.last_error = why
        self.keep("failures", "failing_since", "last_error")
        self._schedule(now + wait)

    def answered(self, now: datetime) -> None:
        """Remember that the service was read."""
        if self.is_failing:  # what waits since the failure need not wait longer
            self.jobs.filter(failures__gt=0).update(next_poll_at=now)
        self.failures, self.failing_since, self.last_error = 0, None, ""
        self.confirmed_at = now
        self.keep("failures", "failing_since", "last_error", "confirmed_at")

    def rest(self, now: datetime, at_least: timedelta) -> None:
        """Give the account back until its list or one of its jobs is due."""
        due = self.jobs.aggregate(first=models.Min("next_poll_at"))["first"] or self.next_list_at
        self._schedule(max(min(due, self.next_list_at), now + at_least))

    def keep(self, *names: str) -> None:
        """Write these columns, unless a person has left or removed the account meanwhile."""
        listened_to = type(self).objects.filter(pk=self.pk).exclude(next_poll_at=None)
        listened_to.update(**{name: getattr(self, name) for name in names})

    def _schedule(self, moment: datetime) -> bool:
        held = type(self).objects.filter(pk=self.pk, next_poll_at=self.next_poll_at)
        self.next_poll_at = moment
        return held.update(next_poll_at=moment) == 1
