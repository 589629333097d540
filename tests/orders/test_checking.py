"""A file is judged in a process of its own, by whichever worker has it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from jobs import orders
from jobs.models import Upload
from jobs.orders import checking
from tests.making import make_order, make_upload

pytestmark = pytest.mark.django_db

GOOD = "\n".join(
    json.dumps(
        {
            "messages": [
                {"role": "user", "content": f"Where is order {number}?"},
                {"role": "assistant", "content": f"Order {number} is on its way."},
            ]
        }
    )
    for number in range(12)
).encode()


def arrived(content: bytes, **given: object) -> Upload:
    return make_upload(content, **{"state": Upload.State.WAITING, "model": "gpt-4o-mini"} | given)


def looked_after(upload: Upload) -> Upload:
    """What the clock does when a file is due."""
    Upload.objects.filter(pk=upload.pk).update(next_at=timezone.now())
    for pk in Upload.objects.claim_due(timezone.now()):
        orders.look_after(pk)
    return Upload.objects.get(pk=upload.pk)


def test_a_good_file_is_checked_and_can_be_ordered_with():
    upload = looked_after(arrived(GOOD))

    assert (upload.state, upload.errors, upload.progress) == ("checked", 0, 100)
    report: Any = upload.report
    assert report["examples"] == 12
    assert report["tokens"]["total"] > 100
    assert len(upload.digests) >= 12 * 8
    assert len(upload.sha256) == 64
    assert make_order(training_file="", training_upload=upload).problems() == {}


def test_a_bad_file_says_where_it_is_bad():
    upload = looked_after(arrived(GOOD + b'\n{"messages": []}'))

    assert (upload.state, upload.errors) == ("checked", 1)
    report: Any = upload.report
    (problem,) = [each for each in report["problems"] if each["severity"] == "error"]
    assert problem["line"] == 13
    assert "an error" in make_order(training_upload=upload).problems()["training_file"]


def test_few_examples_will_do_for_validation():
    few = b"\n".join(GOOD.split(b"\n")[:3])

    assert looked_after(arrived(few)).errors == 1
    assert looked_after(arrived(few, for_validation=True)).errors == 0


def test_a_check_whose_worker_was_killed_begins_anew():
    upload = arrived(GOOD, state=Upload.State.CHECKING, attempts=1, checked_bytes=7)

    assert looked_after(upload).state == "checked"


def test_a_file_that_kills_its_judge_is_given_up_at_last():
    upload = arrived(GOOD, state=Upload.State.CHECKING, attempts=3)

    upload = looked_after(upload)

    assert upload.state == "broken"
    assert "never came to its end" in upload.why


def test_a_judge_that_ends_early_is_told(capfd: pytest.CaptureFixture[str]):
    upload = looked_after(arrived(GOOD * 2000, method="magic"))

    assert (upload.state, upload.report) == ("broken", None)
    assert "The check ended early (code 1)" in upload.why
    assert "magic" in capfd.readouterr().err


def test_a_judge_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checking, "LONGEST", 0.01)

    upload = looked_after(arrived(GOOD))

    assert upload.state == "broken"
    assert "(code -9)" in upload.why


def test_who_loses_the_file_while_it_is_checked_writes_nothing(monkeypatch):
    monkeypatch.setattr(checking, "RENEWED_EVERY", 0)
    upload = arrived(GOOD * 2000)
    claimed = Upload.objects.claim_due(timezone.now())

    def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SELECT") and '"content"' in sql:
            Upload.objects.get().check_for("dpo", "gpt-4o")
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        orders.look_after(*claimed)

    upload.refresh_from_db()
    assert (upload.state, upload.method, upload.report) == ("waiting", "dpo", None)


def test_one_file_is_checked_after_the_other():
    first, second = arrived(GOOD), arrived(GOOD)
    now = timezone.now()

    assert Upload.objects.claim_due(now) == [first.pk]
    Upload.objects.filter(pk=first.pk).update(state=Upload.State.CHECKING)
    assert Upload.objects.claim_due(now) == []
    Upload.objects.filter(pk=first.pk).update(state=Upload.State.CHECKED)
    assert Upload.objects.claim_due(now) == [second.pk]


def test_what_nobody_came_back_for_goes_when_it_is_due():
    upload = make_upload(state=Upload.State.RECEIVING)

    orders.look_after(upload.pk)

    assert not Upload.objects.exists()
    orders.look_after(upload.pk)


def test_a_checked_file_waits_a_day_for_its_order():
    upload = looked_after(arrived(GOOD))

    assert upload.next_at > timezone.now() + timedelta(hours=23)
