"""A process's sign of life: a thread that writes its row every few seconds, and once more at the end.

Where the database is away it goes on, and the next beat tells all that was counted meanwhile. Of a process
that is killed, what it counted since its last beat is lost, and its row says when that was.
"""

import logging
import time
from datetime import UTC, datetime
from threading import Event, Thread

from django.db import Error, close_old_connections, connection
from django.utils import timezone

from dashboard import __version__
from jobs import counting
from jobs.models import Process

EVERY = 5.0  # seconds between two beats
LAST_BEAT = 2.0  # seconds that the end may wait for the last one
GATHER_EVERY = 60.0

log = logging.getLogger(__name__)


class Heart:
    def __init__(self, kind: Process.Kind, counts: counting.Counts = counting.here) -> None:
        self.kind = kind
        self.counts = counts
        self.process: Process | None = None
        self.told_before: counting.Tally = {}  # in rows that are no longer ours
        self.gathered = time.monotonic()
        self.was_heard = True
        self.stopping = Event()
        self.thread = Thread(target=self.run, name="heart", daemon=True)

    def begin(self) -> None:
        self.thread.start()

    def end(self) -> None:
        self.stopping.set()
        self.thread.join(LAST_BEAT)

    def run(self) -> None:
        self.beat()
        while not self.stopping.wait(EVERY):
            close_old_connections()
            self.beat()
        self.beat(is_last=True)
        connection.close()

    def beat(self, *, is_last: bool = False) -> None:
        try:
            self.write(is_last)
            if time.monotonic() - self.gathered > GATHER_EVERY:
                self.gathered = time.monotonic()
                Process.objects.gather(timezone.now())
        except Error as error:
            if self.was_heard:
                log.warning("The %s cannot write its sign of life: %s", self.kind, error)
            self.was_heard = False
        else:
            self.was_heard = True

    def write(self, is_last: bool) -> None:
        process = self.process or Process.begin(self.kind, __version__)
        if self.counts.worked_at:
            process.worked_at = datetime.fromtimestamp(self.counts.worked_at, UTC)
        process.ended_at = timezone.now() if is_last else None
        self.process = process
        if not process.write(counting.since(self.counts.tally(), self.told_before)):
            # Taken for gone: what we told lives on among those of former times, and we begin anew.
            self.told_before = counting.total([self.told_before, process.tally])
            self.process = None
