from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from jobs.models import SigninLink

pytestmark = pytest.mark.django_db


def test_a_link_signs_in_once(alice: User):
    token = SigninLink.make(alice)

    link = SigninLink.use(token)

    assert link is not None
    assert link.user == alice
    assert SigninLink.use(token) is None


def test_a_fresh_link_stops_the_older_ones(alice: User):
    old, new = SigninLink.make(alice), SigninLink.make(alice)

    assert SigninLink.use(old) is None
    assert SigninLink.use(new) is not None


def test_a_link_expires(alice: User):
    token = SigninLink.make(alice)
    SigninLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert SigninLink.use(token) is None


def test_a_link_of_somebody_who_left_does_not_work(alice: User):
    token = SigninLink.make(alice)
    User.objects.update(is_active=False)

    assert SigninLink.use(token) is None


def test_the_token_itself_is_not_stored(alice: User):
    token = SigninLink.make(alice)

    assert token not in SigninLink.objects.values_list("token_hash", flat=True)
