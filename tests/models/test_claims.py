import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from jobs.models import Job
from jobs.models.claims import LEASE
from tests.making import make_job

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.django_db
def test_of_two_workers_that_saw_the_same_job_one_gets_it():
    job = make_job(next_poll_at=NOW)

    claims = [Job.objects.claim(job.pk, NOW, NOW) for _ in range(2)]

    assert claims == [True, False]


@pytest.mark.django_db
def test_a_claimed_job_is_due_again_when_its_lease_runs_out():
    job = make_job(next_poll_at=NOW)

    assert Job.objects.claim_due(NOW) == [job.pk]
    assert Job.objects.claim_due(NOW) == []
    assert Job.objects.claim_due(NOW + LEASE) == [job.pk]


@pytest.mark.django_db
def test_jobs_that_wait_longest_come_first_and_settled_ones_never():
    late = make_job(next_poll_at=NOW - timedelta(seconds=1))
    later = make_job(next_poll_at=NOW - timedelta(seconds=9))
    make_job(next_poll_at=None)
    make_job(next_poll_at=NOW + timedelta(seconds=1))

    assert Job.objects.claim_due(NOW) == [later.pk, late.pk]


@pytest.mark.django_db(transaction=True)
def test_eight_workers_claim_each_of_two_hundred_jobs_once():
    for _ in range(200):
        make_job(next_poll_at=NOW)
    claimed: list[int] = []

    def work() -> None:
        try:
            claimed.extend(Job.objects.claim_due(NOW, limit=200))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(claimed) == len(set(claimed)) == 200
