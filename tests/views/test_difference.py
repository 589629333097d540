"""In what a recipe differs from another one: marked where it does, and folded away where it does not."""

import re

import pytest
from django.test import Client

from jobs.models import Job
from tests.making import make_account, make_job, make_order

pytestmark = pytest.mark.django_db


def told(browser: Client, job: Job, **query: str) -> str:
    html = browser.get(job.get_absolute_url(), query).content.decode()
    (section,) = re.findall(r'<section id="difference".*?</section>', html, re.DOTALL)
    return str(section)


def lines(section: str, differs: bool) -> list[list[str]]:
    """The cells of the rows that differ, or of those that do not."""
    kind = '<tr class="differs">' if differs else "<tr>"
    rows = re.findall(rf"{kind}\s*<th scope=\"row\">(.*?)</tr>", section, re.DOTALL)
    return [re.sub(r"<[^>]*>|\s+", " ", row).replace("≠", "").split() for row in rows]


def test_a_duplicate_is_set_against_its_original(browser: Client):
    original = make_job(name="first", hyperparameters={"n_epochs": 2, "batch_size": 8})
    job = make_job(name="second", hyperparameters={"n_epochs": 3, "batch_size": 8})
    make_order(upstream_id=job.upstream_id, duplicate_of=original)

    section = told(browser, job)

    assert "This job was duplicated from it." in section
    assert lines(section, differs=True) == [["differs:", "Epochs", "2", "3"]]
    assert ["Batch", "size", "8", "8"] in lines(section, differs=False)


@pytest.mark.parametrize("name", ["{pk}", "{id}", "https://board.test/jobs/{pk}?y=log#log"])
def test_any_job_may_be_named_by_number_id_or_link(browser: Client, name: str):
    other = make_job(name="other", seed=7)
    job = make_job(seed=8)

    section = told(browser, job, against=name.format(pk=other.pk, id=other.upstream_id))

    assert lines(section, differs=True) == [["differs:", "Seed", "7", "8"]]
    assert "duplicated from" not in section


def test_what_was_asked_stands_before_what_came_of_it(browser: Client):
    auto = {"supervised": {"hyperparameters": {"n_epochs": "auto"}}}
    other = make_job(method="supervised", hyperparameters={"n_epochs": 2})
    job = make_job(method="supervised", method_recipe=auto, hyperparameters={"n_epochs": 3})

    section = told(browser, job, against=str(other.pk))

    assert lines(section, differs=True) == [["differs:", "Epochs", "2", "auto", "→", "3"]]


def test_two_jobs_that_were_told_the_same_say_so(browser: Client):
    other, job = make_job(seed=7), make_job(seed=7)

    section = told(browser, job, against=str(other.pk))

    assert "Both were told the same." in section


@pytest.mark.parametrize("name", ["999999", "<b>nobody</b>", "9" * 40, "٣", "/jobs/x"])
def test_a_name_that_is_nobodys_falls_back_and_says_so(browser: Client, name: str):
    original, job = make_job(name="first", seed=1), make_job(seed=2)
    make_order(upstream_id=job.upstream_id, duplicate_of=original)

    section = told(browser, job, against=name)

    assert "There is no job" in section
    assert "<b>nobody" not in section
    assert len(lines(section, differs=True)) == 1


@pytest.mark.parametrize("name", ["", "\0", " "])
def test_without_another_job_there_is_only_the_question_for_one(browser: Client, name: str):
    section = told(browser, make_job(), against=name)

    assert "<table" not in section
    assert "There is no job" not in section


def test_a_job_is_not_set_against_itself(browser: Client):
    job = make_job()

    assert "<table" not in told(browser, job, against=str(job.pk))


def test_files_of_two_accounts_are_told_by_their_own_names(browser: Client):
    here, there = make_account(), make_account(name="Other")
    for account, filename in ((here, "a.jsonl"), (there, "b.jsonl")):
        account.files.create(upstream_id="file-1", filename=filename)
    job = make_job(account=here, training_file="file-1")
    other = make_job(account=there, training_file="file-1")

    section = told(browser, job, against=str(other.pk))

    assert ["Training", "b.jsonl", "a.jsonl"] in lines(section, differs=False)
