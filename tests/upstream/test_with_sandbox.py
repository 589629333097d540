"""The whole client against a server that shares nothing with it, over a real socket."""

import hashlib
import json
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest

from jobs.upstream import (
    AZURE,
    ENDED,
    NEBIUS,
    OPENAI,
    Feature,
    FineTuningClient,
    JobReply,
    Rejected,
    State,
    read_results,
)
from tests.sandbox_server import Server

EXAMPLE = {
    "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
}
LINES = [json.dumps(EXAMPLE).encode() + b"\n"] * 12
TRAINING = b"".join(LINES)
GRADER = {
    "type": "string_check",
    "name": "exact",
    "operation": "eq",
    "input": "{{sample.output_text}}",
    "reference": "{{item.answer}}",
}


@pytest.fixture
def service(tmp_path, request) -> Iterator[FineTuningClient]:
    dialect = request.param
    with Server(tmp_path / "sandbox", "--pace", "0", "--dialect", dialect.name) as server:
        url = server.url.removesuffix("/v1") if dialect.root else server.url
        with FineTuningClient(url, "sk-1", admin_key="sk-admin-1", dialect=dialect) as client:
            yield client


def order(client: FineTuningClient, training_file: str) -> JobReply:
    return client.create(
        {
            "model": client.models()[0].id,
            "training_file": training_file,
            "suffix": "tickets",
            "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 1}}},
            "metadata": {"order": "7"},
        }
    )


def ended(client: FineTuningClient, job: JobReply) -> JobReply:
    until = monotonic() + 60
    while client.dialect.state_of(job.status) not in ENDED:
        assert monotonic() < until, job
        sleep(0.1)
        job = client.job(job.id)
    return job


@pytest.mark.parametrize("service", [OPENAI, AZURE, NEBIUS], indirect=True, ids=lambda d: d.name)
def test_a_job_is_trained_from_the_file_to_its_results(service):
    file = service.upload("tickets.jsonl", LINES, len(TRAINING))

    job = ended(service, order(service, file.id))

    assert service.dialect.state_of(job.status) == State.SUCCEEDED
    assert job.suffix in ("tickets", "")
    measured = set(read_results(service.file_content(job.result_files[0])).points["train_loss"])
    last = max(measured)
    assert measured == set(range(1, last + 1))
    told = {event.step for event in service.events(job.id) if event.metrics}
    assert told == (set() if service.dialect is AZURE else measured)  # it tells it nowhere else
    assert [checkpoint.step for checkpoint in service.checkpoints(job.id)] == [last]
    assert service.file(file.id).bytes == len(TRAINING)


LACKING: dict[Feature, Callable[[FineTuningClient], object]] = {
    Feature.GRADERS: lambda client: client.run_grader(GRADER, "Hello"),
    Feature.PERMISSIONS: lambda client: list(client.permissions("ft:base")),
    Feature.PAUSE: lambda client: client.pause("ftjob-1"),
}


@pytest.mark.parametrize("service", [AZURE, NEBIUS], indirect=True, ids=lambda d: d.name)
def test_what_a_service_lacks_it_refuses(service):
    for feature, ask in LACKING.items():
        assert feature in service.dialect.lacks
        with pytest.raises(Rejected) as caught:
            ask(service)
        assert caught.value.status == 404


@pytest.mark.parametrize("service", [OPENAI], indirect=True, ids=lambda d: d.name)
def test_a_file_comes_whole_out_of_its_parts(service):
    upload = service.begin_upload("tickets.jsonl", len(TRAINING))
    parts = [service.add_part(upload.id, half) for half in (TRAINING[:100], TRAINING[100:])]

    md5 = hashlib.md5(TRAINING, usedforsecurity=False).hexdigest()
    done = service.complete_upload(upload.id, [part.id for part in parts], md5)
    given_up = service.cancel_upload(service.begin_upload("tickets.jsonl", 10).id)

    assert (done.status, given_up.status) == ("completed", "cancelled")
    assert done.file is not None
    assert service.file_content(done.file.id) == TRAINING
    assert [file.id for file in service.files("fine-tune")] == [done.file.id]


@pytest.mark.parametrize("service", [OPENAI], indirect=True, ids=lambda d: d.name)
def test_a_model_is_found_shared_graded_and_deleted(service):
    file = service.upload("tickets.jsonl", LINES, len(TRAINING))
    job = ended(service, order(service, file.id))
    model = job.fine_tuned_model

    granted = service.grant(model, ["proj_sales", "proj_support"])
    service.revoke(model, granted[0].id)
    grade = service.run_grader(GRADER, "Hello", {"answer": "Hello"})

    assert [found.id for found in service.jobs(metadata={"order": "7"})] == [job.id]
    assert list(service.jobs(metadata={"order": "8"})) == []
    assert [each.project_id for each in service.permissions(model)] == ["proj_support"]
    assert list(service.permissions(model, "proj_sales")) == []
    assert (grade.reward, grade.errors) == (1.0, {})
    assert service.validate_grader(GRADER) == GRADER
    assert service.model(model).id == model
    service.delete_model(model)
    service.delete_file(file.id)
    with pytest.raises(Rejected):
        service.model(model)
    assert file.id not in [each.id for each in service.files()]
