"""Every sample goes the whole way: from the wire to the rows, the page, the chart and the table."""

import csv
import json
import math
import struct
from array import array
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from html import escape, unescape
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from jobs import charts
from jobs.models import Job, Series
from tests.listening import caught_up
from tests.making import make_account, make_job
from tests.sampled import JSON_FILES, RESULT_FILES, Json, files_with, found
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db

JOBS = [
    (path, body)
    for path in files_with("fine_tuning.job")
    for body in found(path, "fine_tuning.job")
]
Point = tuple[str, int, float]


def page(browser: Client, name: str, *args: object) -> str:
    reply = browser.get(reverse(name, args=args))
    assert reply.status_code == 200
    return unescape(reply.content.decode())


def exported(browser: Client, job: Job) -> Iterator[Point]:
    """Every point in the table of the job's steps."""
    reply = browser.get(reverse("metrics", args=[job.pk]))
    text = b"".join(reply.streaming_content).decode()  # type: ignore[attr-defined]
    (_, *names), *rows = csv.reader(StringIO(text, newline=""))
    for step, *cells in rows:
        for name, cell in zip(names, cells, strict=True):
            if cell:
                yield name, int(step), float(cell)


def drawn(browser: Client, job: Job) -> Iterator[Point]:
    """Every point on the job's charts."""
    for family in charts.families(Series.counts(job.pk)):
        message = browser.get(reverse("chart", args=[job.pk, family])).content
        (length,) = struct.unpack_from("<I", message)
        header, binary = json.loads(message[4 : 4 + length]), message[4 + length :]
        for trace in header["figure"]["data"]:
            if trace["name"] != "checkpoint":
                yield from points_of(trace, binary)


def points_of(trace: Json, binary: bytes) -> Iterator[Point]:
    values = numbers(trace["y"], binary)
    regular = range(trace.get("x0", 0), 1 << 32, trace.get("dx", 1))
    steps = numbers(trace["x"], binary) if "x" in trace else regular
    for step, value in zip(steps, values, strict=False):
        yield trace["name"], int(step), value


def numbers(reference: Any, binary: bytes) -> list[float]:
    if isinstance(reference, list):
        return reference
    kind, count = reference["kind"], reference["count"]
    size = array(kind).itemsize * count
    return list(array(kind, binary[reference["at"] : reference["at"] + size]))


def measured(value: Any, name: str = "") -> Iterator[float]:
    """Every number in what an event measured, but the position."""
    is_position = name in ("step", "total_steps") and not isinstance(value, dict)
    if is_position or isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield float(value)
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in inner:
        yield from measured(item, str(key))


