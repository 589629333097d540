"""Why a job failed, and the way out that its page offers."""

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Job, Order
from tests.making import make_job

pytestmark = pytest.mark.django_db


def page(browser: Client, job: Job) -> str:
    return browser.get(job.get_absolute_url()).content.decode()


def test_a_failure_offers_what_mends_it(browser: Client):
    job = make_job(state=Job.State.FAILED, error_message="Incorrect API key", error_code="")
    other = make_job(state=Job.State.FAILED, error_message="x", error_code="invalid_n_examples")

    assert f'href="{reverse("account_detail", args=[job.account_id])}"' in page(browser, job)
    duplicates = page(browser, other)
    assert "Duplicate with another file" in duplicates
    assert f'action="{reverse("job_duplicate", args=[other.pk])}"' in duplicates
    assert 'name="without" value="training_file"' in duplicates


@pytest.mark.parametrize(
    ("without", "left"),
    [
        ("training_file", ("", "file-8")),
        ("validation_file", ("file-9", "")),
        ("suffix", ("file-9", "file-8")),
    ],
)
def test_a_duplicate_leaves_the_file_out_that_must_be_another_one(
    browser: Client, without: str, left: tuple[str, str]
):
    job = make_job(training_file="file-9", validation_file="file-8")

    browser.post(reverse("job_duplicate", args=[job.pk]), {"without": without})

    order = Order.objects.get()
    assert (order.training_file, order.validation_file) == left
