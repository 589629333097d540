import csv
import zlib
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job, ResultFile, Series
from jobs.models.series import CHUNK
from tests.making import make_account, make_job

pytestmark = pytest.mark.django_db

TABLE = b"step,train_loss\n1,2.5\n2,6e-05\n"


def downloaded(browser: Client, address: str) -> tuple[bytes, Any]:
    reply = browser.get(address)
    assert reply.status_code == 200
    pieces: Iterator[bytes] = reply.streaming_content  # type: ignore[attr-defined]
    return b"".join(pieces), reply.headers


def metrics_of(browser: Client, job: Job) -> list[list[str]]:
    content, _ = downloaded(browser, reverse("metrics", args=[job.pk]))
    return list(csv.reader(StringIO(content.decode(), newline="")))


def make_result(job: Job, content: bytes | None = TABLE, **given: Any) -> ResultFile:
    came = {} if content is None else {"content": zlib.compress(content), "read_at": timezone.now()}
    defaults = {"upstream_id": "file-result", "next_try_at": None, "is_table": True}
    return job.results.create(**defaults | came | given)


def test_every_step_and_metric_is_in_the_table_exactly(browser: Client):
    job = make_job(upstream_id="ftjob-1")
    train = {1: 0.1 + 0.2, 2: 1e-300, 4: 0.8681986331939697}
    Series.objects.add(job, {"train_loss": train, "full_valid_loss": {4: 1.5}, "reward": {0: -1.0}})

    header, *rows = metrics_of(browser, job)

    assert header == ["step", "train_loss", "full_valid_loss", "reward"]
    told = {int(step): [float(cell) if cell else None for cell in cells] for step, *cells in rows}
    assert told == {
        0: [None, None, -1.0],
        1: [0.1 + 0.2, None, None],
        2: [1e-300, None, None],
        4: [0.8681986331939697, 1.5, None],
    }
    assert list(told) == sorted(told)


def test_a_long_job_is_told_whole(browser: Client):
    job = make_job()
    steps = range(1, 2 * CHUNK + 7)
    Series.objects.add(job, {"train_loss": {step: step / 7 for step in steps}})

    rows = metrics_of(browser, job)[1:]

    assert [(int(step), float(loss)) for step, loss in rows] == [(s, s / 7) for s in steps]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@sum", "'@sum"),
        ("-1+1", "'-1+1"),
        ('a,"b"\nc', 'a,"b"\nc'),
        ("scores.graders.exact", "scores.graders.exact"),
    ],
)
def test_a_name_of_the_service_is_a_word_in_any_spreadsheet(browser: Client, name, column):
    job = make_job()
    Series.objects.add(job, {name: {1: 1.0}})

    assert metrics_of(browser, job) == [["step", column], ["1", "1.0"]]


def test_a_job_without_steps_has_an_empty_table(browser: Client):
    assert metrics_of(browser, make_job()) == [["step"]]


def test_the_table_is_saved_under_a_name_that_any_system_bears(browser: Client):
    job = make_job(upstream_id='ftjob/../"1"\r\nX: y')

    _, headers = downloaded(browser, reverse("metrics", args=[job.pk]))

    saved = headers["Content-Disposition"]
    assert saved == 'attachment; filename="ftjob_.._1_X_y-metrics.csv"'
    assert headers["Content-Type"] == "text/csv; charset=utf-8"


def test_a_result_file_is_given_as_its_service_wrote_it(browser: Client):
    result = make_result(make_job(upstream_id="ftjob-1"))

    content, headers = downloaded(browser, result.get_absolute_url())

    assert content == TABLE
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"] == 'attachment; filename="ftjob-1-file-result.csv"'


def test_a_large_result_file_comes_whole(browser: Client):
    content = b"step,train_loss\n" + b"".join(b"%d,%r\n" % (n, n / 7) for n in range(200_000))
    result = make_result(make_job(), content)

    assert downloaded(browser, result.get_absolute_url())[0] == content


def test_what_is_no_table_is_not_called_one(browser: Client):
    result = make_result(make_job(), b"<script>alert(1)</script>", is_table=False)

    content, headers = downloaded(browser, result.get_absolute_url())

    assert content == b"<script>alert(1)</script>"
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["Content-Disposition"].endswith('.bin"')


@pytest.mark.parametrize(
    ("given", "of_job", "words"),
    [
        ({"next_try_at": timezone.now(), "problem": "It said 502."}, {}, "asks for it by itself"),
        ({"next_try_at": timezone.now()}, {}, "not asked for yet"),
        ({"problem": "It said 403."}, {}, "then ask again"),
        ({}, {"gone_at": timezone.now()}, "no longer knows this job"),
    ],
)
def test_a_file_that_is_not_here_says_why_and_what_to_do(browser, given, of_job, words):
    result = make_result(make_job(**of_job), None, **given)

    reply = browser.get(result.get_absolute_url())

    html = reply.content.decode()
    assert reply.status_code == 404
    assert words in html
    assert given.get("problem", "") in html
    assert ("Ask again" in html) == ("then ask again" in html)


def test_a_file_that_was_given_up_can_be_asked_for_again(browser: Client):
    job = make_job(state=Job.State.SUCCEEDED, next_poll_at=None)
    result = make_result(job, None, asked_at=timezone.now(), problem="It said 502.")

    reply = browser.post(reverse("result_file_again", args=[job.pk, result.pk]), follow=True)

    result.refresh_from_db()
    job.refresh_from_db()
    assert result.is_awaited
    assert not job.is_settled
    assert "asks for it by itself" in reply.content.decode()


def test_a_file_that_is_here_is_not_asked_for_again(browser: Client):
    result = make_result(make_job())

    browser.post(reverse("result_file_again", args=[result.job_id, result.pk]))

    result.refresh_from_db()
    assert not result.is_awaited


def test_a_result_of_another_job_is_not_found(browser: Client):
    result, other = make_result(make_job()), make_job()

    assert browser.get(reverse("result_file", args=[other.pk, result.pk])).status_code == 404


def test_the_job_page_links_what_can_be_had_and_tells_what_cannot(browser: Client, alice: User):
    job = make_job(
        state=Job.State.SUCCEEDED, result_files=["file-result", "file-lost"], account=make_account()
    )
    here = make_result(job)
    lost = make_result(job, None, upstream_id="file-lost", problem="It said <b>403</b>.")
    Series.objects.add(job, {"train_loss": {1: 2.5}})

    html = browser.get(job.get_absolute_url()).content.decode()

    assert f'<a href="{here.get_absolute_url()}">Download</a>' in html
    assert f'<a href="{lost.get_absolute_url()}">What to do</a>' in html
    assert "It said &lt;b&gt;403&lt;/b&gt;. Tuneboard has given up asking." in html
    assert f'<a href="{reverse("metrics", args=[job.pk])}">Every step as CSV</a>' in html
