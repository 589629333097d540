import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

from dashboard.up import first_start
from jobs.models import Account
from tests.making import make_account

pytestmark = pytest.mark.django_db


def test_a_migrated_database_is_left_alone():
    assert first_start.is_migrated()


def test_one_migration_that_is_not_applied_is_seen():
    newest = MigrationRecorder.Migration.objects.filter(app="jobs").latest("name")
    newest.delete()

    assert not first_start.is_migrated()


def test_the_sandbox_is_the_first_account(settings):
    settings.SANDBOX_PORT = 9001

    first_start.sandbox_account()

    account = Account.objects.get()
    assert (account.name, account.base_url) == ("Sandbox", "http://127.0.0.1:9001/v1")


def test_it_follows_its_port(settings):
    first_start.sandbox_account()
    settings.SANDBOX_PORT = 9002

    first_start.sandbox_account()

    assert Account.objects.get().base_url == "http://127.0.0.1:9002/v1"


def test_an_account_that_a_person_made_is_not_touched():
    mine = make_account(name="Sandbox")

    first_start.sandbox_account()

    assert list(Account.objects.all()) == [mine]
    assert Account.objects.get().base_url == "https://api.test/v1"


def test_the_first_start_makes_an_administrator_and_a_link_that_works_once(client):
    link = first_start.way_in()

    path = link.removeprefix("http://localhost:8000")
    assert client.get(path).headers["Location"] == "/"
    assert User.objects.get().is_superuser
    assert not User.objects.get().has_usable_password()


def test_a_later_start_makes_no_second_administrator():
    assert first_start.way_in() != first_start.way_in()

    assert User.objects.count() == 1


def test_an_administrator_with_a_password_gets_no_link():
    User.objects.create_superuser("ann", password="correct horse battery")

    assert "/sign-in/" not in first_start.way_in()


def test_the_command_prints_a_link(capsys, client):
    call_command("signin_link", "ann", "--create")

    path = capsys.readouterr().out.strip().removeprefix("http://localhost:8000")
    assert client.get(path).status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(username="ann").pk)


def test_the_command_makes_nobody_by_mistake():
    with pytest.raises(CommandError, match="no user 'anm'"):
        call_command("signin_link", "anm")
    assert not User.objects.exists()


def test_the_command_lets_nobody_in_who_may_not_sign_in():
    User.objects.create_user("bob", is_active=False)

    with pytest.raises(CommandError, match="may not sign in"):
        call_command("signin_link", "bob")
