"""manage.py rotate_keys: afterwards the newest key opens everything, and the old ones may go."""

import io

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from jobs.models import Account
from tests.making import make_account

pytestmark = pytest.mark.django_db


def put_in_front(settings) -> str:
    """A new key before the one that everything was encrypted with."""
    newest = Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [newest, *settings.ENCRYPTION_KEYS]
    return newest


def rotate() -> str:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def test_the_old_key_may_go(settings):
    account = make_account(api_key="sk-one")
    account.admin_key = "sk-admin"
    account.save()
    make_account(name="without an admin key", api_key="sk-two")
    newest = put_in_front(settings)

    told = rotate()

    settings.ENCRYPTION_KEYS = [newest]
    assert "Encrypted anew: 2. Unreadable: 0." in told
    assert "restart without the others" in told
    assert "sk-" not in told
    stored = {each.api_key: each.admin_key for each in Account.objects.all()}
    assert stored == {"sk-one": "sk-admin", "sk-two": ""}


def test_a_second_run_writes_nothing(settings):
    make_account()
    put_in_front(settings)
    rotate()
    before = Account.objects.values_list("sealed_key").get()

    assert "Encrypted anew: 0." in rotate()

    assert Account.objects.values_list("sealed_key").get() == before


def test_what_nothing_opens_is_named_and_the_rest_is_done(settings):
    make_account(name="readable", api_key="sk-good")
    sealed = Fernet(Fernet.generate_key()).encrypt(b"sk-lost").decode()
    make_account(name="of another machine")
    Account.objects.filter(name="of another machine").update(sealed_key=sealed)
    newest = put_in_front(settings)

    with pytest.raises(CommandError, match=r"keys of of another machine\. Put the missing key"):
        rotate()

    settings.ENCRYPTION_KEYS = [newest]
    assert Account.objects.get(name="readable").api_key == "sk-good"
    assert Account.objects.get(name="of another machine").sealed_key == sealed


def test_a_key_that_is_entered_meanwhile_stays(settings):
    seen_before = make_account(api_key="sk-old")
    elsewhere = Account.objects.get()
    elsewhere.api_key = "sk-entered-meanwhile"
    elsewhere.save()
    put_in_front(settings)

    assert seen_before.reseal()

    assert Account.objects.get().api_key == "sk-entered-meanwhile"
