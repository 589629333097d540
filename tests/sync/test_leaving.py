import httpx
import pytest
from django.utils import timezone

from jobs.models import Account
from jobs.sync import listen
from tests.making import make_account, make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(upstream: FakeUpstream) -> Account:
    return make_account()


@pytest.mark.parametrize("has_jobs", [True, False])
def test_an_account_that_is_left_during_a_round_stays_left(account, upstream, has_jobs: bool):
    if has_jobs:
        make_job(account=account, upstream_id="ftjob-1")
    upstream.meanwhile = lambda: Account.objects.get().leave() if Account.objects.exists() else None
    upstream.broken = httpx.ConnectError("no route")
    Account.objects.poll_soon()
    Account.objects.claim_due(timezone.now())

    listen(account.pk)

    assert [left.is_silent for left in Account.objects.all()] == [True] * has_jobs
    assert not Account.objects.exclude(last_error="").exists()


def test_an_account_removed_before_its_round_begins_is_borne(account: Account):
    account.delete()

    listen(account.pk)

    assert not Account.objects.exists()
