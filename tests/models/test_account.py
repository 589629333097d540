from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.utils import timezone

from jobs.models import Account, Job, Order
from jobs.models.seal import SealBroken
from tests.making import make_account, make_job, make_order

pytestmark = pytest.mark.django_db


def stored_key(account: Account) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_key FROM jobs_account WHERE id = %s", [account.pk])
        return cursor.fetchone()[0]


def test_the_key_rests_encrypted():
    account = make_account(api_key="sk-very-secret")

    assert "secret" not in stored_key(account)
    assert Account.objects.get(pk=account.pk).api_key == "sk-very-secret"


def test_a_new_first_key_encrypts_while_the_old_one_still_decrypts(settings):
    account = make_account(api_key="sk-very-secret")
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]

    assert Account.objects.get(pk=account.pk).api_key == "sk-very-secret"


def test_a_lost_key_is_an_error_that_says_what_to_do(settings):
    account = make_account()
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(SealBroken, match=r"ENCRYPTION_KEYS.*enter the API key anew"):
        _ = Account.objects.get(pk=account.pk).api_key


def test_a_changed_account_shows_in_its_jobs_rows():
    job = make_job()

    job.account.changed()

    assert Job.objects.get().revision == job.revision + 1


def test_an_account_that_was_left_is_silent_and_keeps_its_jobs():
    account = make_job().account
    Account.objects.update(last_error="no route", failing_since=timezone.now())
    account.refresh_from_db()

    account.leave()

    account.refresh_from_db()
    assert account.is_silent
    assert not Account.objects.failing().exists()
    Account.objects.poll_soon()
    Account.objects.wake()
    assert not Account.objects.due(timezone.now()).exists()


def test_an_account_without_jobs_goes_when_it_is_left():
    make_account().leave()

    assert not Account.objects.exists()


def test_an_account_with_an_order_stays_when_it_is_left():
    order = make_order()

    order.account.leave()

    assert Order.objects.get().account.is_silent


def test_whoever_begins_to_look_wakes_what_rests_but_not_what_fails():
    later = timezone.now() + timedelta(seconds=30)
    resting = make_account(name="Rests", next_poll_at=later, next_list_at=later)
    make_account(name="Fails", next_poll_at=later, next_list_at=later, last_error="no route")

    Account.objects.wake()

    assert list(Account.objects.due(timezone.now())) == [resting]
