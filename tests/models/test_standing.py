import pytest
from django.contrib.auth.models import User
from django.test import Client

from jobs.models import Pulse, Standing

pytestmark = pytest.mark.django_db


def standing(browser: Client, user: User) -> Standing:
    found = Standing.find(str(browser.session.session_key), user.pk)
    assert found is not None
    return found


def test_it_stays_the_same_while_nothing_happens(browser: Client, alice: User):
    Pulse.raise_version()

    assert standing(browser, alice) == standing(browser, alice)


def test_a_new_version_is_another_standing(browser: Client, alice: User):
    before = standing(browser, alice)

    Pulse.raise_version()

    assert standing(browser, alice) != before


def test_before_anything_was_read_there_is_one_too(browser: Client, alice: User):
    assert standing(browser, alice).version is None


@pytest.mark.parametrize(
    "change", [{"password": "!"}, {"is_active": False}, {"is_staff": True}, {"username": "eve"}]
)
def test_a_user_changed_since_they_were_let_in_is_not_the_same(
    browser: Client, alice: User, change: dict[str, object]
):
    assert standing(browser, alice).is_of(alice)

    User.objects.update(**change)

    assert not standing(browser, alice).is_of(alice)
