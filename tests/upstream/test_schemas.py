"""Events, checkpoints, files and models. Jobs have the most variants: see test_job_reply.py."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from math import nan

import pytest

from jobs.upstream import CheckpointReply, EventReply, FileReply, Malformed, ModelReply

NINE = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)  # 1760000000


@pytest.mark.parametrize("body", [[], None, "event", 7])
@pytest.mark.parametrize("reply", [EventReply, CheckpointReply])
def test_what_is_no_object_is_malformed(reply, body):
    with pytest.raises(Malformed, match=r"where an? (event|checkpoint) should be"):
        reply.parse(body)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (1760000000, NINE),
        (1760000000.5, NINE + timedelta(seconds=0.5)),
        ("1760000000", NINE),
        ("2025-10-09T08:53:20Z", NINE),
        ("2025-10-09T08:53:20", NINE),
        ("2025-10-09T10:53:20+02:00", NINE),
        ("2025-10-09 08:53:20.123456789Z", NINE + timedelta(microseconds=123456)),
        (0, None),
        ("0", None),
        (-5, None),
        (nan, None),
        (1e300, None),
        (10**30, None),
        ("0001-01-01T00:00:00+05:00", None),
        ("soon", None),
        ("", None),
        (True, None),
        ({}, None),
    ],
)
def test_a_time_is_read_however_it_is_written(given, read):
    event = EventReply.parse({"id": "ftevent-1", "created_at": given})

    assert event.created_at == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (7, 7),
        (7.0, 7),
        ("7", 7),
        (0, 0),
        (7.5, None),
        (-1, None),
        (2**63, None),
        ("9" * 5000, None),
        (True, None),
    ],
)
def test_a_step_is_whole_and_fits_into_a_database(given, read):
    assert EventReply.parse({"id": "ftevent-1", "data": {"step": given}}).step == read


def test_events_are_read_in_every_variant(sample):
    events = [EventReply.parse(body) for body in sample("events_newest_first")["data"]]

    last_step = events[3]
    assert (last_step.step, last_step.total_steps, last_step.type) == (40, 40, "metrics")
    assert last_step.metrics == {
        "train_loss": 0.7315,
        "train_mean_token_accuracy": 0.875,
        "valid_loss": 1.4621,
        "valid_mean_token_accuracy": 0.71,
        "full_valid_loss": 1.1193,
        "full_valid_mean_token_accuracy": 0.79,
    }
    started = events[5]
    assert (started.payload, started.step, started.metrics) == ({}, None, {})
    assert events[6].id == "ft-event-3"
    assert [event.level for event in events[6:]] == ["warn", "error", "info"]
    assert events[7].payload == {"error_code": "invalid_n_examples", "error_param": "training_file"}
    assert events[7].metrics == {}
    assert events[8].type == "moderation_checks"
    assert events[1].created_at == events[2].created_at == NINE + timedelta(seconds=1502)


def test_azure_events_say_warning_or_no_level_at_all(sample):
    events = [EventReply.parse(body) for body in sample("events_azure")["data"]]

    assert [event.level for event in events] == ["info", "warn", "info"]
    assert [event.type for event in events] == ["message", "", ""]


def test_an_unknown_level_is_kept():
    assert EventReply.parse({"id": "ftevent-1", "level": "debug"}).level == "debug"


def test_a_reinforcement_event_is_flattened(sample):
    event = EventReply.parse(sample("event_reinforcement"))

    assert (event.step, event.total_steps) == (4, 8)
    assert event.metrics == {
        "train_mean_reward": 0.25,
        "full_valid_mean_reward": 0.5,
        "scores.graders.exact.train_reward_mean": 0.25,
        "scores.graders.exact.valid_reward_mean": 0.5,
        "scores.graders.1.train_reward_mean": 0.75,
        "scores.graders.2.train_reward_mean": 0.1,
        "scores.train_reward_mean": 0.25,
        "timing.step.eval": 10.5,
        "timing.step.sampling": 22.25,
        "usage.samples.train_reasoning_tokens_count": 12074.0,
        "model_graders_token_usage.gpt-4o-2024-08-06.eval_prompt_tokens": 482.0,
    }
    assert event.payload == sample("event_reinforcement")["data"]


@pytest.mark.parametrize("payload", [None, "text", [1], 7])
def test_the_data_of_an_event_may_be_anything(payload):
    event = EventReply.parse({"id": "ftevent-1", "data": payload})

    assert (event.payload, event.step, event.metrics) == ({}, None, {})


def test_a_loss_that_is_no_number_is_null_in_the_payload_and_absent_from_the_metrics():
    event = EventReply.parse({"id": "ftevent-1", "data": {"step": 3, "train_loss": nan}})

    assert event.payload == {"step": 3, "train_loss": None}
    assert event.metrics == {}


@pytest.mark.parametrize("reply", [EventReply, CheckpointReply])
def test_an_id_that_was_not_given_follows_from_the_content(reply):
    body = {"created_at": 1760000000, "message": "Job started."}

    first, again = reply.parse(body), reply.parse(dict(reversed(body.items())))
    other = reply.parse({**body, "message": "Job succeeded."})

    assert first.id.startswith("synthetic-")
    assert first.id == again.id != other.id


def test_checkpoints_are_read_with_or_without_their_metrics(sample):
    last, first, nameless = map(CheckpointReply.parse, sample("checkpoints")["data"])

    assert (last.id, last.step) == ("ftckpt_Last", 40)
    assert last.model == "ft:gpt-4.1-mini-2025-04-14:acme:tickets:Q7aZ31kd"
    assert last.metrics == {
        "train_loss": 0.7315,
        "train_mean_token_accuracy": 0.875,
        "valid_loss": 1.4621,
    }
    assert (first.step, first.metrics) == (20, {})
    assert (nameless.step, nameless.model, nameless.metrics) == (10, "", {"full_valid_loss": 1.9})
    assert nameless.raw == sample("checkpoints")["data"][2]


def test_files_are_read_with_or_without_their_deprecated_status(sample):
    results, training = map(FileReply.parse, sample("files")["data"])

    assert (results.filename, results.bytes) == ("step_metrics.csv", 4321)
    assert (results.purpose, results.status) == ("fine-tune-results", "processed")
    assert results.created_at == NINE + timedelta(seconds=1490)
    assert training.status == ""


def test_models_tell_when_they_retire(sample):
    base, tuned, local = map(ModelReply.parse, sample("models")["data"])

    assert base.shutdown_date == date(2027, 1, 14)
    assert (tuned.owned_by, tuned.shutdown_date) == ("acme", None)
    assert (local.created_at, local.owned_by) == (None, "")


def test_a_time_without_a_zone_is_utc_and_not_the_servers(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        event = EventReply.parse({"id": "ftevent-1", "created_at": "2025-10-09T08:53:20"})
    finally:
        monkeypatch.undo()
        time.tzset()

    assert event.created_at == NINE


def test_times_are_told_in_utc_wherever_they_were_measured():
    elsewhere = NINE.astimezone(timezone(timedelta(hours=-7)))

    event = EventReply.parse({"id": "ftevent-1", "created_at": elsewhere.isoformat()})

    assert str(event.created_at) == "2025-10-09 08:53:20+00:00"
