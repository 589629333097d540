"""A page that did not change is not sent again, and nobody is told so who may not see it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jobs.models import Pulse
from tests.making import make_job

pytestmark = pytest.mark.django_db

PAGE = reverse("job_list")


def come_back(browser: Client, tag: str, **query: str):
    return browser.get(PAGE, query, headers={"If-None-Match": tag})


@pytest.fixture
def tag(browser: Client) -> str:
    """Of the page as alice has it in her browser."""
    make_job()
    Pulse.raise_version()
    Pulse.beat(timezone.now())
    return str(browser.get(PAGE).headers["ETag"])


def test_an_unchanged_list_costs_one_query_and_no_bytes(
    browser: Client, tag: str, django_assert_num_queries: DjangoAssertNumQueries
):
    with django_assert_num_queries(1):
        reply = come_back(browser, tag)

    assert reply.status_code == 304
    assert reply.content == b""
    assert reply.headers["ETag"] == tag


def test_a_tag_that_a_proxy_made_weak_is_known_too(browser: Client, tag: str):
    assert come_back(browser, f"W/{tag}").status_code == 304


def test_a_change_of_any_job_sends_the_list_again(browser: Client, tag: str):
    Pulse.raise_version()

    assert come_back(browser, tag).status_code == 200


def test_a_poller_that_fell_silent_is_told(browser: Client, tag: str):
    Pulse.beat(timezone.now() - timedelta(minutes=1))

    assert come_back(browser, tag).status_code == 200


def test_another_list_is_another_page(browser: Client, tag: str):
    assert come_back(browser, tag, state="failed").status_code == 200


def test_a_tag_is_good_for_its_owner_alone(tag: str, django_user_model: type[User]):
    other = Client()
    other.force_login(django_user_model.objects.create_user("bob"))

    assert come_back(other, tag).status_code == 200


def test_nobody_hears_that_nothing_changed_without_signing_in(tag: str):
    assert come_back(Client(), tag).status_code == 302


def test_who_signed_out_must_sign_in(browser: Client, tag: str):
    session = browser.cookies["tuneboard_session"].value
    browser.logout()
    browser.cookies["tuneboard_session"] = session

    assert come_back(browser, tag).status_code == 302


def test_an_expired_session_is_noticed(browser: Client, tag: str):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert come_back(browser, tag).status_code == 302


def test_a_deactivated_user_is_noticed(browser: Client, alice: User, tag: str):
    alice.is_active = False
    alice.save()

    assert come_back(browser, tag).status_code == 302


def test_a_password_changed_elsewhere_ends_this_session(browser: Client, alice: User, tag: str):
    alice.set_password("another horse battery")
    alice.save()

    assert come_back(browser, tag).status_code == 302


def test_a_deleted_user_is_noticed(browser: Client, alice: User, tag: str):
    alice.delete()

    assert come_back(browser, tag).status_code == 302


@pytest.mark.parametrize(
    "forged", ['"1-"', '"x-y"', "*", f'"1-{"0" * 32}"', f'"{"9" * 30}-{"0" * 32}"']
)
def test_a_forged_tag_gets_the_page(browser: Client, forged: str):
    make_job()

    assert come_back(browser, forged).status_code == 200


def test_a_message_is_shown_once(browser: Client, tag: str):
    browser.post(
        reverse("password"),
        {
            "old_password": "correct horse battery",
            "new_password1": "another horse battery",
            "new_password2": "another horse battery",
        },
    )
    told = come_back(browser, tag)

    assert "Your password is set" in told.content.decode()
    assert "ETag" not in told.headers


def test_a_post_is_never_not_modified(browser: Client, tag: str):
    assert browser.post(PAGE, headers={"If-None-Match": tag}).status_code == 405
