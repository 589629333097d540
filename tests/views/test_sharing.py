"""Who else may use a model: read from the service as somebody looks, granted and revoked on record."""

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobs.models import Account, Action, Checkpoint, ServedModel
from tests.making import make_account, make_job
from tests.ordering import error
from tests.wire import BORN, FakeUpstream

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "ft:gpt-4o-mini:org:support-bot:abc:ckpt-step-100"
PATH = f"fine_tuning/checkpoints/{MODEL}/permissions"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def checkpoint(upstream: FakeUpstream) -> Checkpoint:
    job = make_job(name="support-bot")
    return Checkpoint.objects.create(job=job, upstream_id="ftckpt_1", step=100, model=MODEL)


def address(checkpoint: Checkpoint, view: str = "sharing") -> str:
    return reverse(view, args=[checkpoint.job_id, checkpoint.pk])


def permission(project: str) -> dict[str, object]:
    return {"id": f"cp_{project}", "created_at": BORN, "project_id": project}


def shown(browser: Client, checkpoint: Checkpoint) -> str:
    """The fragment that the page asks for when it has loaded."""
    return browser.get(address(checkpoint, "shared_with"), headers=HTMX).content.decode()


def share(browser: Client, checkpoint: Checkpoint, projects: str, why: str = "") -> str:
    given = {"projects": projects, "why": why}
    return browser.post(address(checkpoint), given, follow=True).content.decode()


def test_the_page_is_there_before_the_service_was_asked(browser, checkpoint, upstream):
    html = browser.get(address(checkpoint)).content.decode()

    assert upstream.asked == []
    assert f'hx-get="{address(checkpoint, "shared_with")}" hx-trigger="load"' in html
    assert MODEL in html


def test_the_projects_are_shown_as_the_service_lists_them(browser, checkpoint, upstream):
    upstream.permissions = [permission("proj_1"), permission("proj_2")]

    html = shown(browser, checkpoint)

    assert html.count("<tr>") == 3
    assert "<code>proj_2</code>" in html
    assert 'datetime="2026-09-21T14:13:20+00:00"' in html
    assert f"{address(checkpoint, 'unshare')}?project=proj_1" in html
    assert "<html" not in html


def test_without_script_the_list_is_a_page(browser: Client, checkpoint, upstream: FakeUpstream):
    upstream.permissions = [permission("proj_1")]

    html = browser.get(address(checkpoint, "shared_with")).content.decode()

    assert "<html" in html
    assert "<code>proj_1</code>" in html


def test_several_projects_are_granted_each_on_record(browser, checkpoint, alice, upstream):
    html = share(browser, checkpoint, " proj_1, proj_2\tproj_1 ", why="evaluation team")

    assert [each["project_id"] for each in upstream.permissions] == ["proj_1", "proj_2"]
    assert "Share with proj_2: accepted." in html
    asked = Action.objects.order_by("pk").values_list("verb", "subject", "recipient", "why")
    assert list(asked) == [
        ("share", MODEL, project, "evaluation team") for project in ("proj_1", "proj_2")
    ]
    assert {each.asked_by for each in Action.objects.all()} == {alice}


@pytest.mark.parametrize("typed", ["", "  ", "project-1", "proj_1, org-2", "proj_1/../../jobs"])
def test_what_is_no_project_is_not_asked_for(browser, checkpoint, upstream, typed: str):
    answer = browser.post(address(checkpoint), {"projects": typed, "why": "for ann"})

    assert answer.status_code == 422
    assert 'id="id_projects_error"' in answer.content.decode()
    assert "for ann</textarea>" in answer.content.decode()
    assert (upstream.asked, Action.objects.count()) == ([], 0)


def test_too_many_at_once_are_refused_here(browser: Client, checkpoint, upstream):
    html = share(browser, checkpoint, " ".join(f"proj_{n}" for n in range(21)))

    assert "At most 20 projects at once." in html
    assert upstream.asked == []


def test_a_refusal_shows_the_words_of_the_service(browser, checkpoint, upstream: FakeUpstream):
    upstream.broken_paths[f"POST {PATH}"] = error(400, "No such project.")

    assert "with proj_1: refused. No such project." in share(browser, checkpoint, "proj_1")


def test_who_was_not_asked_after_a_lost_answer_is_named(browser, checkpoint, upstream):
    upstream.lost_answers.add(f"POST {PATH}")

    html = share(browser, checkpoint, "proj_1 proj_2 proj_3")

    assert "with proj_1: no answer came" in html
    assert "Not asked for: proj_2, proj_3." in html
    assert [each["project_id"] for each in upstream.permissions] == ["proj_1"]


def test_a_second_press_before_the_answer_is_known_sends_nothing(browser, checkpoint, upstream):
    upstream.lost_answers.add(f"POST {PATH}")
    share(browser, checkpoint, "proj_1")

    html = share(browser, checkpoint, "proj_1")

    assert "is waiting for an earlier action" in html
    assert upstream.count("/permissions") == 1


