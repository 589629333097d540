from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.sessions import Backend, SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    store = SessionStore()
    store["place"] = "here"
    store.create()
    return str(store.session_key)


def test_a_session_is_read_by_one_query(key):
    with CaptureQueriesContext(connection) as queries:
        assert SessionStore(key)["place"] == "here"

    assert len(queries) == 1


def test_an_expired_session_is_none(key):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    store = SessionStore(key)

    assert "place" not in store
    assert store.session_key is None


def test_an_altered_session_is_none(key):
    Session.objects.update(session_data="forged")

    assert "place" not in SessionStore(key)


def test_a_session_that_nobody_made_is_none():
    store = SessionStore("x" * 32)

    assert "place" not in store
    assert store.session_key is None  # the key that somebody chose is not used


@pytest.mark.parametrize("tag", [{}, {"If-None-Match": f'"1-{"a" * 32}"'}])
def test_a_cookie_that_no_database_takes_is_no_session(client, tag):
    client.cookies.load('tuneboard_session="\\000aaaaaaaaaaaaaaa"')

    assert client.get("/", headers=tag).status_code == 302


def test_a_user_is_read_by_one_query(alice):
    with CaptureQueriesContext(connection) as queries:
        user = Backend().get_user(alice.pk)
        assert (user, user.username, user.password) == (alice, "alice", alice.password)
        assert (user.is_active, user.is_staff, user.is_superuser) == (True, False, False)
        assert user.get_session_auth_hash() == alice.get_session_auth_hash()

    assert len(queries) == 1


def test_the_rest_of_a_user_comes_when_asked(alice):
    assert Backend().get_user(alice.pk).date_joined == alice.date_joined


def test_a_deactivated_or_deleted_user_is_nobody(alice):
    User.objects.update(is_active=False)
    assert Backend().get_user(alice.pk) is None

    alice.delete()
    assert Backend().get_user(alice.pk) is None


def test_a_user_read_so_can_be_saved(alice):
    user = Backend().get_user(alice.pk)
    user.set_password("another horse battery")
    user.save()

    alice.refresh_from_db()
    assert alice.check_password("another horse battery")
    assert alice.date_joined is not None
