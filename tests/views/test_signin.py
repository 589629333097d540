import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard.models import MOST_OF_ADDRESS, MOST_OF_NAME, WINDOW, SigninFailures
from jobs.models import SigninLink

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


RIGHT = {"username": "alice", "password": "correct horse battery"}


def guess(client: Client, name: str = "alice", address: str = "203.0.113.7") -> str:
    form = {"username": name, "password": "wrong"}
    return client.post(reverse("sign_in"), form, REMOTE_ADDR=address).content.decode()


def is_let_in(client: Client, address: str = "203.0.113.7") -> bool:
    reply = client.post(reverse("sign_in"), RIGHT, REMOTE_ADDR=address)
    assert reply.status_code == 302 or "wait ten minutes" in reply.content.decode()
    return reply.status_code == 302


def test_guessing_is_slowed_down(client: Client, alice: User):
    for _ in range(MOST_OF_NAME):
        assert "wait ten minutes" not in guess(client, "Alice")

    assert not is_let_in(client)
    assert is_let_in(client, address="203.0.113.8")


def test_made_up_names_wash_nothing_away(client: Client, alice: User):
    for _ in range(MOST_OF_NAME):
        guess(client)
    for number in range(MOST_OF_ADDRESS):
        for address in range(11):
            guess(client, f"junk-{number}", f"198.51.100.{address}")

    assert not is_let_in(client)


def test_one_address_cannot_try_name_after_name(client: Client, alice: User):
    for number in range(MOST_OF_ADDRESS):
        assert "wait ten minutes" not in guess(client, f"name-{number}")

    assert not is_let_in(client)
    assert "wait ten minutes" in guess(client, "another name")


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("", "", True),
    ],
)
def test_a_network_of_ipv6_is_one_visitor(client, alice, first, second, is_one):
    for _ in range(MOST_OF_NAME):
        guess(client, address=first)

    assert is_let_in(client, address=second) is not is_one


def test_failures_are_forgotten_after_a_while(client: Client, alice: User):
    for _ in range(MOST_OF_NAME):
        guess(client)
    SigninFailures.objects.update(began_at=timezone.now() - WINDOW)

    assert is_let_in(client)
    guess(Client(), "bob")
    assert sorted(SigninFailures.objects.values_list("count", flat=True)) == [1, 1]


def test_a_name_that_was_typed_is_not_kept(client: Client):
    guess(client, "my password, in the wrong field")

    assert "password" not in str(SigninFailures.objects.values_list())


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
