import pytest

from jobs.upstream import (
    AZURE,
    AZURE_V1,
    DIALECTS,
    ENDED,
    GENERIC,
    NEBIUS,
    OPENAI,
    Feature,
    Rejected,
    State,
)

SAMPLED = pytest.mark.parametrize(
    "dialect", [AZURE, AZURE_V1, NEBIUS], ids=lambda dialect: dialect.name
)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("validating_files", State.VALIDATING),
        ("created", State.VALIDATING),
        ("queued", State.QUEUED),
        ("pending", State.QUEUED),
        ("notRunning", State.QUEUED),
        ("running", State.RUNNING),
        ("pausing", State.PAUSING),
        ("paused", State.PAUSED),
        ("resuming", State.RESUMING),
        ("cancelling", State.CANCELLING),
        ("canceling", State.CANCELLING),
        ("succeeded", State.SUCCEEDED),
        ("failed", State.FAILED),
        ("cancelled", State.CANCELLED),
        ("canceled", State.CANCELLED),
        ("RUNNING", State.RUNNING),
        (" Succeeded ", State.SUCCEEDED),
    ],
)
def test_every_dialect_knows_the_words_that_services_really_use(dialect, status, state):
    assert dialect.state_of(status) == state


@pytest.mark.parametrize("status", ["", "moderating", "succeeded_with_warnings"])
def test_an_unknown_status_is_no_end(status):
    state = OPENAI.state_of(status)

    assert state == State.UNKNOWN
    assert state not in ENDED


def test_only_three_states_are_an_end():
    assert {"succeeded", "failed", "cancelled"} == ENDED


def test_a_compatible_server_may_use_its_own_words():
    assert GENERIC.state_of("FAILED_VALIDATION") == State.FAILED
    assert GENERIC.state_of("CANCELLATION_REQUESTED") == State.CANCELLING
    assert GENERIC.state_of("completed") == State.SUCCEEDED


def test_a_dialect_is_found_by_its_name_and_can_be_a_key():
    assert {DIALECTS[name]: name for name in DIALECTS}[AZURE] == "azure"


def test_azure_lists_the_oldest_first():
    assert not AZURE.newest_first
    assert OPENAI.newest_first


def test_dialects_say_what_they_lack():
    assert OPENAI.lacks == AZURE_V1.lacks == GENERIC.lacks == frozenset()
    assert Feature.PAUSE in AZURE.lacks & NEBIUS.lacks
    assert Feature.UPLOADS not in AZURE.lacks
    assert (AZURE.longest_suffix, OPENAI.longest_suffix) == (40, 64)


def test_who_lets_choose_no_method_has_only_one():
    for dialect in DIALECTS.values():
        assert len(dialect.methods) == 1 or Feature.METHOD not in dialect.lacks


@SAMPLED
def test_a_job_of_another_service_is_read_with_all_that_belongs_to_it(
    connect, network, sample, dialect
):
    said = sample(dialect.name)
    client = connect("https://service.test/v1", dialect=dialect)
    for answer in (
        {"object": "list", "data": [said["job"]], "has_more": False},
        {"object": "list", "data": said["events"], "has_more": False},
        {"object": "list", "data": said["checkpoints"], "has_more": False},
        said["file"],
        {"object": "list", "data": [said["model"]]},
    ):
        network.says(answer)

    (job,) = client.jobs()
    events = list(client.events(job.id))
    (checkpoint,) = client.checkpoints(job.id)
    file = client.file(job.training_file)
    (model,) = client.models()

    assert (job.id, job.raw) == (said["job"]["id"], said["job"])
    assert dialect.state_of(job.status) not in ENDED | {State.UNKNOWN}
    assert (job.error, job.result_files) == (None, ())
    assert [event.id for event in events] == [body["id"] for body in said["events"]]
    assert (events[0].created_at > events[-1].created_at) == dialect.newest_first
    assert checkpoint.step == said["checkpoints"][0]["step_number"]
    assert checkpoint.metrics
    assert file.id == job.training_file
    assert model.created_at is not None
    assert client.skipped == 0


@SAMPLED
def test_another_service_refuses_in_its_own_words(connect, network, sample, dialect):
    refusal = sample(dialect.name)["refusal"]
    network.says(refusal["body"], refusal["status"])

    with pytest.raises(Rejected) as caught:
        connect("https://service.test/v1", dialect=dialect).cancel("ftjob-1")

    words = refusal["body"].get("error", {}).get("message", "hyperparameters.lora_r: Input should")
    assert words in str(caught.value)
    assert caught.value.status == refusal["status"]
