"""A job's log as a reader asks for it: from which level on, with which words, with steps or without.

The query string is the state, under names that the job page's charts do not use. Bad values fall back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import Q

from jobs.models.job import Job
from jobs.models.telemetry import Event, EventQuerySet

PAGE = 100
STRETCH = 1000  # of a whole log, read for a file
LONGEST_TEXT = 200
ERRORS = ("error", "critical", "fatal")
LEVELS = {"warn": ("warn", "warning", *ERRORS), "error": ERRORS}
LABELS = {"": "All levels", "warn": "Warnings and errors", "error": "Errors"}


class Choice(NamedTuple):
    level: str
    label: str
    is_current: bool


class Page(NamedTuple):
    """Newest first. `older` is the event behind which there is more."""

    events: list[Event]
    older: Event | None

    @classmethod
    def of(cls, found: list[Event]) -> Self:
        """Of one more than a page takes, where there are as many."""
        return cls(found[:PAGE], found[PAGE - 1] if len(found) > PAGE else None)


def newest_of(job: Job) -> Event | None:
    return job.events.newest_first().first()


def later(*events: Event | None) -> Event | None:
    there = [event for event in events if event]
    return max(there, key=lambda event: (event.created_at, event.pk), default=None)


@dataclass(frozen=True)
class Log:
    level: str = ""
    text: str = ""
    hides_steps: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        level = asked.get("level", "")
        text = asked.get("find", "").replace("\0", "").strip()[:LONGEST_TEXT]
        return cls(level if level in LEVELS else "", text, asked.get("steps") == "no")

    @property
    def query(self) -> str:
        """Its own address, as far as it says something."""
        steps = "no" if self.hides_steps else ""
        told = {"level": self.level, "find": self.text, "steps": steps}
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def is_filtered(self) -> bool:
        return bool(self.query)

    @property
    def levels(self) -> list[Choice]:
        return [Choice(level, label, level == self.level) for level, label in LABELS.items()]

    def of(self, job: Job) -> EventQuerySet:
        """What it lets through, newest first."""
        events = job.events.newest_first()
        if self.level:
            events = events.filter(level__in=LEVELS[self.level])
        if self.text:
            events = events.filter(message__icontains=self.text)
        if self.hides_steps:
            events = events.exclude(Q(type="metrics") | Q(step__isnull=False))
        return events

    def page(self, job: Job, before: Event | None = None) -> Page:
        """The newest of it, or what is older than this event."""
        events = self.of(job)
        return Page.of(list((events.older_than(before) if before else events)[: PAGE + 1]))

    def newer_page(self, job: Job, after: Event) -> Page | None:
        """What is newer than this event, as much as a page takes; None where that is the newest page."""
        came = list(self.of(job).newer_than(after).reverse()[: PAGE + 1])
        return Page(came[PAGE - 1 :: -1], came[0]) if len(came) > PAGE else None

    def around(self, job: Job, event: Event) -> tuple[list[Event], Page]:
        """Half a page of what is newer than this event, and a page of what is older."""
        newer = self.of(job).newer_than(event).reverse()[: PAGE // 2]
        return list(newer)[::-1], self.page(job, before=event)

    def news(self, job: Job, since: Event | None) -> tuple[list[Event], Event | None]:
        """What came since, newest first, as much as a page takes; and the event that it reaches.

        What the log hides is passed over for good, or each look would read it again.
        """
        newest = newest_of(job)  # first: what comes in between is for the next look
        came = list(self.of(job).newer_than(since).reverse()[:PAGE])[::-1]
        return came, came[0] if len(came) == PAGE else later(newest, *came[:1])

    def oldest_first(self, job: Job) -> Iterator[Event]:
        """All of it, in stretches: no query stays open while somebody saves the file."""
        last: Event | None = None
        while events := list(self.of(job).newer_than(last).reverse()[:STRETCH]):
            yield from events
            last = events[-1]
