from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from pytest_django import DjangoAssertNumQueries

from jobs.models import Account, Pulse
from jobs.views.kept import Kept
from tests.making import make_job

pytestmark = pytest.mark.django_db


def test_a_list_is_made_once_for_all_who_read_it(
    browser: Client, django_user_model, django_assert_num_queries: DjangoAssertNumQueries
):
    make_job(name="support-bot")
    Pulse.raise_version()
    browser.get(reverse("job_list"))
    other = Client()
    other.force_login(django_user_model.objects.create_user("bob"))

    with django_assert_num_queries(9):  # five for what is bob's own: his desk, views and news
        other.get(reverse("job_list"))
    with django_assert_num_queries(4):  # the session, its user, their standing, the pulse
        page = other.get(reverse("job_list")).content.decode()

    assert "support-bot" in page
    assert "bob" in page
    assert "alice" not in page


def test_a_new_version_is_shown_at_once(browser: Client):
    browser.get(reverse("job_list"))

    make_job(name="support-bot")
    Pulse.raise_version()

    assert "support-bot" in browser.get(reverse("job_list")).content.decode()
    assert "support-bot" in browser.get(reverse("job_rows")).content.decode()


def test_each_list_is_kept_apart(browser: Client):
    make_job(name="support-bot")
    browser.get(reverse("job_list"))

    page = browser.get(reverse("job_list"), {"state": "failed"}).content.decode()

    assert "support-bot" not in page


def test_an_account_is_missed_until_there_is_one(browser: Client):
    assert reverse("account_add") in browser.get(reverse("job_list")).content.decode()

    browser.post(
        reverse("account_add"),
        {
            "name": "Ours",
            "base_url": "https://api.test/v1",
            "dialect": "openai",
            "api_key": "sk-test",
        },
    )

    assert Account.objects.exists()
    assert "No account yet" not in browser.get(reverse("job_list")).content.decode()


def test_a_poller_that_falls_silent_shows_without_a_new_version(browser: Client):
    Pulse.beat(timezone.now())
    assert "Listening has stopped" not in browser.get(reverse("job_list")).content.decode()

    Pulse.beat(timezone.now() - timedelta(minutes=1))

    assert "Listening has stopped" in browser.get(reverse("job_list")).content.decode()


def test_what_is_kept_does_not_grow_without_end():
    pulse = Pulse()
    kept: Kept[SafeString] = Kept(10)

    for key in range(25):
        kept.piece(key, pulse, SafeString)

    assert len(kept.pieces) <= 10
