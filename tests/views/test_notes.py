"""Notes of many people on one job: safe to show, their own to edit, and never lost."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.models import Job, Note
from jobs.models.note import LONGEST
from tests.making import make_job, make_user

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def add(browser: Client, job: Job, text: str, **given):
    return browser.post(reverse("note_add", args=[job.pk]), {"text": text}, **given)


def page(browser: Client, job: Job) -> str:
    return browser.get(job.get_absolute_url()).content.decode()


def test_a_note_is_on_the_page_with_who_wrote_it(browser: Client, alice: User):
    job = make_job()

    reply = add(browser, job, "Loss *diverged* at 40\r\n\r\n<script>")

    assert reply.headers["Location"] == f"{job.get_absolute_url()}#notes"
    html = page(browser, job)
    assert "<p>Loss <em>diverged</em> at 40</p>" in html
    assert "&lt;script&gt;</p>" in html
    assert "<b>alice</b>" in html
    assert job.notes.get().wording.text == "Loss *diverged* at 40\n\n<script>"


def test_with_script_only_the_notes_come_back(browser: Client):
    job = make_job()

    html = add(browser, job, "First", headers=HTMX).content.decode()

    assert html.strip().startswith('<section id="notes"')
    assert "<p>First</p>" in html
    assert "<html" not in html
    assert ">First</textarea>" not in html


@pytest.mark.parametrize(
    ("text", "words"),
    [(" \n ", "A note says something."), ("x" * (LONGEST + 1), "at most 10000 characters")],
)
@pytest.mark.parametrize(("headers", "status"), [({}, 422), (HTMX, 200)])
def test_what_is_no_note_comes_back_to_be_mended(browser, text, words, headers, status):
    job = make_job()

    reply = add(browser, job, text, headers=headers)

    assert reply.status_code == status
    assert words in reply.content.decode()
    assert text.strip() in reply.content.decode()
    assert not job.notes.exists()


def test_an_end_of_line_counts_once_as_browsers_count_it(browser: Client):
    job = make_job()

    add(browser, job, "x\r\n" * (LONGEST // 2 - 1) + "x")

    assert job.notes.count() == 1


def test_an_edit_counts_and_what_was_said_before_stays(browser: Client, alice: User):
    job = make_job()
    note = Note.objects.write(job, alice, "Overfits since step 40")
    address = reverse("note", args=[job.pk, note.pk])

    browser.post(address, {"text": "Overfits since step 88"})

    html = page(browser, job)
    assert "Overfits since step 88" in html
    assert "since step 40" not in html
    assert "edited" in html
    history = browser.get(address).content.decode()
    assert history.index("<p>Overfits since step 88") < history.index("<p>Overfits since step 40")


def test_the_same_words_again_are_no_edit(browser: Client, alice: User):
    note = Note.objects.write(make_job(), alice, "Fine")

    browser.post(reverse("note", args=[note.job_id, note.pk]), {"text": "Fine"})

    assert note.wordings.count() == 1


def test_an_edit_that_says_nothing_is_not_kept(browser: Client, alice: User):
    note = Note.objects.write(make_job(), alice, "Fine")

    reply = browser.post(reverse("note", args=[note.job_id, note.pk]), {"text": " "})

    assert reply.status_code == 422
    assert note.wordings.get().text == "Fine"


def test_what_others_wrote_may_be_read_and_not_edited(browser: Client):
    job = make_job()
    note = Note.objects.write(job, make_user("bob"), "Mine")
    address = reverse("note", args=[job.pk, note.pk])

    html = browser.get(address).content.decode()
    reply = browser.post(address, {"text": "Yours"})

    assert "Note by bob" in html
    assert "<textarea" not in html
    assert reply.status_code == 403
    assert note.wordings.get().text == "Mine"
    assert "Edit<span" not in page(browser, job)


def test_a_note_of_another_job_is_not_found(browser: Client, alice: User):
    note = Note.objects.write(make_job(), alice, "Fine")

    assert browser.get(reverse("note", args=[make_job().pk, note.pk])).status_code == 404


def test_many_notes_cost_no_more_questions_than_one(
    browser: Client, alice: User, django_assert_num_queries
):
    one, many = make_job(), make_job()
    Note.objects.write(one, alice, "Only")
    for number in range(20):
        Note.objects.write(many, make_user(f"user-{number}"), "One of many")
    page(browser, one)
    with CaptureQueriesContext(connection) as asked:
        page(browser, one)

    with django_assert_num_queries(len(asked)):
        page(browser, many)
