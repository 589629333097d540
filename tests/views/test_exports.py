import csv
import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Desk, Job
from jobs.views import exports
from tests.making import BORN, make_job

pytestmark = pytest.mark.django_db


def download(browser: Client, name: str, **query: str) -> str:
    reply = browser.get(reverse(name), query)
    assert reply.status_code == 200
    assert "attachment" in reply.headers["Content-Disposition"]
    return reply.getvalue().decode()


def table(browser: Client, **query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(download(browser, "jobs_csv", **query))))


def objects(browser: Client, **query: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(download(browser, "jobs_json", **query))
    return told


def test_all_that_match_are_exported_in_the_order_of_the_list(browser: Client, monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    for number in range(5):
        make_job(name=f"run-{number}", created_at=BORN + timedelta(days=number))
    make_job(name="broken", state=Job.State.FAILED)

    told = [row["name"] for row in table(browser, state="running", sort="created")]

    assert told == [f"run-{number}" for number in range(5)]
    assert [row["name"] for row in objects(browser, state="running", sort="created")] == told


def test_a_page_is_exported_as_it_is_seen(browser: Client, alice, monkeypatch):
    jobs = [make_job(created_at=BORN + timedelta(days=number)) for number in range(60)]
    Desk.objects.create(user=alice, pins=[jobs[0].pk])

    told = [row["job"] for row in table(browser, page="")]

    assert told == [job.upstream_id for job in (jobs[0], *reversed(jobs[10:]))]


def test_values_are_exact_and_chosen_columns_come_along(browser: Client):
    make_job(best_loss=0.1 + 0.2, hyperparameters={"lr": 1e-05}, seed=None)

    (told,) = objects(browser, columns="name,hp.lr,seed")

    assert told["best_loss"] == 0.1 + 0.2
    assert told["hp.lr"] == 1e-05
    assert told["seed"] is None


def test_a_spreadsheet_reckons_with_nothing(browser: Client):
    make_job(name="=1+1", hyperparameters={"lr": "@SUM(A1)"})

    (told,) = table(browser, columns="name,hp.lr")

    assert told["name"] == "'=1+1"
    assert told["hp.lr"] == "'@SUM(A1)"


def test_an_export_of_nothing_is_whole(browser: Client):
    assert table(browser) == []
    assert objects(browser) == []
