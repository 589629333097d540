"""What else an account holds: files and models, and what the service no longer lists."""

from datetime import date, timedelta

import httpx
import pytest
from django.utils import timezone

from jobs import actions
from jobs.models import Account, Action, File, Job, ServedModel
from tests.listening import listened, refreshed
from tests.making import make_account, make_job, make_user
from tests.wire import FakeUpstream
from tests.wire_taking import Json

pytestmark = pytest.mark.django_db
TUNED = "ft:gpt-4o-mini-2024-07-18:org:support-bot:abc12345"


@pytest.fixture
def account(upstream: FakeUpstream) -> Account:
    upstream.models = [
        {"id": "gpt-4o-mini-2024-07-18", "owned_by": "system", "shutdown_date": "2027-01-14"},
        {"id": TUNED, "owned_by": "org", "created": 1_790_000_000},
    ]
    upstream.files = [
        {"id": "file-1", "filename": "train.jsonl", "purpose": "fine-tune", "bytes": 12},
        {"id": "file-2", "filename": "photo.png", "purpose": "vision", "bytes": 34},
    ]
    return make_account()


def looked_again(account: Account) -> Account:
    account.take_inventory()
    return listened(account)


def test_the_models_of_an_account_are_known_with_their_last_day(account):
    listened(account)

    base, tuned = ServedModel.objects.bases().get(), ServedModel.objects.fine_tuned().get()
    assert (base.upstream_id, base.shutdown_date) == ("gpt-4o-mini-2024-07-18", date(2027, 1, 14))
    assert (tuned.upstream_id, tuned.is_fine_tuned, tuned.days_left) == (TUNED, True, None)


@pytest.mark.parametrize(("days", "word"), [(None, ""), (91, ""), (90, "near"), (-1, "over")])
def test_the_end_of_a_model_is_told_while_there_is_time(days, word):
    today = timezone.now().date()
    ends = None if days is None else today + timedelta(days=days)

    assert ServedModel(shutdown_date=ends).sunset == word


def test_the_files_of_an_account_are_known_and_which_of_them_can_train(account):
    listened(account)

    assert set(account.files.values_list("upstream_id", "bytes")) == {
        ("file-1", 12),
        ("file-2", 34),
    }
    assert [file.upstream_id for file in account.files.trainable()] == ["file-1"]


def test_a_file_is_known_alike_by_the_list_and_by_a_job_that_reads_it(account, upstream):
    said = {"filename": "more.jsonl", "status": "processed", "expires_at": 1_790_000_600}
    upstream.files[1:] = [{"id": "file-2", "purpose": "fine-tune", "bytes": 7, **said}]
    refreshed(make_job(account=account, upstream_id=upstream.add(training_file="file-2")["id"]))
    by_the_job = File.objects.values().get()

    looked_again(account)

    assert File.objects.values().get(upstream_id="file-2") == by_the_job
    assert by_the_job["status"] == "processed"
    assert by_the_job["expires_at"].timestamp() == said["expires_at"]


def test_what_is_no_longer_listed_is_gone_and_stays_on_record(account, upstream):
    listened(account)
    del upstream.files[0], upstream.models[1]

    looked_again(account)

    assert set(File.objects.present().values_list("upstream_id", flat=True)) == {"file-2"}
    assert File.objects.get(upstream_id="file-1").gone_at
    assert ServedModel.objects.get(upstream_id=TUNED).gone_at


def test_what_is_listed_again_is_there_again(account, upstream):
    gone = upstream.files.pop()
    listened(account)
    upstream.files.append(gone)
    File.objects.create(account=account, upstream_id="file-2", gone_at=timezone.now())

    looked_again(account)

    assert File.objects.get(upstream_id="file-2").gone_at is None


def test_a_key_that_may_not_see_files_still_tells_the_models_and_the_jobs(account, upstream):
    upstream.add("ftjob-1")
    upstream.broken_paths["files"] = httpx.Response(
        403, json={"error": {"message": "You may not list files."}}
    )

    listened(account)

    account.refresh_from_db()
    assert account.inventory_error == "Files: You may not list files."
    assert not account.is_failing
    assert ServedModel.objects.count() == 2
    assert Job.objects.count() == 1


def test_a_list_of_which_half_cannot_be_read_calls_nothing_gone(account, upstream):
    upstream.files = [{"id": f"file-{number}"} for number in range(150)]
    listened(account)
    whole = upstream.page

    def half(request: httpx.Request, rows: list[Json]) -> httpx.Response:
        if request.url.params.get("after") and rows is upstream.files:
            return httpx.Response(500, json={"error": {"message": "Out of order"}})
        return whole(request, rows)

    upstream.page = half
    looked_again(account)

    account.refresh_from_db()
    assert File.objects.present().count() == 150
    assert "Out of order" in account.inventory_error


def test_it_is_taken_once_an_hour_or_when_somebody_asks(account, upstream):
    listened(account)
    listened(account)
    assert upstream.asked.count("GET models") == 1

    looked_again(account)

    assert upstream.asked.count("GET models") == 2
    assert account.next_inventory_at - timezone.now() < timedelta(hours=1)


def test_what_somebody_wants_to_know_meanwhile_is_read_anew(account, upstream):
    upstream.broken_paths["DELETE files/file-1"] = httpx.ReadTimeout("timed out")
    listened(account)
    action = actions.delete_file(File.objects.get(upstream_id="file-1"), by=make_user())
    Action.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    del upstream.files[0]

    def ask() -> None:
        if upstream.asked[-1] == "GET files":
            upstream.meanwhile = lambda: None
            Account.objects.get().take_inventory()

    upstream.meanwhile = ask
    looked_again(account)

    account.refresh_from_db()
    action.refresh_from_db()
    assert account.next_inventory_at <= timezone.now()
    assert action.outcome == Action.Outcome.UNKNOWN  # a list read by halves settles nothing
    listened(account)
    action.refresh_from_db()
    assert action.outcome == Action.Outcome.ACCEPTED


def test_a_deletion_without_an_answer_is_looked_for_as_soon_as_that_tells(account, upstream):
    upstream.lost_answers.add("DELETE files/file-1")
    listened(account)

    actions.delete_file(File.objects.get(upstream_id="file-1"), by=make_user())
    listened(account)

    account.refresh_from_db()
    assert account.next_inventory_at - timezone.now() < timedelta(seconds=20)


def test_the_model_of_a_job_that_succeeds_is_known_at_once(account, upstream):
    upstream.add("ftjob-1")
    listened(account)
    made = "ft:gpt-4o-mini-2024-07-18:org:second:abc12345"
    upstream.models.append({"id": made, "owned_by": "org"})
    upstream.jobs["ftjob-1"]["status"] = "succeeded"

    listened(account)
    listened(account)

    assert ServedModel.objects.filter(upstream_id=made).exists()


def test_the_admin_key_rests_sealed(account):
    account.admin_key = "sk-admin-secret"
    account.save()

    account.refresh_from_db()
    assert account.admin_key == "sk-admin-secret"
    assert "secret" not in account.sealed_admin_key
    account.admin_key = ""
    assert account.admin_key == ""
