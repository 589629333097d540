from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobs.models import Account
from tests.making import make_account, make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Prod",
    "dialect": "openai",
    "base_url": "https://api.test/v1/",
    "api_key": "sk-live-secret",
    "organization": "org-1",
    "project": "",
}


def test_an_account_is_added_and_listened_to_at_once(browser: Client):
    browser.post(reverse("account_add"), FORM)

    account = Account.objects.get()
    assert (account.base_url, account.api_key) == ("https://api.test/v1", "sk-live-secret")
    assert Account.objects.due(timezone.now()).exists()


@pytest.mark.parametrize("name", ["account_list", "account_detail"])
def test_a_key_is_never_shown_again(browser: Client, name: str):
    account = make_account(api_key="sk-live-secret")

    html = browser.get(reverse(name, args=[account.pk] if "detail" in name else [])).content

    assert b"sk-live-secret" not in html


def test_a_rejected_form_does_not_give_the_key_back(browser: Client):
    html = browser.post(reverse("account_add"), FORM | {"base_url": "nowhere at all"}).content

    assert b"sk-live-secret" not in html


def test_an_empty_key_keeps_the_stored_one(browser: Client):
    account = make_account(api_key="sk-live-secret")

    browser.post(reverse("account_detail", args=[account.pk]), FORM | {"api_key": ""})

    account.refresh_from_db()
    assert (account.name, account.api_key) == ("Prod", "sk-live-secret")


def test_a_new_account_needs_a_key(browser: Client):
    html = browser.post(reverse("account_add"), FORM | {"api_key": ""}).content.decode()

    assert "Paste the key" in html
    assert not Account.objects.exists()


def test_a_renamed_account_shows_in_the_list(browser: Client):
    make_job()
    browser.get(reverse("job_list"))

    browser.post(reverse("account_detail", args=[make_account().pk]), FORM)

    assert b"Prod" in browser.get(reverse("job_list")).content


def test_the_test_says_exactly_what_works(browser: Client, upstream: FakeUpstream):
    upstream.add("ftjob-1")
    upstream.broken_paths["models"] = httpx.Response(
        403, json={"error": {"message": "You have insufficient permissions"}}
    )

    html = browser.post(reverse("account_test_new"), FORM | {"name": ""}).content.decode()

    assert "ftjob-1" in html
    assert "insufficient permissions" in html
    assert not Account.objects.exists()


def test_the_test_of_a_stored_account_uses_its_key_and_saves_nothing(browser, upstream):
    account = make_account()
    upstream.broken = httpx.Response(401, json={"error": {"message": "Incorrect API key"}})

    html = browser.post(
        reverse("account_test", args=[account.pk]), FORM | {"api_key": "", "name": "Other"}
    ).content.decode()

    assert "all of it was pasted" in html
    assert Account.objects.get().name == "Test"


@pytest.mark.parametrize("name", ["account_test", "account_detail"])
def test_a_stored_key_is_never_sent_to_another_server(browser, upstream: FakeUpstream, name: str):
    account = make_account(api_key="sk-live-secret")
    elsewhere = FORM | {"api_key": "", "base_url": "https://evil.example/v1"}

    html = browser.post(reverse(name, args=[account.pk]), elsewhere).content.decode()

    account.refresh_from_db()
    assert "another server" in html
    assert account.base_url == "https://api.test/v1"
    assert upstream.asked == []


def test_a_change_of_the_form_leaves_the_columns_of_the_poller_alone(browser: Client):
    account = make_account(base_url="https://api.test/v1")
    Account.objects.update(listing_after="ftjob-7", failures=3)

    browser.post(reverse("account_detail", args=[account.pk]), FORM | {"api_key": ""})

    account.refresh_from_db()
    assert (account.name, account.listing_after, account.failures) == ("Prod", "ftjob-7", 3)


def test_a_key_that_cannot_be_opened_breaks_no_page(browser: Client):
    job = make_job()
    Account.objects.update(sealed_key="gAAAAA-of-another-installation")

    for address in (
        reverse("job_list"),
        reverse("account_list"),
        reverse("account_detail", args=[job.account.pk]),
        job.get_absolute_url(),
    ):
        assert browser.get(address).status_code == 200


def test_an_account_can_be_left_and_listened_to_again(browser: Client):
    account = make_job(account=make_account(base_url="https://api.test/v1")).account

    browser.post(reverse("account_leave", args=[account.pk]))
    assert b"Not listened to" in browser.get(reverse("account_list")).content
    browser.post(reverse("account_detail", args=[account.pk]), FORM | {"api_key": ""})

    account.refresh_from_db()
    assert not account.is_silent


def test_the_address_of_one_service_is_not_taken_for_another(browser: Client):
    given = FORM | {"dialect": "azure", "base_url": "https://api.openai.com/v1"}

    html = browser.post(reverse("account_add"), given).content.decode()

    assert "another one" in html
    assert not Account.objects.exists()


def test_an_admin_key_is_kept_sealed_until_a_hyphen_removes_it(browser: Client):
    account = make_account()
    url = reverse("account_detail", args=[account.pk])
    kept = FORM | {"base_url": "https://api.test/v1", "api_key": ""}
    for typed, stored in (("sk-admin-1", "sk-admin-1"), ("", "sk-admin-1"), ("-", "")):
        browser.post(url, kept | {"admin_key": typed})

        account.refresh_from_db()
        assert account.admin_key == stored


def test_a_stored_admin_key_is_not_sent_to_another_server(browser: Client):
    account = make_account()
    account.admin_key = "sk-admin-1"
    account.save()
    elsewhere = FORM | {"base_url": "https://evil.test/v1", "api_key": "sk-other"}

    html = browser.post(reverse("account_detail", args=[account.pk]), elsewhere).content.decode()

    assert "enter its key, or a hyphen" in html
    assert Account.objects.get().base_url == "https://api.test/v1"


def past(account: Account, read: int, unread: int) -> None:
    """So many jobs that ended long ago, of which some were read within the last minute."""
    now = timezone.now()
    ended = {"account": account, "state": "succeeded", "ended_at": now - timedelta(days=9)}
    for number in range(read):
        done = {"end_seen_at": ended["ended_at"], "next_poll_at": None}
        done["checkpoints_at"] = now - timedelta(seconds=50 - number)
        make_job(**ended, **done, upstream_id=f"ftjob-read-{number}")
    for number in range(unread):
        make_job(**ended, next_poll_at=now, upstream_id=f"ftjob-unread-{number}")


@pytest.mark.parametrize("name", ["account_list", "account_detail"])
def test_it_says_how_far_the_past_is_read_and_how_long_that_will_take(browser: Client, name: str):
    account = make_account(confirmed_at=timezone.now(), listed_at=timezone.now())
    past(account, read=10, unread=30)

    html = browser.get(reverse(name, args=[account.pk] if "detail" in name else [])).content

    assert "10 of 40 jobs read, about 3 min left" in html.decode()


def test_a_pace_is_not_told_before_all_jobs_are_listed(browser: Client):
    account = make_account(confirmed_at=timezone.now(), listed_at=None)
    past(account, read=10, unread=30)

    html = browser.get(account.get_absolute_url()).content

    assert "10 of 40 jobs read, and more to list" in html.decode()


def test_a_past_that_is_read_is_not_mentioned(browser: Client):
    account = make_account(confirmed_at=timezone.now(), listed_at=timezone.now())
    past(account, read=30, unread=3)

    html = browser.get(account.get_absolute_url()).content

    assert "jobs read" not in html.decode()
