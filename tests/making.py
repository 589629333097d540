"""Saved rows for tests: give only what the test is about."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User

from jobs.models import Account, Event, Job, Order, Upload, searched
from jobs.models.upload import PART_SIZE

BORN = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)  # tests.wire.BORN


def make_account(**given: Any) -> Account:
    defaults: dict[str, Any] = {"base_url": "https://api.test/v1", "api_key": "sk-test-secret"}
    account, _ = Account.objects.get_or_create(
        name=given.pop("name", "Test"), defaults=defaults | given
    )
    return account


def make_job(**given: Any) -> Job:
    """A running job of the account "Test"."""
    number = Job.objects.count() + 1
    defaults = {
        "upstream_id": f"ftjob-{number}",
        "name": f"job-{number}",
        "status": "running",
        "state": Job.State.RUNNING,
        "base_model": "gpt-4o-mini-2024-07-18",
        "created_at": BORN,
    }
    account = given.pop("account", None) or make_account()
    job = Job.objects.create(account=account, **defaults | given)
    searched.remember([job])
    return job


def make_event(job: Job, message: str = "Something happened", **given: Any) -> Event:
    number = Event.objects.count() + 1
    defaults = {"upstream_id": f"ftevent-{number}", "created_at": BORN, "level": "info"}
    return Event.objects.create(job=job, message=message, **defaults | given)


def make_user(name: str = "alice") -> User:
    user, _ = User.objects.get_or_create(username=name)
    return user


def make_order(**given: Any) -> Order:
    """A draft that can be sent: a model, and a file that the service has."""
    defaults = {"base_model": "gpt-4o-mini", "training_file": "file-train", "suffix": "support-bot"}
    account = given.pop("account", None) or make_account()
    by = given.pop("by", None) or make_user()
    return Order.objects.create(account=account, by=by, **defaults | given)


def make_upload(content: bytes = b'{"messages": []}\n', **given: Any) -> Upload:
    """A file that has arrived and was checked, unless `given` says otherwise."""
    upload = Upload.objects.begin("train.jsonl", len(content), by=make_user())
    for number in range(upload.part_count):
        upload.take(number, content[number * PART_SIZE : (number + 1) * PART_SIZE])
    Upload.objects.filter(pk=upload.pk).update(**{"state": Upload.State.CHECKED} | given)
    upload.refresh_from_db()
    return upload
