"""What the service lists settles what was asked and got no answer, if the list is new and whole."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from jobs import sharing
from jobs.models import Account, Action
from tests.making import make_account
from tests.wire import BORN, FakeUpstream

pytestmark = pytest.mark.django_db(transaction=True)
MODEL = "ft:gpt-4o-mini:org:support-bot:abc:ckpt-step-100"


@pytest.fixture
def account(upstream: FakeUpstream) -> Account:
    return make_account()


@pytest.fixture
def asked(alice: User, account: Account):
    """An action whose answer nobody has heard; a minute ago, unless said otherwise."""

    def ask(verb: str = "share", ago: int = 60, **given: str) -> Action:
        return Action.objects.create(
            account=account,
            verb=verb,
            asked_by=alice,
            asked_at=timezone.now() - timedelta(seconds=ago),
            **{"subject": MODEL, "recipient": "proj_1"} | given,
        )

    return ask


def permissions(*projects: str) -> list[dict[str, object]]:
    return [{"id": f"cp_{name}", "created_at": BORN, "project_id": name} for name in projects]


@pytest.mark.parametrize(
    ("verb", "listed", "outcome"),
    [
        ("share", True, "accepted"),
        ("share", False, "refused"),
        ("unshare", True, "refused"),
        ("unshare", False, "accepted"),
    ],
)
def test_a_lost_answer_is_settled_by_the_next_reading(
    account, upstream: FakeUpstream, asked, verb: str, listed: bool, outcome: str
):
    action = asked(verb)
    upstream.permissions = permissions("proj_1") if listed else []

    reading = sharing.read(account, MODEL)

    action.refresh_from_db()
    assert (action.outcome, bool(action.settled_at)) == (outcome, True)
    assert reading.open == []


def test_an_answer_that_may_be_on_its_way_is_waited_for(account, asked):
    action = asked(ago=1)

    assert sharing.read(account, MODEL).open == [action]


def test_what_was_asked_for_during_a_slow_reading_is_not_settled_by_it(
    account, upstream, asked, monkeypatch
):
    a_minute_later = timezone.now() + timedelta(minutes=1)

    def take_a_minute() -> None:
        asked(ago=0)
        monkeypatch.setattr(timezone, "now", lambda: a_minute_later)

    upstream.meanwhile = take_a_minute

    assert [each.outcome for each in sharing.read(account, MODEL).open] == ["asked"]


def test_a_list_too_long_to_be_read_whole_settles_nothing(account, upstream, asked):
    upstream.permissions = permissions(*(f"proj_{n}" for n in range(2, sharing.MOST + 3)))
    action = asked()

    reading = sharing.read(account, MODEL)

    assert len(reading.permissions) == sharing.MOST
    assert reading.open == [action]


def test_other_models_and_deletions_are_left_alone(account, upstream, asked):
    others = [asked(subject="ft:other"), asked("delete_model", recipient="")]

    sharing.read(account, MODEL)

    assert [Action.objects.get(pk=each.pk).outcome for each in others] == ["asked", "asked"]
