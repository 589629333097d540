"""The files and models of an account: what they are for, and what breaks without them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs.models import Account, Action, Checkpoint, File, Job, ServedModel
from tests.making import make_account, make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db
TUNED = "ft:gpt-4o-mini-2024-07-18:org:support-bot:abc12345"


@pytest.fixture
def account() -> Account:
    return make_account()


@pytest.fixture
def file(account: Account) -> File:
    return File.objects.create(
        account=account, upstream_id="file-1", filename="train.jsonl", purpose="fine-tune", bytes=9
    )


@pytest.fixture
def model(account: Account) -> ServedModel:
    return ServedModel.objects.create(account=account, upstream_id=TUNED)


def page(browser: Client, name: str, pk: int, **query: str) -> str:
    return browser.get(reverse(name, args=[pk]), query).content.decode()


def test_a_file_tells_which_jobs_it_feeds(browser: Client, account: Account, file: File):
    job = make_job(name="support-bot", training_file="file-1")

    html = page(browser, "account_files", account.pk)

    assert "train.jsonl" in html
    assert f'href="{job.get_absolute_url()}">support-bot</a> <small>training' in html


def test_a_result_file_tells_which_job_wrote_it(browser: Client, account: Account):
    File.objects.create(account=account, upstream_id="file-r", purpose="fine-tune-results")
    make_job(name="support-bot", result_files=["file-r"])

    html = page(browser, "account_files", account.pk)

    assert "support-bot</a> <small>result" in html


def test_files_are_found_by_a_part_of_their_name(browser: Client, account: Account, file: File):
    File.objects.create(account=account, upstream_id="file-2", filename="other.jsonl")

    html = page(browser, "account_files", account.pk, q="TRA\0IN")

    assert "train.jsonl" in html
    assert "other.jsonl" not in html


def test_what_is_gone_is_not_listed(browser: Client, account: Account, file: File):
    File.objects.update(gone_at=timezone.now())

    assert "train.jsonl" not in page(browser, "account_files", account.pk)


def test_a_model_tells_when_it_is_shut_down(browser: Client, account: Account):
    ends = timezone.now().date() + timedelta(days=30)
    ServedModel.objects.create(account=account, upstream_id="gpt-4o-mini", shutdown_date=ends)

    html = page(browser, "account_models", account.pk)

    assert f"{ends}</time></span> <small>in 30 days" in html
    assert "sunset near" in html


def test_a_model_tells_which_job_made_it(browser: Client, account: Account, model: ServedModel):
    make_job(name="support-bot", fine_tuned_model=TUNED)
    make_job(name="second", base_model=TUNED)

    html = page(browser, "account_models", account.pk)

    assert "support-bot</a> <small>made" in html
    assert "second</a> <small>base" in html


def test_more_files_cost_no_more_queries(browser: Client, account: Account):
    costs = []
    for count in (1, 40):
        for number in range(count):
            File.objects.get_or_create(account=account, upstream_id=f"file-{number}")
            make_job(training_file=f"file-{number}")
        with CaptureQueriesContext(connection) as captured:
            page(browser, "account_files", account.pk)
        costs.append(len(captured))

    assert costs[0] == costs[1]


def test_a_deletion_names_what_breaks(browser: Client, file: File):
    make_job(name="runner", training_file="file-1", state=Job.State.RUNNING)
    make_job(name="old", validation_file="file-1", state=Job.State.SUCCEEDED)

    html = page(browser, "file_delete", file.pk)

    assert "runner has not ended and still needs it" in html
    assert "old was validated with it" in html
    assert html.index("runner has") < html.index("old was")


def test_a_models_deletion_names_what_breaks(browser: Client, model: ServedModel):
    job = make_job(name="support-bot", fine_tuned_model=TUNED, state=Job.State.SUCCEEDED)
    Checkpoint.objects.create(job=job, upstream_id="c", step=9, model=TUNED)

    html = page(browser, "model_delete", model.pk)

    assert "Every program that calls this model gets an error" in html
    assert "It is the result of support-bot" in html
    assert "It is a checkpoint of" not in html


def test_a_file_is_deleted_once_and_it_is_on_record(browser, file, upstream: FakeUpstream):
    upstream.files = [{"id": "file-1"}]

    answer = browser.post(reverse("file_delete", args=[file.pk]), {"why": "private"}, follow=True)

    assert upstream.files == []
    assert "Delete file file-1: accepted." in answer.content.decode()
    assert Action.objects.get().why == "private"


def test_what_is_gone_already_is_not_asked_for(browser, file: File, upstream: FakeUpstream):
    File.objects.update(gone_at=timezone.now())

    answer = browser.post(reverse("file_delete", args=[file.pk]), follow=True)

    assert "gone already: nothing was sent" in answer.content.decode()
    assert upstream.asked == []


def test_a_base_model_cannot_be_deleted(browser: Client, account: Account):
    base = ServedModel.objects.create(account=account, upstream_id="gpt-4o-mini")

    assert browser.get(reverse("model_delete", args=[base.pk])).status_code == 404


def test_the_lists_are_read_anew_when_somebody_asks(browser: Client, account: Account):
    Account.objects.update(next_inventory_at=timezone.now() + timedelta(hours=1))

    answer = browser.post(reverse("account_inventory", args=[account.pk, "models"]))

    assert answer["location"] == reverse("account_models", args=[account.pk])
    assert Account.objects.get().next_inventory_at <= timezone.now()


def test_a_list_that_cannot_be_read_says_so(browser: Client, account: Account):
    Account.objects.update(inventory_error="Files: You may not list files.")

    assert "You may not list files." in page(browser, "account_files", account.pk)
