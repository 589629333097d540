"""Is Tuneboard ready: database, broker, beat and polling, each in words that anybody may read."""

from datetime import datetime
from typing import NamedTuple

from django.db import Error, connection
from django.db.models import Max
from django.utils import timezone

from jobs.live import Queue
from jobs.models import Process, Pulse
from jobs.models.pulse import SILENCE

ANSWERS = "It answers."


class Check(NamedTuple):
    name: str
    is_well: bool
    says: str


def checks(queue: Queue | None) -> list[Check]:
    return [database(), broker(queue), *clockwork()]


def database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        says = "It does not answer: nothing works until it is back. Nothing is lost."
        return Check("database", False, says)
    return Check("database", True, ANSWERS)


def broker(queue: Queue | None) -> Check:
    if queue is None:
        says = "It does not answer: nothing is polled until it is back. Nothing is lost."
        return Check("broker", False, says)
    return Check("broker", True, ANSWERS)


def clockwork() -> list[Check]:
    try:
        asked, polled = last_beat(), Pulse.read().beat_at
    except Error:
        says = "Cannot be told: the database does not answer, or lacks tables (manage.py migrate)."
        return [Check("beat", False, says), Check("polling", False, says)]
    return [
        lately("beat", asked, "A poll was last asked for", "Start beat again."),
        lately("polling", polled, "The last poll was", "Start a worker again, and beat."),
    ]


def last_beat() -> datetime | None:
    """When beat last asked for a poll, to within the seconds between two signs of its life."""
    beats = Process.objects.filter(kind=Process.Kind.BEAT)
    last: datetime | None = beats.aggregate(last=Max("worked_at"))["last"]
    return last


def lately(name: str, at: datetime | None, what: str, remedy: str) -> Check:
    if at is None:
        return Check(name, False, f"It has never run. {remedy}")
    age = max(timezone.now() - at, SILENCE * 0)
    is_well = age <= SILENCE
    told = f"{what} {age.total_seconds():.0f} s ago."
    return Check(name, is_well, told if is_well else f"{told} {remedy}")
