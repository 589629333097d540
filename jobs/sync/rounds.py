"""One account at a time: what is most urgent there, again and again, while we hold it.

An account is the unit of work because providers fail, hang and limit by account: a service that hangs
costs its own round and nobody else's. Jobs that live come before the history of an import. A round is
bounded in time; what it leaves is due at the next tick. Whatever goes wrong is written on the account
or the job, with the time of the next try: nothing fails in silence, and nothing is tried for ever.
"""

import logging
import time
from datetime import timedelta

from django.utils import timezone

from jobs import gateway, live
from jobs.models import Account, Job, Pulse
from jobs.sync import store
from jobs.sync.discover import read_list
from jobs.sync.inventory import take_inventory
from jobs.sync.refresh import refresh
from jobs.sync.results import bring_results
from jobs.sync.schedule import TICK, backoff, list_wait
from jobs.upstream import FineTuningClient, Unreachable, UpstreamError

ROUND = 10.0  # seconds after which a round begins nothing new
PATIENCE = 2.0  # seconds that a worker may sleep before it asks again: the next round comes soon
MOST_TROUBLES = 2  # jobs that may fail before the list is asked whether the service is well

log = logging.getLogger(__name__)


def listen(pk: int) -> None:
    """A round of this account, which the caller has claimed; it may be gone by now."""
    account = Account.objects.filter(pk=pk).first()
    if account is None:
        return
    was_failing = account.is_failing
    try:
        with gateway.connect(account, PATIENCE) as client:
            work_through(account, client)
    except UpstreamError as trouble:
        wait = backoff(account.failures + 1, trouble.retry_after)
        account.failed(str(trouble), timezone.now(), wait)
    except Exception as fault:
        log.exception("Listening to account %s failed", account.pk)
        words = f"Tuneboard itself failed while reading ({type(fault).__name__}: {fault})."
        account.failed(words, timezone.now(), backoff(account.failures + 1))
    if was_failing != account.is_failing:
        Pulse.raise_version()
        live.announce()


def work_through(account: Account, client: FineTuningClient) -> None:
    pace = timedelta(seconds=client.dialect.watch_every)
    ends = time.monotonic() + ROUND
    troubles = 0
    while time.monotonic() < ends and troubles < MOST_TROUBLES:
        now = timezone.now()
        if not account.renew(now):
            return
        if account.next_list_at <= now:
            keep_list(account, client, pace)
        elif account.next_inventory_at <= now:
            take_inventory(account, client)
        elif job := account.jobs.most_urgent(now):
            troubles += not keep_job(account, job, client, pace)
        else:
            break
    account.rest(timezone.now(), at_least=TICK * 0.8)  # under a tick: the next one finds it due


def keep_list(account: Account, client: FineTuningClient, pace: timedelta) -> None:
    read_list(account, client, pace)
    now = timezone.now()
    active = account.jobs.active().count()
    wait = list_wait(active, pace if live.is_watched() else None)
    account.next_list_at = now if account.listing_after else now + wait
    account.keep("next_list_at", "listing_after", "listing_began_at", "listed_at")
    account.answered(now)


def keep_job(account: Account, job: Job, client: FineTuningClient, pace: timedelta) -> bool:
    """Refresh one job, and bring its results when it has ended; say whether that went well."""
    watched = pace if live.is_watched(job.pk) else None
    try:
        trouble = refresh(job, client, watched)
        if job.has_ended and not is_down(job, trouble) and account.renew(timezone.now()):
            return bring_results(job, client) and trouble is None
        return trouble is None
    except UpstreamError:
        raise
    except Exception as fault:
        log.exception("Reading job %s failed", job.pk)
        store.postpone(job, f"Tuneboard itself failed: {type(fault).__name__}: {fault}")
        return True


def is_down(job: Job, trouble: UpstreamError | None) -> bool:
    """Whether nothing at all was to be had: then a file is not asked for in vain, and not given up."""
    unread = Job.objects.filter(pk=job.pk, failures__gt=0)
    return isinstance(trouble, Unreachable) and unread.exists()
