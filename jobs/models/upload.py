"""Training files on their way from a person to the service.

The content waits in the database, in parts that are small enough for one request, so that the web
process and the workers share nothing else. It is removed when it is no longer needed; what the check
found in it stays.
"""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils import timezone

from jobs.models.account import Account
from jobs.models.lease import Leased, LeasedQuerySet

PART_SIZE = 250_000  # bytes: a slow line brings so many in the time that a request may take
MOST_BYTES = 512 * 2**20  # what OpenAI takes
KEPT = timedelta(days=1)  # how long content waits for somebody to come back


class Unacceptable(Exception):
    """Not what was announced, or more than can be taken: the words are for the person who sent it."""


class UploadQuerySet(LeasedQuerySet["Upload"]):
    def begin(self, filename: str, size: int, **given: Any) -> "Upload":
        """Room for a file of this size; its parts may come in any order."""
        if not 0 < size <= MOST_BYTES:
            words = "is empty" if size <= 0 else f"has more than {MOST_BYTES // 2**20} MB"
            raise Unacceptable(f"The file {words}.")
        name = filename.replace("\0", "").replace("\\", "/").rsplit("/", 1)[-1][:200]
        name = name or "training.jsonl"
        return self.create(filename=name, size=size, next_at=timezone.now() + KEPT, **given)

    def known_as(self, file_id: str, account_id: int) -> "Upload | None":
        """A file of the service that came by us, and what was found in it."""
        same = self.filter(file_id=file_id, account=account_id, state=Upload.State.CHECKED)
        return same.defer("digests").first() if file_id else None


class Upload(Leased):
    """A file that a person brought. `method`, `model` and `for_validation` say what it is checked for."""

    class State(models.TextChoices):
        RECEIVING = "receiving", "Arriving"
        WAITING = "waiting", "Waiting to be checked"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked"
        BROKEN = "broken", "Could not be checked"

    LONG_WORK = State.CHECKING
    BEFORE_LONG_WORK = frozenset({State.WAITING, State.CHECKING})

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filename = models.TextField()
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    received = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVING)

    method = models.TextField(default="supervised")
    model = models.TextField(blank=True)
    for_validation = models.BooleanField(default=False, help_text="Few examples will do.")
    attempts = models.PositiveIntegerField(default=0, help_text="How often a check was begun.")
    checked_bytes = models.PositiveBigIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True, help_text="Why it could not be checked.")
    report = models.JSONField(null=True)
    errors = models.PositiveIntegerField(default=0, help_text="Problems that the service refuses.")
    digests = models.BinaryField(default=b"", help_text="Of its examples, to find common ones.")
    sha256 = models.CharField(max_length=64, blank=True)

    account = models.ForeignKey(Account, models.SET_NULL, null=True, help_text="Where it lies.")
    file_id = models.TextField(blank=True, help_text="Its name there, once the service has it.")
    removed_at = models.DateTimeField(null=True, help_text="When our copy of its content went.")

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="upload_next")]

    def __str__(self) -> str:
        return self.filename

    @property
    def part_count(self) -> int:
        return -(-self.size // PART_SIZE)

    @property
    def is_checked(self) -> bool:
        return self.state == self.State.CHECKED

    @property
    def is_unsettled(self) -> bool:
        """It is still arriving, or a worker has yet to say what is in it."""
        return self.state not in (self.State.CHECKED, self.State.BROKEN)

    @property
    def is_fit(self) -> bool:
        return self.is_checked and not self.errors

    @property
    def untold(self) -> int:
        """Problems that the report counts and does not list."""
        report = self.report or {}
        return int(report.get("problem_count", 0)) - len(report.get("problems", ()))

    @property
    def progress(self) -> int:
        """Whole percent of what goes on now: arriving, or being checked."""
        count = self.received if self.state == self.State.RECEIVING else self.checked_bytes
        return 100 if self.is_checked else 100 * count // self.size

    def part_length(self, number: int) -> int:
        """How many bytes this part must have: all are equal but the last."""
        if not 0 <= number < self.part_count:
            raise Unacceptable(f"The file has {self.part_count} parts, there is no part {number}.")
        return min(PART_SIZE, self.size - number * PART_SIZE)

    def missing(self) -> list[int]:
        """The parts that have not come: where to go on after a broken connection."""
        came = set(self.parts.values_list("number", flat=True))
        return [number for number in range(self.part_count) if number not in came]

    def take(self, number: int, content: bytes) -> None:
        """Keep one part; a second time does no harm. With the last one the check is due."""
        if len(content) != self.part_length(number):
            raise Unacceptable(f"Part {number} has {len(content)} bytes: the file has changed.")
        if self.state != self.State.RECEIVING:
            return
        part = UploadPart(upload=self, number=number, content=content)
        UploadPart.objects.bulk_create([part], ignore_conflicts=True)
        came = self.parts.aggregate(all=Sum(Length("content")))["all"]
        receiving = Upload.objects.filter(pk=self.pk, state=self.State.RECEIVING)
        receiving.update(received=came, next_at=timezone.now() + KEPT)
        if came == self.size:
            receiving.update(state=self.State.WAITING, next_at=timezone.now())
        self.refresh_from_db(fields=["received", "state", "next_at"])

    def check_for(self, method: str, model: str, *, for_validation: bool = False) -> None:
        """Let it be checked for this, unless it was already, or its content is gone."""
        use = {"method": method, "model": model, "for_validation": for_validation}
        if all(getattr(self, name) == value for name, value in use.items()):
            return
        anew = {"state": self.State.WAITING, "attempts": 0, "checked_bytes": 0}
        here = Upload.objects.filter(pk=self.pk, removed_at=None)
        if not here.filter(state=self.State.RECEIVING).update(**use):  # else it is due when whole
            here.update(**use, **anew, next_at=timezone.now())
        self.refresh_from_db(fields=[*use, *anew, "next_at", "removed_at"])

    def chunks(self) -> Iterator[bytes]:
        """The content, one part in memory at a time."""
        for number in range(self.part_count):
            part = self.parts.values_list("content", flat=True).get(number=number)
            yield bytes(part)

    def file_id_at(self, account_id: int) -> str:
        """Its name at this account, empty while it is not there."""
        return self.file_id if self.account_id == account_id else ""

    def lies_at(self, account: Account, file_id: str) -> None:
        """The service has it now, under this name."""
        self._change(account=account, file_id=file_id)

    def expire(self) -> None:
        """A day has gone by: forget it, unless an order is under way with it or remembers it."""
        orders = self.training_orders.all() | self.validation_orders.all()
        if orders.under_way().exists():
            self.keep(timezone.now() + KEPT)
        elif orders.exists():
            self.remove_content()
        else:
            self.delete()

    def release(self) -> None:
        """An order with it is settled: the content may go, unless another one still wants it."""
        orders = self.training_orders.all() | self.validation_orders.all()
        if not orders.unfinished().exists():
            self.remove_content()

    def remove_content(self) -> None:
        """What was found in it stays."""
        self._change(removed_at=timezone.now(), next_at=None)
        self.parts.all().delete()

    def _change(self, **news: Any) -> None:
        Upload.objects.filter(pk=self.pk).update(**news)
        for name, value in news.items():
            setattr(self, name, value)


class UploadPart(models.Model):
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="upload_part_once")
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.upload}"