@pytest.mark.parametrize("status", [401, 403])
def test_without_an_admin_key_the_page_says_that_one_is_wanted(
    browser, checkpoint, upstream, status: int
):
    upstream.broken_paths[PATH] = error(status, "Insufficient permissions.")

    html = shown(browser, checkpoint)

    assert "OpenAI wants an admin key for this." in html
    assert "Insufficient permissions." in html
    assert f'{checkpoint.job.account.get_absolute_url()}#id_admin_key">Enter one' in html


def test_an_admin_key_that_is_refused_is_named_as_such(browser, checkpoint, upstream):
    account = checkpoint.job.account
    account.admin_key = "sk-admin-old"
    account.save()
    upstream.broken_paths[PATH] = error(401, "Key revoked.")

    html = shown(browser, checkpoint)

    assert "does not take the one that is stored" in html
    assert "Enter another" in html
    assert "sk-admin-old" not in html


@pytest.mark.parametrize(
    "trouble", [httpx.ReadTimeout("timed out"), httpx.Response(500), error(404, "No such model.")]
)
def test_a_list_that_cannot_be_read_can_be_tried_again(browser, checkpoint, upstream, trouble):
    upstream.broken = trouble

    html = shown(browser, checkpoint)

    assert "The list cannot be read." in html
    assert f'href="{address(checkpoint, "shared_with")}"' in html
    assert "admin key" not in html


def test_revoking_first_names_what_breaks(browser: Client, checkpoint, upstream: FakeUpstream):
    html = browser.get(address(checkpoint, "unshare"), {"project": "proj_1"}).content.decode()

    assert "Every program of proj_1 that calls this model gets an error" in html
    assert upstream.asked == []


def test_a_project_is_revoked_once_and_it_is_on_record(browser, checkpoint, upstream):
    upstream.permissions = [permission("proj_1"), permission("proj_2")]
    stop = f"{address(checkpoint, 'unshare')}?project=proj_1"

    html = browser.post(stop, {"why": "left the team"}, follow=True).content.decode()

    assert [each["project_id"] for each in upstream.permissions] == ["proj_2"]
    assert "Stop sharing with proj_1: accepted." in html
    action = Action.objects.get()
    assert (action.verb, action.recipient, action.why) == ("unshare", "proj_1", "left the team")


def test_nobody_is_a_project_that_cannot_be_named(browser, checkpoint, upstream):
    stop = f"{address(checkpoint, 'unshare')}?project=%00"

    assert browser.post(stop).status_code == 404
    assert upstream.asked == []


def test_a_service_that_shares_nothing_says_so_and_offers_nothing(browser, upstream):
    account = make_account(dialect=Account.Dialect.AZURE)
    job = make_job(account=account)
    row = Checkpoint.objects.create(job=job, upstream_id="c", step=1, model=MODEL)

    html = browser.get(address(row)).content.decode()
    browser.post(address(row), {"projects": "proj_1"})

    assert "shares no models" in html
    assert "<form method" not in html.split("<main")[1].split("</main>")[0]
    assert address(row) not in browser.get(job.get_absolute_url()).content.decode()
    assert browser.get(address(row, "shared_with")).status_code == 404
    assert browser.post(address(row, "unshare") + "?project=proj_1").status_code == 404
    assert (upstream.asked, Action.objects.count()) == ([], 0)


def test_each_checkpoint_and_each_tuned_model_leads_there(browser: Client, checkpoint):
    gone = Checkpoint.objects.create(
        job=checkpoint.job, upstream_id="g", step=50, model=MODEL, gone_at=timezone.now()
    )
    account = checkpoint.job.account
    model = ServedModel.objects.create(account=account, upstream_id="ft:gpt-4o-mini:org:x:1")

    job_page = browser.get(checkpoint.job.get_absolute_url()).content.decode()
    models_page = browser.get(reverse("account_models", args=[account.pk])).content.decode()

    assert address(checkpoint) in job_page
    assert address(gone) not in job_page
    assert reverse("sharing", args=[model.pk]) in models_page


def test_a_model_of_the_account_is_shared_too(browser: Client, upstream: FakeUpstream):
    model = ServedModel.objects.create(account=make_account(), upstream_id="ft:gpt-4o-mini:org:x:1")

    browser.post(reverse("sharing", args=[model.pk]), {"projects": "proj_1"})

    assert upstream.asked == [f"POST fine_tuning/checkpoints/{model}/permissions"]


def test_base_models_and_checkpoints_of_other_jobs_are_not_there(browser, checkpoint):
    base = ServedModel.objects.create(account=make_account(), upstream_id="gpt-4o-mini")
    other = make_job()

    assert browser.get(reverse("sharing", args=[base.pk])).status_code == 404
    assert browser.get(reverse("sharing", args=[other.pk, checkpoint.pk])).status_code == 404


def test_a_checkpoint_without_a_model_cannot_be_shared(browser: Client, checkpoint):
    Checkpoint.objects.update(model="")

    assert browser.get(address(checkpoint)).status_code == 404
    assert (
        address(checkpoint) not in browser.get(checkpoint.job.get_absolute_url()).content.decode()
    )
