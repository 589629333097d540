import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from jobs.models import SigninLink
from jobs.views.signin import MOST_FAILURES

pytestmark = pytest.mark.django_db


def test_a_link_from_the_console_signs_in_once(client: Client, alice: User):
    address = reverse("sign_in_by_link", args=[SigninLink.make(alice)])

    assert client.get(address).headers["Location"] == reverse("job_list")
    assert client.get(reverse("job_list")).status_code == 200

    again = Client().get(address)
    assert again.status_code == 410
    assert "signin_link" in again.content.decode()


def test_a_password_signs_in_and_leads_back(client: Client, alice: User):
    form = {"username": "alice", "password": "correct horse battery", "next": "/jobs/7"}

    assert client.post(reverse("sign_in"), form).headers["Location"] == "/jobs/7"


def test_it_does_not_lead_to_another_site(client: Client, alice: User):
    form = {"username": "alice", "password": "correct horse battery", "next": "//evil.test/"}

    assert client.post(reverse("sign_in"), form).headers["Location"] == reverse("job_list")


def test_guessing_is_slowed_down(client: Client, alice: User):
    for _ in range(MOST_FAILURES):
        client.post(reverse("sign_in"), {"username": "alice", "password": "wrong"})

    right = {"username": "alice", "password": "correct horse battery"}
    reply = client.post(reverse("sign_in"), right)

    assert "wait ten minutes" in reply.content.decode()


def test_whoever_came_by_a_link_may_set_a_first_password(client: Client, alice: User):
    alice.set_unusable_password()
    alice.save()
    client.force_login(alice)
    words = "a new and long password"

    client.post(reverse("password"), {"new_password1": words, "new_password2": words})

    alice.refresh_from_db()
    assert alice.check_password(words)
    assert client.get(reverse("job_list")).status_code == 200


def test_a_changed_password_ends_other_sessions(browser: Client, alice: User):
    other = Client()
    other.force_login(alice)
    words = "a new and long password"
    form = {"old_password": "correct horse battery", "new_password1": words, "new_password2": words}

    browser.post(reverse("password"), form)

    assert browser.get(reverse("job_list")).status_code == 200
    assert other.get(reverse("job_list")).status_code == 302


def test_signing_out_needs_a_click_of_ours(browser: Client):
    assert browser.get(reverse("sign_out")).status_code == 405
    browser.post(reverse("sign_out"))
    assert browser.get(reverse("job_list")).status_code == 302
