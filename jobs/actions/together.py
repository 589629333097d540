"""One action asked of many jobs: each is on record and on its way by itself, and has its own outcome."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.models import User

from jobs.actions.asking import Busy
from jobs.actions.on_job import offers, tell
from jobs.models import Action, Job

NO_ANSWER = frozenset({Action.Outcome.UNKNOWN, Action.Outcome.UNSENT})
SILENT = "Not sent: its service has just given no answer for another job."


class Told(NamedTuple):
    """What became of one job's action: `level` is one of Django's messages."""

    job: Job
    level: int
    words: str

    @property
    def level_tag(self) -> str:
        return messages.DEFAULT_TAGS[self.level]


def ask_together(jobs: Iterable[Job], verb: str, by: User, why: str) -> Iterator[Told]:
    """One after the other. A service that gives no answer is not waited for a second time."""
    silent: set[int] = set()
    for job in jobs:
        offer = offers(job)[verb]
        if not offer.is_legal:
            yield Told(job, messages.WARNING, f"Not sent: {offer.why_not}")
        elif job.account_id in silent:
            yield Told(job, messages.WARNING, SILENT)
        else:
            try:
                action = offer.ask(job, by=by, why=why)
            except Busy as busy:
                yield Told(job, messages.WARNING, f"Not sent: {busy}.")
                continue
            if action.outcome in NO_ANSWER:
                silent.add(job.account_id)
            yield Told(job, *tell(action))
