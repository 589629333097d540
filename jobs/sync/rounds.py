"""One account at a time: what is most urgent there, again and again, while we hold it.

An account is the unit of work because providers fail, hang and limit by account: a service that hangs
costs its own round and nobody else's. Jobs that live come before the history of an import. A round is
bounded in time; what it leaves is due at the next tick. Whatever goes wrong is written on the account
or the job, with the time of the next try: nothing fails in silence, and nothing is tried for ever.
"""

import logging
import time

from django.utils import timezone

from dashboard.logs import about
from jobs import counting, gateway, live
from jobs.models import Account, Pulse
from jobs.sync.discover import read_list
from jobs.sync.inventory import take_inventory
from jobs.sync.readings import Readings
from jobs.sync.schedule import TICK, backoff, list_wait
from jobs.upstream import FineTuningClient, UpstreamError

ROUND = 10.0  # seconds after which a round begins nothing new
PATIENCE = 2.0  # seconds that a worker may sleep before it asks again: the next round comes soon

log = logging.getLogger(__name__)


def listen(pk: int) -> None:
    """A round of this account, which the caller has claimed; it may be gone by now."""
    account = Account.objects.filter(pk=pk).first()
    if account is None:
        return
    was_failing = account.is_failing
    began = time.monotonic()
    with about(account=pk):
        trouble = hear_out(account)
        if was_failing != account.is_failing:
            Pulse.raise_version()
            live.announce()
            if trouble:
                log.warning("The account fails: %s", trouble)
            else:
                log.info("The account answers again")
    count(pk, trouble, time.monotonic() - began)


def hear_out(account: Account) -> Exception | None:
    """Give what went wrong with the whole account; it is written there."""
    try:
        with gateway.connect(account, PATIENCE) as client:
            work_through(account, client)
    except UpstreamError as trouble:
        wait = backoff(account.failures + 1, trouble.retry_after)
        account.failed(str(trouble), timezone.now(), wait)
        return trouble
    except Exception as fault:
        log.exception("Listening to account %s failed", account.pk)
        words = f"Tuneboard itself failed while reading ({type(fault).__name__}: {fault})."
        account.failed(words, timezone.now(), backoff(account.failures + 1))
        return fault
    return None


def count(account: int, trouble: Exception | None, seconds: float) -> None:
    counting.here.took(seconds, "round_seconds")
    counting.here.add("rounds", account, "failed" if trouble else "ok")
    if trouble:
        kind = type(trouble).__name__ if isinstance(trouble, UpstreamError) else "Fault"
        counting.here.add("errors", account, kind)


def work_through(account: Account, client: FineTuningClient) -> None:
    ends = time.monotonic() + ROUND
    with Readings(account, client) as readings:
        while readings.is_well and time.monotonic() < ends:
            now = timezone.now()
            if not account.renew(now):
                readings.finish()
                return
            if account.next_list_at <= now:
                keep_list(account, client, readings)
            elif account.next_inventory_at <= now:
                readings.finish()
                take_inventory(account, client)
            elif not readings.take_up(now):
                break
        readings.finish()
    at_least = max(TICK * 0.8, readings.pause)  # under a tick: the next one finds it due
    account.rest(timezone.now(), at_least)


def keep_list(account: Account, client: FineTuningClient, readings: Readings) -> None:
    """What the list told is stored before we remember that it was read."""
    readings.read(read_list(account, client))
    now = timezone.now()
    active = account.jobs.active().count()
    wait = list_wait(active, readings.pace if live.is_watched() else None)
    account.next_list_at = now if account.listing_after else now + wait
    account.keep("next_list_at", "listing_after", "listing_began_at", "listed_at")
    account.answered(now)