def in_digits(value: object) -> str:
    """A page says 1e-05 as 0.00001, and true as yes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(Decimal(str(value)), "f") if isinstance(value, float) else str(value)


@pytest.mark.parametrize(("path", "body"), JOBS, ids=lambda each: getattr(each, "name", "job"))
def test_a_job_is_listed_and_shown_with_all_that_its_service_said(browser, upstream, path, body):
    upstream.add(body["id"])
    upstream.jobs[body["id"]] = body

    job = caught_up(make_account())

    html = page(browser, "job_detail", job.pk)
    raw = html.partition('aria-label="The job as the service describes it">')[2]
    assert json.loads(raw.partition("</pre>")[0]) == job.raw == body
    row = page(browser, "job_row", job.pk)
    assert job.name in row
    assert job.get_state_display() in row
    facts = html.partition('id="facts"')[2].partition("</section>")[0]
    told = [body["model"], body.get("fine_tuned_model"), body["training_file"]]
    told += [body.get("validation_file"), *(body.get("result_files") or [])]
    told += [*(body.get("metadata") or {}), *(body.get("metadata") or {}).values()]
    told += [in_digits(value) for value in (body.get("hyperparameters") or {}).values()]
    assert [word for word in told if word and word not in facts] == []
    assert job.status == body["status"]


@pytest.mark.parametrize("path", files_with("fine_tuning.job.event"), ids=lambda path: path.name)
def test_events_are_kept_drawn_and_exported_to_the_last_number(browser, upstream, path: Path):
    events = found(path, "fine_tuning.job.event")
    upstream.add(finished_at=None)
    upstream.newest_first = False  # as they stand in the file
    upstream.events["ftjob-1"] = events

    job = caught_up(make_account())

    rows = list(job.events.all())
    assert Counter(row.message for row in rows) == Counter(event["message"] for event in events)
    payloads = {row.upstream_id: row.payload for row in rows}
    identified = [event for event in events if event.get("id")]
    assert all(payloads[event["id"]] == (event.get("data") or {}) for event in identified)
    html = page(browser, "job_detail", job.pk)
    assert all(event["message"] in html for event in events)
    data = [event.get("data") or {} for event in events]
    said = Counter(
        (each["step"], number) for each in data if "step" in each for number in measured(each)
    )
    for points in (exported(browser, job), drawn(browser, job)):
        assert Counter((step, value) for _, step, value in points) == said


def test_nested_metrics_have_the_names_of_their_graders(browser: Client, upstream: FakeUpstream):
    path = next(path for path in JSON_FILES if path.name == "event_reinforcement.json")
    upstream.add()
    upstream.events["ftjob-1"] = found(path, "fine_tuning.job.event")

    job = caught_up(make_account())

    points = set(exported(browser, job))
    assert ("scores.graders.exact.train_reward_mean", 4, 0.25) in points
    assert points == set(drawn(browser, job))


@pytest.mark.parametrize(
    "path", files_with("fine_tuning.job.checkpoint"), ids=lambda path: path.name
)
def test_checkpoints_are_kept_and_shown(browser: Client, upstream: FakeUpstream, path: Path):
    checkpoints = found(path, "fine_tuning.job.checkpoint")
    upstream.add()
    upstream.newest_first = False
    upstream.checkpoints["ftjob-1"] = checkpoints

    job = caught_up(make_account())

    rows = job.checkpoints.all()
    assert Counter(json.dumps(row.raw, sort_keys=True) for row in rows) == Counter(
        json.dumps(body, sort_keys=True) for body in checkpoints
    )
    html = page(browser, "job_checkpoints", job.pk)
    for row in rows:
        assert row.model in html
        assert row.metrics.items() <= row.raw["metrics"].items()


@pytest.mark.parametrize("path", RESULT_FILES, ids=lambda path: path.name)
def test_a_result_file_gives_every_cell_and_itself(browser: Client, upstream, path: Path):
    upstream.add(status="succeeded", result_files=["file-result"])
    upstream.contents["file-result"] = path.read_bytes()

    job = caught_up(make_account())

    plain = path.with_suffix(".csv").read_bytes()
    said = Counter(cells(plain.decode()))
    assert said
    assert Counter(exported(browser, job)) == Counter(drawn(browser, job)) == said
    reply = browser.get(job.results.get().get_absolute_url())
    assert b"".join(reply.streaming_content) == plain  # type: ignore[attr-defined]
    assert "Download" in page(browser, "job_detail", job.pk)


def cells(text: str) -> Iterator[Point]:
    for row in csv.DictReader(StringIO(text, newline="")):
        for name, cell in row.items():
            if name != "step" and cell and math.isfinite(float(cell)):
                metric = "train_mean_token_accuracy" if name == "train_accuracy" else name
                yield metric.replace("/", "."), int(row["step"]), float(cell)


CASES = [json.loads(path.read_text()) for path in JSON_FILES]
CASES = [case for cases in CASES for case in (cases if isinstance(cases, list) else [cases])]
REFUSALS = [case for case in CASES if case.get("status") and isinstance(case.get("body"), dict)]
GRADES = [case for case in CASES if "sub_rewards" in case]  # ours tell beside it how it is read


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: str(case["status"]))
def test_a_refusal_is_shown_in_the_words_of_the_service(browser: Client, upstream, case: Json):
    upstream.add()
    job = make_job(upstream_id="ftjob-1")
    upstream.broken = httpx.Response(case["status"], json=case["body"])

    reply = browser.post(reverse("ask", args=[job.pk, "cancel"]), follow=True)

    words = case.get("message") or case["body"]["error"]["message"]
    assert escape(words.rstrip(".")) in reply.content.decode()


@pytest.mark.parametrize("case", GRADES, ids=lambda case: str(case["reward"]))
def test_a_grade_is_shown_with_its_reward(browser: Client, upstream: FakeUpstream, case: Json):
    upstream.broken = httpx.Response(200, json=case.get("body", case))
    given = {"grader": '{"type": "string_check"}', "sample": "Hello", "item": "{}"}

    reply = browser.post(reverse("grader_run", args=[make_account().pk]), given)

    html = reply.content.decode()
    told = "\u2013" if case["reward"] is None else f"{case['reward']:#.4g}".rstrip(".")
    assert f"<b>{told}</b>" in html
    assert [name for name in case["sub_rewards"] if name not in html] == []
