import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jobs.models import Account, Action, Checkpoint, Job, Pulse, Series
from tests.making import make_account, make_event, make_job, make_user

pytestmark = pytest.mark.django_db


def page(browser: Client, name: str, *args: object, **query: str) -> str:
    reply = browser.get(reverse(name, args=args), query)
    assert reply.status_code == 200
    return reply.content.decode()


@pytest.mark.parametrize("rows", [1, 50])
def test_the_list_costs_the_same_for_any_length(
    browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries, rows: int
):
    for _ in range(rows):
        make_job()

    with django_assert_max_num_queries(15):
        page(browser, "job_list")


def test_a_list_shown_before_renders_no_row_again(browser: Client, django_assert_max_num_queries):
    for _ in range(50):
        make_job()
    page(browser, "job_list")

    with django_assert_max_num_queries(8):
        page(browser, "job_list")


def test_a_changed_job_shows_its_new_state(browser: Client):
    job = make_job(name="support-bot")
    page(browser, "job_list")
    job.state, job.revision = Job.State.FAILED, job.revision + 1
    job.save()

    assert "Failed" in page(browser, "job_row", job.pk)


def test_bad_values_in_the_address_are_told(browser: Client):
    make_job()

    assert "There is no state “exploded”" in page(browser, "job_list", state="exploded")


def test_the_list_filters_and_counts(browser: Client):
    make_job(name="goes-on")
    make_job(name="broke-down", state=Job.State.FAILED)

    html = page(browser, "job_list", state="failed")

    assert "broke-down" in html
    assert "goes-on" not in html


def test_an_empty_list_says_what_to_do_next(browser: Client):
    assert reverse("account_add") in page(browser, "job_list")


def test_the_job_page_shows_what_is_known(browser: Client):
    job = make_job(
        name="support-bot",
        fine_tuned_model="ft:base:org:support-bot:abc",
        error_code="invalid_n_examples",
        error_message="Training file has 7 example(s)",
        state=Job.State.FAILED,
        raw={"id": "ftjob-1", "eval_id": "eval_77"},
    )
    make_event(job, "Files validated, moving job to queued state")
    Series.objects.add(job, {"train_loss": {1: 2.5}})
    Checkpoint.objects.create(
        job=job, upstream_id="c", step=1, model="ft:x:ckpt-step-1", metrics={}
    )

    html = page(browser, "job_detail", job.pk)

    for words in (
        "support-bot",
        "ft:base:org:support-bot:abc",
        "Training file has 7 example(s)",
        "too few examples",
        "eval_77",
        "Files validated",
        "ft:x:ckpt-step-1",
        reverse("chart", args=[job.pk, "loss"]),
    ):
        assert words in html


def test_a_job_that_has_ended_tells_first_which_checkpoint_to_take(browser: Client):
    job = make_job(state=Job.State.SUCCEEDED)
    for step, loss, gone_at in ((8, 1.4, timezone.now()), (16, 1.6, None), (24, 1.9, None)):
        Checkpoint.objects.create(
            job=job,
            upstream_id=f"c{step}",
            step=step,
            model=f"ft:x:ckpt-step-{step}",
            gone_at=gone_at,
            metrics={"full_valid_loss": loss},
        )

    advice = page(browser, "job_detail", job.pk).split('id="advice"')[1].split('id="charts"')[0]

    assert "the best that is left is step 16" in advice
    assert 'data-copy="ft:x:ckpt-step-16"' in advice


def test_the_name_of_a_checkpoint_that_is_gone_is_not_there_to_be_copied(browser: Client):
    job = make_job()
    Checkpoint.objects.create(
        job=job, upstream_id="c", step=8, model="ft:x:ckpt-step-8", gone_at=timezone.now()
    )

    html = page(browser, "job_detail", job.pk)

    assert "ft:x:ckpt-step-8" in html
    assert 'data-copy="ft:x:ckpt-step-8"' not in html


def test_who_stopped_a_job_and_why_stands_on_top(browser: Client):
    job = make_job(state=Job.State.CANCELLED)
    job.actions.create(
        verb=Action.Verb.CANCEL,
        asked_by=make_user("mia"),
        why="the rate is <too> high",
        outcome=Action.Outcome.ACCEPTED,
        settled_at=timezone.now(),
    )

    strip = page(browser, "job_detail", job.pk).split('id="charts"')[0]

    assert "asked by mia" in strip
    assert "<q>the rate is &lt;too&gt; high</q>" in strip


@pytest.mark.parametrize(
    ("outcome", "is_told"),
    [(None, True), (Action.Outcome.REFUSED, True), (Action.Outcome.UNKNOWN, False)],
)
def test_a_job_that_nobody_here_has_cancelled_was_cancelled_elsewhere(
    browser: Client, outcome: str | None, is_told: bool
):
    job = make_job(state=Job.State.CANCELLED)
    if outcome:
        job.actions.create(verb=Action.Verb.CANCEL, asked_by=make_user(), outcome=outcome)

    assert ("Cancelled elsewhere" in page(browser, "job_detail", job.pk)) == is_told


@pytest.mark.parametrize("given", [{}, {"state": Job.State.UNKNOWN, "status": "contemplating"}])
def test_a_job_of_which_little_is_known_has_a_page(browser: Client, given: dict[str, str]):
    job = make_job(base_model="", name="", **given)

    assert job.upstream_id in page(browser, "job_detail", job.pk)


def test_words_of_the_service_are_never_markup(browser: Client):
    job = make_job(name="<script>alert(1)</script>", error_message="<b>bold</b>")
    make_event(job, "<img src=x>")

    html = page(browser, "job_detail", job.pk) + page(browser, "job_list")

    assert "<script>alert" not in html
    assert "<b>bold" not in html
    assert "<img src=x" not in html


def test_a_refused_key_is_told_on_every_list(browser: Client):
    make_account(name="Prod", last_error="OpenAI answered 401: Incorrect API key")
    Account.objects.update(failures=3)

    html = page(browser, "job_list")

    assert "Prod" in html
    assert "Incorrect API key" in html


def test_a_poller_that_stopped_is_told(browser: Client):
    assert Pulse.read().has_stopped
    assert "stopped" in page(browser, "health").lower()


@pytest.mark.parametrize(
    ("state", "words"), [(Job.State.QUEUED, "not yet"), (Job.State.CANCELLED, "never")]
)
def test_a_job_that_ended_before_it_began_never_will(browser: Client, state: str, words: str):
    job = make_job(state=state, started_at=None)

    row = page(browser, "job_row", job.pk)

    assert [each for each in ("not yet", "never") if each in row] == [words]
