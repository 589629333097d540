"""What is asked of what an account holds: on record first, settled by what the service then lists."""

from datetime import timedelta

import httpx
import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from jobs import actions
from jobs.models import Account, Action, File, ServedModel
from tests.listening import listened
from tests.making import make_account
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db(transaction=True)
TUNED = "ft:gpt-4o-mini-2024-07-18:org:support-bot:abc12345"
LATER = timezone.now() + timedelta(hours=1)


@pytest.fixture
def account(upstream: FakeUpstream) -> Account:
    upstream.models = [{"id": TUNED}]
    upstream.files = [{"id": "file-1", "filename": "train.jsonl"}]
    return listened(make_account())


def test_a_file_is_deleted_and_gone_with_the_next_inventory(account, alice: User, upstream):
    action = actions.delete_file(File.objects.get(), by=alice, why=" no longer needed ")

    assert upstream.files == []
    assert (action.verb, action.subject, action.why) == (
        "delete_file",
        "file-1",
        "no longer needed",
    )
    assert (action.asked_by, action.outcome) == (alice, Action.Outcome.ACCEPTED)
    assert File.objects.get().gone_at is None
    listened(account)
    assert File.objects.get().gone_at


def test_a_model_is_deleted(account, alice: User, upstream: FakeUpstream):
    action = actions.delete_model(ServedModel.objects.get(), by=alice)

    assert upstream.models == []
    assert action.outcome == Action.Outcome.ACCEPTED


def test_it_is_on_record_while_it_travels(account, alice: User, upstream: FakeUpstream):
    seen = []
    upstream.meanwhile = lambda: seen.append(
        (Action.objects.get().outcome, connection.in_atomic_block)
    )

    actions.delete_file(File.objects.get(), by=alice)

    assert seen == [("asked", False)]


def test_a_refusal_keeps_the_words_of_the_service(account, alice: User, upstream: FakeUpstream):
    upstream.broken_paths[f"models/{TUNED}"] = httpx.Response(
        403, json={"error": {"message": "Only owners may delete models."}}
    )

    action = actions.delete_model(ServedModel.objects.get(), by=alice)

    assert (action.outcome, action.detail) == ("refused", "Only owners may delete models.")
    assert actions.tell_of(action)[1] == f"Delete model {TUNED}: refused. {action.detail}"


@pytest.mark.parametrize(("was_done", "outcome"), [(True, "accepted"), (False, "refused")])
def test_a_lost_answer_is_settled_by_the_next_inventory(
    account, alice, upstream, was_done, outcome
):
    upstream.broken_paths["files/file-1"] = httpx.Response(502)
    action = actions.delete_file(File.objects.get(), by=alice)
    assert action.outcome == Action.Outcome.UNKNOWN
    if was_done:
        upstream.files.clear()
    Action.objects.update(asked_at=timezone.now() - timedelta(minutes=1))

    listened(account)

    action.refresh_from_db()
    assert (action.outcome, bool(action.settled_at)) == (outcome, True)


def test_the_same_is_not_asked_twice_while_the_first_has_no_answer(account, alice, upstream):
    upstream.broken = httpx.ReadTimeout("timed out")
    actions.share(account, TUNED, "proj_1", by=alice)

    with pytest.raises(actions.Busy, match=TUNED):
        actions.share(account, TUNED, "proj_1", by=alice)

    actions.share(account, TUNED, "proj_2", by=alice)
    assert Action.objects.count() == 2


def test_a_checkpoint_is_shared_and_taken_back(account, alice: User, upstream: FakeUpstream):
    shared = actions.share(account, TUNED, "proj_1", by=alice)
    actions.share(account, TUNED, "proj_2", by=alice)

    taken = actions.unshare(account, TUNED, "proj_1", by=alice)

    asked = f"fine_tuning/checkpoints/{TUNED}/permissions"
    assert upstream.asked[-2:] == [f"GET {asked}", f"DELETE {asked}/cp_proj_1"]
    assert [each["project_id"] for each in upstream.permissions] == ["proj_2"]
    assert (shared.recipient, shared.outcome) == ("proj_1", Action.Outcome.ACCEPTED)
    assert taken.outcome == Action.Outcome.ACCEPTED


def test_what_is_no_longer_shared_need_not_be_taken_back(account, alice: User, upstream):
    action = actions.unshare(account, TUNED, "proj_1", by=alice)

    assert upstream.count("/permissions/cp_proj_1") == 0
    assert action.outcome == Action.Outcome.ACCEPTED


def test_sharing_with_many_ends_where_no_answer_comes(account, alice: User, upstream):
    projects = ["proj_1", "proj_2", "proj_3"]
    upstream.lost_answers.add(f"POST fine_tuning/checkpoints/{TUNED}/permissions")

    asked = list(actions.share_with_all(account, TUNED, projects, by=alice))

    assert [(each.recipient, each.outcome) for each in asked] == [("proj_1", "unknown")]
    assert Action.objects.count() == 1


def test_sharing_with_many_ends_where_there_is_no_connection(account, alice: User, upstream):
    upstream.broken = httpx.ConnectError("refused")

    asked = list(actions.share_with_all(account, TUNED, ["proj_1", "proj_2"], by=alice))

    assert [(each.recipient, each.outcome) for each in asked] == [("proj_1", "unsent")]


def test_a_deletion_that_never_left_is_not_settled_by_what_is_listed(account, alice, upstream):
    upstream.broken_paths["files/file-1"] = httpx.ConnectError("refused")
    action = actions.delete_file(File.objects.get(), by=alice)
    upstream.broken_paths.clear()
    Action.objects.update(asked_at=timezone.now() - timedelta(minutes=1))

    listened(account)

    action.refresh_from_db()
    assert (action.outcome, File.objects.get().gone_at) == ("unsent", None)
    assert actions.delete_file(File.objects.get(), by=alice).outcome == "accepted"


def test_an_action_is_of_a_job_or_of_an_account(account, alice: User):
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.create(asked_by=alice, verb="cancel")


def test_an_account_of_which_something_was_asked_is_not_removed(account, alice: User):
    actions.delete_file(File.objects.get(), by=alice)

    account.leave()

    assert Account.objects.get().is_silent
