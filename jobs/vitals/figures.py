"""How far behind listening is, account by account, and what all processes have counted."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Min

from jobs import counting
from jobs.models import Account, Job, Process
from jobs.models.job_query import PRESENT

NONE = timedelta(0)
PATIENCE = timedelta(seconds=30)  # that who is due may wait for a worker
HEARD = timedelta(minutes=10)  # for which what a service said is left may be taken for true


class Budget(NamedTuple):
    of: str  # requests, tokens
    limit: int
    remaining: int


class Lag(NamedTuple):
    """An account, how late it is, and its jobs that should have been read by now."""

    account: Account
    late: timedelta
    due: int
    jobs_late: timedelta
    budgets: list[Budget]

    @property
    def remedy(self) -> str:
        """What a person should do about it, if anything."""
        if self.account.is_failing:
            return "Test the connection at the account; its page says what is wrong."
        if max(self.late, self.jobs_late) > PATIENCE:
            return "Nobody takes it up: see that workers run, or start another one."
        return ""


def lags(accounts: Iterable[Account], now: datetime, tally: counting.Tally) -> list[Lag]:
    late = Job.objects.filter(PRESENT).due(now).order_by().values("account")
    by_account: Mapping[int, Any] = {
        row["account"]: row for row in late.annotate(due=Count("pk"), since=Min("next_poll_at"))
    }
    found = []
    for account in accounts:
        row = by_account.get(account.pk, {"due": 0, "since": now})
        is_listened_to = account.next_poll_at is not None
        found.append(
            Lag(
                account,
                max(now - (account.next_poll_at or now), NONE),
                row["due"] if is_listened_to else 0,
                now - row["since"] if is_listened_to else NONE,
                budgets(account.pk, now, tally),
            )
        )
    return found


def budgets(account: int, now: datetime, tally: counting.Tally) -> list[Budget]:
    """What is left of what the service allows, by its own word of a while ago at most."""
    found = []
    for of in ("requests", "tokens"):
        keys = [f"budget_{what}|{account}|{of}" for what in ("limit", "remaining")]
        told = [tally["levels"].get(key) for key in keys]
        if all(each and now.timestamp() - each[0] < HEARD.total_seconds() for each in told):
            found.append(Budget(of, *(int(each[1]) for each in told if each)))
    return found


def alive(now: datetime) -> dict[str, int]:
    """How many of each kind give signs of life."""
    kinds = (Process.Kind.WEB, Process.Kind.WORKER, Process.Kind.BEAT)
    return {kind.value: Process.objects.alive(kind, now).count() for kind in kinds}
