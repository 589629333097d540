"""Many readings of one account at once: threads ask the service, whoever holds the account writes.

One is asked for first; as long as all goes well, soon many: trouble is met by one. What has come meanwhile
is written together, jobs in the order of their keys, so that two writers never wait for each other.
"""

import logging
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Protocol, Self

from django.db import transaction
from django.utils import timezone

from dashboard.logs import about
from jobs import live
from jobs.models import Account, Job
from jobs.sync import store
from jobs.sync.discover import Moved
from jobs.sync.events import batches
from jobs.sync.known import known_of
from jobs.sync.refresh import News, Reading
from jobs.sync.results import due_files
from jobs.upstream import FineTuningClient, RateLimit, Unreachable, UpstreamError

MOST_AT_ONCE = 16  # requests to one service
FASTER = 4  # times as many, after one that went well
MOST_TOGETHER = 8  # jobs of one transaction: so long others wait for the database
PEOPLES = 10  # one in so many of the requests that the service allows is left for what people ask
MOST_TROUBLES = 2  # jobs that may fail before the list is asked whether the service is well
LOOK_UP = 5.0  # seconds after which who waits for an answer shows that it lives

log = logging.getLogger(__name__)


class Errand(Protocol):
    """What is asked by one thread, without the database, and then written by another."""

    job: Job

    def ask(self, client: FineTuningClient) -> None: ...

    def write(self) -> bool: ...

    @property
    def trouble(self) -> UpstreamError | None: ...


class Readings:
    def __init__(self, account: Account, client: FineTuningClient) -> None:
        self.account = account
        self.client = client
        self.pace = timedelta(seconds=client.dialect.watch_every)
        self.width = 1
        self.troubles = 0
        self.concern: UpstreamError | None = None  # of the whole account
        self.waiting: list[Errand] = []
        self.under_way: dict[Future[None], Errand] = {}
        self.pool = ThreadPoolExecutor(MOST_AT_ONCE, "reading")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.pool.shutdown(cancel_futures=True)

    @property
    def is_well(self) -> bool:
        """Whether there is sense in asking for more."""
        return self.concern is None and self.troubles < MOST_TROUBLES and self.allowed > 0

    @property
    def allowed(self) -> int:
        """How many requests the service has left for us, as its last answer said."""
        told = self.client.rate_limits.get("requests", RateLimit())
        if told.remaining is None:
            return MOST_AT_ONCE
        return max(told.remaining - (told.limit or 0) // PEOPLES, 0)

    @property
    def pause(self) -> timedelta:
        """How long to wait where nothing is allowed any more: until about as much as people have is back."""
        told = self.client.rate_limits.get("requests", RateLimit())
        return timedelta(seconds=0 if self.allowed else (told.reset or 0) / PEOPLES)

    def take_up(self, now: datetime) -> bool:
        """Ask about the jobs that are most urgent, write what has come; say whether there was any."""
        room = min(self.width, self.allowed) - len(self.under_way) - len(self.waiting)
        if room > 0:
            taken = {errand.job.pk for errand in (*self.waiting, *self.under_way.values())}
            self.waiting += self.readings_of(self.account.jobs.most_urgent(now, room, but=taken))
        return self.go_on()

    def read(self, moved: list[Moved]) -> None:
        """Ask about what is in another state, and write it before anything else is done."""
        if moved:
            self.waiting += self.readings_of([each.job for each in moved], moved)
            self.finish()

    def finish(self) -> None:
        """Write all that was begun; raise what concerns the account."""
        while self.go_on():
            pass
        if self.concern:
            raise self.concern

    def readings_of(self, jobs: list[Job], moved: Iterable[Moved] = ()) -> list[Reading]:
        if not jobs:
            return []
        told = {each.job.pk: each for each in moved}
        known = known_of(self.account, jobs, *(each.reply for each in told.values()))
        readings = []
        for job in jobs:
            news = News(timezone.now(), known[job.pk])
            if job.pk in told:
                news.asked_at, news.reply = told[job.pk].asked_at, told[job.pk].reply
            job.account = self.account
            readings.append(Reading(job, news, self.pace if live.is_watched(job.pk) else None))
        return readings

    def go_on(self) -> bool:
        if not self.is_well:
            self.waiting.clear()
        room = max(min(self.width, self.allowed) - len(self.under_way), 0)
        errands, self.waiting = self.waiting[:room], self.waiting[room:]
        is_alone = len(errands) == 1 and not self.under_way
        for errand in errands:
            self.under_way[self.begun(errand, is_alone=is_alone)] = errand
        self.land()
        return bool(errands or self.under_way or self.waiting)

    def begun(self, errand: Errand, *, is_alone: bool) -> Future[None]:
        """Nobody waits for a thread where there is one thing to ask."""
        if not is_alone:
            return self.pool.submit(errand.ask, self.client)
        asked: Future[None] = Future()
        try:
            errand.ask(self.client)
        except Exception as fault:  # noqa: BLE001 (who lands it tells of it, as of a thread's)
            asked.set_exception(fault)
        else:
            asked.set_result(None)
        return asked

    def land(self) -> None:
        done, _ = wait(self.under_way, LOOK_UP, FIRST_COMPLETED)
        came = [(self.under_way.pop(each), each.exception()) for each in done]
        came.sort(key=lambda each: each[0].job.pk)
        for some in batches(came, MOST_TOGETHER):
            with transaction.atomic():
                store.announce(
                    *[errand.job for errand, fault in some if self.has_news(errand, fault)]
                )
            for errand, fault in some:
                if fault is None:
                    self.follow(errand)

    def has_news(self, errand: Errand, fault: BaseException | None) -> bool:
        """Write what one errand brought; say whether a page would show it."""
        if isinstance(fault, UpstreamError):
            self.concern = self.concern or fault
            return False
        try:
            if fault is not None:
                raise fault
            return errand.write()
        except Exception as broken:
            with about(job=errand.job.pk):
                log.exception("Reading job %s failed", errand.job.pk)
            words = f"Tuneboard itself failed: {type(broken).__name__}: {broken}"
            store.postpone(errand.job, words)
            return False

    def follow(self, errand: Errand) -> None:
        """What one errand says of the service, and leads to."""
        if errand.trouble:
            self.troubles += 1
            self.width = 1
        else:
            self.width = min(FASTER * self.width, MOST_AT_ONCE)
        job = errand.job
        if isinstance(errand, Reading) and job.has_ended and not is_down(job, errand.trouble):
            self.waiting += due_files(job)


def is_down(job: Job, trouble: UpstreamError | None) -> bool:
    """Whether nothing at all was to be had: then a file is not asked for in vain, and not given up."""
    unread = Job.objects.filter(pk=job.pk, failures__gt=0)
    return isinstance(trouble, Unreachable) and unread.exists()
