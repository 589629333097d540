import pytest
from cryptography.fernet import Fernet
from django.db import connection

from jobs.models import Account, Job
from jobs.models.seal import SealBroken
from tests.making import make_account, make_job

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
