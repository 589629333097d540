import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from jobs.models import Account, Job
from jobs.models.account import LEASE
from tests.making import make_account, make_job

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.django_db
def test_of_two_workers_that_saw_the_same_account_one_gets_it():
    account = make_account(next_poll_at=NOW)

    claims = [Account.objects.claim(account.pk, NOW, NOW) for _ in range(2)]

    assert claims == [True, False]


@pytest.mark.django_db
def test_a_claimed_account_is_due_again_when_its_lease_runs_out():
    account = make_account(next_poll_at=NOW)

    assert Account.objects.claim_due(NOW) == [account.pk]
    assert Account.objects.claim_due(NOW) == []
    assert Account.objects.claim_due(NOW + LEASE) == [account.pk]


@pytest.mark.django_db
def test_who_lost_the_lease_holds_nothing_and_writes_no_time():
    account = make_account(next_poll_at=NOW)
    Account.objects.poll_soon()
    asked = Account.objects.get().next_poll_at

    assert not account.renew(NOW)
    account.rest(NOW, at_least=timedelta(seconds=1))

    assert Account.objects.get().next_poll_at == asked


@pytest.mark.django_db
def test_jobs_that_live_are_more_urgent_than_history():
    history = make_job(next_poll_at=NOW - timedelta(hours=1), state=Job.State.FAILED, ended_at=NOW)
    later = make_job(next_poll_at=NOW - timedelta(seconds=1))
    sooner = make_job(next_poll_at=NOW - timedelta(seconds=9))
    make_job(next_poll_at=None)

    assert Job.objects.most_urgent(NOW) == [sooner]
    assert Job.objects.most_urgent(NOW, 9) == [sooner, later, history]
    assert Job.objects.most_urgent(NOW, 9, but=[sooner.pk]) == [later, history]


@pytest.mark.django_db(transaction=True)
def test_eight_workers_claim_each_of_two_hundred_accounts_once():
    for number in range(200):
        make_account(name=f"Account {number}", next_poll_at=NOW)
    claimed: list[int] = []

    def work() -> None:
        try:
            claimed.extend(Account.objects.claim_due(NOW))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(claimed) == len(set(claimed)) == 200
