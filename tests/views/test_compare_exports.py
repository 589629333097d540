import csv
import json
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from tests.comparing import trained

pytestmark = pytest.mark.django_db


def downloaded(browser: Client, name: str, query: str) -> str:
    reply = browser.get(f"{reverse(name)}?{query}")
    assert reply.headers["Content-Disposition"].startswith("attachment;")
    return b"".join(reply.streaming_content).decode()  # type: ignore[attr-defined]


def test_every_point_can_be_taken_home(browser: Client):
    job, other = (
        trained("support-bot"),
        trained("=HYPERLINK(1)", loss=0.1 + 0.2, upstream_id="=ftjob"),
    )
    query = f"jobs={job.pk},{other.pk}"

    rows = list(csv.DictReader(StringIO(downloaded(browser, "compare_curves_csv", query))))
    told = json.loads(downloaded(browser, "compare_curves_json", query))

    assert len(rows) == 40
    assert rows[-1]["name"] == "'=HYPERLINK(1)"
    assert rows[-1]["job"] == "'=ftjob"
    assert float(rows[-1]["value"]) == told[1]["values"][-1] == 0.1 + 0.2 + 1 / 20
    assert [each["name"] for each in told] == ["support-bot", "=HYPERLINK(1)"]


def test_recipes_and_results_can_be_taken_home_but_for_hidden_jobs(browser: Client):
    jobs = [trained("support-bot"), trained("night-shift", epochs=9), trained("hidden")]
    query = f"jobs={','.join(str(job.pk) for job in jobs)}&hide={jobs[2].pk}"

    rows = list(csv.DictReader(StringIO(downloaded(browser, "compare_recipes_csv", query))))
    told = json.loads(downloaded(browser, "compare_recipes_json", query))

    assert [row["Hyperparameters.Epochs"] for row in rows] == ["3", "9"]
    assert [each["name"] for each in told] == ["support-bot", "night-shift"]
    assert told[1]["best_loss"] == 0.8
    assert told[1]["seconds"] == 1200


def test_without_jobs_there_is_little_to_take_home(browser: Client):
    assert json.loads(downloaded(browser, "compare_curves_json", "")) == []
    assert json.loads(downloaded(browser, "compare_recipes_json", "")) == []
