import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Series
from tests.making import make_job

pytestmark = pytest.mark.django_db

ACCEPTS = {"Accept-Encoding": "gzip"}


def test_a_page_travels_compressed(browser: Client):
    for _ in range(20):
        make_job()

    plain = browser.get(reverse("job_list"))
    packed = browser.get(reverse("job_list"), headers=ACCEPTS)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 4


def test_a_compressed_page_is_known_again(browser: Client):
    tag = browser.get(reverse("job_list"), headers=ACCEPTS).headers["ETag"]

    reply = browser.get(reverse("job_list"), headers={**ACCEPTS, "If-None-Match": tag})

    assert reply.status_code == 304


def test_the_points_of_a_chart_are_not_compressed(browser: Client):
    job = make_job()
    Series.objects.add(job, {"train_loss": dict.fromkeys(range(500), 0.5)})

    reply = browser.get(reverse("chart", args=[job.pk, "loss"]), headers=ACCEPTS)

    assert "Content-Encoding" not in reply.headers


def test_the_token_of_a_form_is_never_sent_twice_alike(browser: Client):
    """What compression could otherwise tell by the length of many answers."""
    pages = [browser.get(reverse("password")).content.decode() for _ in range(2)]
    tokens = {page.partition('csrfmiddlewaretoken" value="')[2][:64] for page in pages}

    assert len(tokens) == 2
