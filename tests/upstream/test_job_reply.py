import json
from datetime import UTC, datetime, timedelta
from math import nan

import pytest

from jobs.upstream import ErrorReply, FileReply, JobReply, Malformed, ModelReply

NINE = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)  # 1760000000


def test_a_job_is_read_whole(sample):
    job = JobReply.parse(sample("job_succeeded"))

    assert job.id == "ftjob-Wb2nQx7LsVt04KcYpR1mZeUa"
    assert job.status == "succeeded"
    assert job.model == "gpt-4.1-mini-2025-04-14"
    assert job.created_at == NINE
    assert job.finished_at == NINE + timedelta(seconds=1500)
    assert job.estimated_finish is None
    assert job.fine_tuned_model == "ft:gpt-4.1-mini-2025-04-14:acme:tickets:Q7aZ31kd"
    assert job.organization_id == "org-acme"
    assert (job.training_file, job.validation_file) == ("file-Train01", "")
    assert job.result_files == ("file-Results01",)
    assert (job.trained_tokens, job.seed) == (51234, 7)
    assert job.error is None
    assert job.hyperparameters == {"n_epochs": 3, "batch_size": 2, "learning_rate_multiplier": 1}
    assert job.method == "supervised"
    assert job.integrations[0]["wandb"]["run_id"] == job.id
    assert job.metadata == {"team": "support", "ticket": "T-12"}
    assert job.suffix == "tickets"
    assert job.raw == sample("job_succeeded")


def test_a_job_may_have_nothing_but_an_id():
    job = JobReply.parse({"id": "ftjob-1"})

    assert (job.status, job.model, job.fine_tuned_model, job.suffix) == ("", "", "", "")
    assert (job.created_at, job.finished_at, job.estimated_finish) == (None, None, None)
    assert (job.result_files, job.integrations, job.metadata) == ((), [], {})
    assert (job.hyperparameters, job.method, job.method_recipe) == ({}, "supervised", {})
    assert (job.trained_tokens, job.seed, job.error) == (None, None, None)


def test_every_field_of_a_job_may_be_null(sample):
    empty = JobReply.parse({"id": "ftjob-1"})
    nulls = JobReply.parse(
        {"id": "ftjob-1", **dict.fromkeys(sample("job_succeeded").keys() - {"id"})}
    )

    for name in set(JobReply.__struct_fields__) - {"raw"}:
        assert getattr(nulls, name) == getattr(empty, name), name


@pytest.mark.parametrize("nonsense", [{"x": 1}, [1], True, -1, "?", 1e300, "", 10**30])
def test_every_field_of_a_job_may_be_nonsense(sample, nonsense):
    keys = sample("job_succeeded").keys() - {"id"}

    job = JobReply.parse({"id": "ftjob-1", **dict.fromkeys(keys, nonsense)})

    assert job.id == "ftjob-1"
    assert (job.created_at, job.trained_tokens, job.seed) == (None, None, None)


def test_a_preference_job_has_its_hyperparameters_in_the_method(sample):
    job = JobReply.parse(sample("job_dpo"))

    assert job.method == "dpo"
    assert job.hyperparameters == {}
    assert job.method_recipe["dpo"]["hyperparameters"]["beta"] == 0.1
    assert job.estimated_finish == NINE + timedelta(seconds=9000)


def test_a_reinforcement_job_keeps_its_grader_and_its_unlisted_status(sample):
    job = JobReply.parse(sample("job_reinforcement"))

    assert job.status == "pausing"
    assert job.method == "reinforcement"
    assert job.method_recipe["reinforcement"]["grader"]["name"] == "exact"


def test_an_azure_job_lacks_much_and_is_read_all_the_same(sample):
    job = JobReply.parse(sample("job_azure"))

    assert job.status == "notRunning"
    assert job.hyperparameters == {"n_epochs": -1}
    assert (job.organization_id, job.result_files) == ("", ())
    assert job.raw["trainingType"] == "standard"


def test_a_nebius_job_has_iso_times_and_its_own_suffix(sample):
    job = JobReply.parse(sample("job_nebius"))

    assert job.created_at == datetime(2026, 10, 9, 8, 53, 20, 500000, tzinfo=UTC)
    assert job.suffix == "legal"
    assert job.seed == 42
    assert job.error is None


def test_a_failed_job_tells_why(sample):
    job = JobReply.parse(sample("job_failed"))

    assert job.error == ErrorReply(
        code="invalid_n_examples",
        message="Training file has 4 example(s), but must have at least 10 examples",
        param="training_file",
    )
    assert job.finished_at is None
    assert "n_epochs" not in job.hyperparameters


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"error": None},
        {"error": {}},
        {"error": {"code": None, "message": None, "param": None}},
        {"error": {"code": None, "message": None, "param": None, "error": None}},
        {"error": ""},
    ],
)
def test_no_error_is_said_in_many_ways(given):
    assert JobReply.parse({"id": "ftjob-1", **given}).error is None


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("out of memory", ErrorReply("", "out of memory", "")),
        ({"message": "moderation failed"}, ErrorReply("", "moderation failed", "")),
        ({"code": 17, "message": None}, ErrorReply("17", "", "")),
    ],
)
def test_an_error_may_be_a_string_or_lack_a_part(given, error):
    assert JobReply.parse({"id": "ftjob-1", "error": given}).error == error


def test_numbers_that_json_does_not_know_do_not_get_through():
    job = JobReply.parse({"id": "ftjob-1", "hyperparameters": {"lr": nan}, "usage_metrics": [nan]})

    assert job.hyperparameters == {"lr": None}
    json.dumps(job.raw, allow_nan=False)


@pytest.mark.parametrize("body", [{}, {"id": None}, {"id": ""}, {"id": {}}, [], None, "job", 7])
@pytest.mark.parametrize("reply", [JobReply, FileReply, ModelReply])
def test_what_cannot_be_addressed_is_malformed(reply, body):
    with pytest.raises(Malformed, match="The API sent"):
        reply.parse(body)


def test_a_reply_cannot_be_changed(sample):
    job = JobReply.parse(sample("job_dpo"))

    with pytest.raises(AttributeError):
        setattr(job, "status", "succeeded")  # noqa: B010 (mypy would refuse the plain way)
