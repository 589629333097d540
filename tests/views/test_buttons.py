import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from jobs.models import Action, Job
from tests.making import make_account, make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job(upstream: FakeUpstream) -> Job:
    upstream.add()
    return make_job(upstream_id="ftjob-1", name="support-bot")


def ask(browser: Client, job: Job, verb: str = "cancel", **given: str) -> str:
    address = reverse("ask", args=[job.pk, verb])
    reply = browser.post(address, given, headers={"HX-Request": "true"})
    assert reply.status_code == 200
    return reply.content.decode()


def test_a_click_cancels_and_the_answer_is_shown_at_once(browser, job: Job, alice: User):
    html = ask(browser, job, why="loss is nan")

    action = job.actions.get()
    assert (action.asked_by, action.why, action.outcome) == (alice, "loss is nan", "accepted")
    assert "accepted" in html.lower()


def test_it_works_without_script(browser: Client, job: Job):
    page = browser.get(reverse("confirm", args=[job.pk, "cancel"])).content.decode()
    assert "Cancelled" in page
    assert "cannot be undone" in page

    reply = browser.post(reverse("ask", args=[job.pk, "cancel"]), {"why": "x"}, follow=True)

    assert reply.redirect_chain == [(job.get_absolute_url(), 302)]
    assert "accepted" in reply.content.decode().lower()


def test_a_refusal_shows_the_words_of_the_service(browser: Client, job: Job, upstream):
    body = {"error": {"message": "Job has already completed", "code": None}}
    upstream.broken = httpx.Response(400, json=body)

    assert "Job has already completed" in ask(browser, job)


def test_another_reader_of_the_page_is_shown_what_was_refused(browser: Client, job: Job, upstream):
    body = {"error": {"message": "Job has already completed", "code": None}}
    upstream.broken = httpx.Response(400, json=body)
    ask(browser, job)

    part = browser.get(reverse("job_state", args=[job.pk]), {"revision": str(job.revision)})

    assert "Job has already completed" in part.content.decode()


def test_a_second_click_sends_nothing(browser: Client, job: Job, alice: User, upstream):
    Action.objects.create(job=job, verb=Action.Verb.CANCEL, asked_by=alice, state_before=job.state)

    ask(browser, job)

    assert upstream.asked == []
    assert job.actions.count() == 1


@pytest.mark.parametrize(
    ("state", "verb", "words"),
    [
        (Job.State.RUNNING, "resume", "Only a paused job"),
        (Job.State.PAUSED, "pause", "Only a running job"),
        (Job.State.SUCCEEDED, "cancel", "has ended already"),
    ],
)
def test_what_the_state_does_not_allow_is_not_sent(browser, upstream, state, verb, words):
    job = make_job(state=state)

    html = ask(browser, job, verb)

    assert words in html
    assert upstream.asked == []
    assert not job.actions.exists()


def test_a_service_that_cannot_pause_is_not_asked_to(browser: Client, upstream: FakeUpstream):
    job = make_job(account=make_account(dialect="azure"))

    html = ask(browser, job, "pause")
    form = browser.get(reverse("confirm", args=[job.pk, "pause"])).content.decode()

    for shown in (html, form):
        assert "Azure OpenAI (dated API) cannot pause jobs." in shown
    assert 'type="submit"' not in form.partition("</h1>")[2].partition("</main>")[0]
    assert upstream.asked == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("x" * 5000, "x" * 500),
        ("line\r\n" * 100, "line\n" * 99 + "line"),
        ("loss\0 is nan", "loss is nan"),
    ],
)
def test_a_reason_is_kept_as_far_as_there_is_room(browser, job: Job, typed: str, kept: str):
    ask(browser, job, why=typed)

    assert job.actions.get().why == kept


def test_an_unknown_action_does_not_exist(browser: Client, job: Job):
    assert browser.post(reverse("ask", args=[job.pk, "explode"])).status_code == 404


def test_a_form_of_another_site_cannot_cancel(alice: User, job: Job, upstream: FakeUpstream):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    reply = strict.post(reverse("ask", args=[job.pk, "cancel"]))

    assert reply.status_code == 403
    assert upstream.asked == []


@pytest.mark.parametrize(
    ("state", "legal"),
    [
        (Job.State.RUNNING, {"pause", "cancel"}),
        (Job.State.PAUSED, {"resume", "cancel"}),
        (Job.State.SUCCEEDED, set()),
    ],
)
def test_only_legal_actions_can_be_clicked(browser: Client, state: Job.State, legal: set[str]):
    job = make_job(state=state)

    html = browser.get(reverse("job_state", args=[job.pk])).content.decode()

    offered = {
        verb
        for verb in ("pause", "resume", "cancel")
        if reverse("confirm", args=[job.pk, verb]) in html
    }
    assert offered == legal
