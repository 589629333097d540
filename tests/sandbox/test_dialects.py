"""Our own client reads the sandbox in each dialect; the two share nothing but these tests."""

import pytest

from jobs.upstream.client import FineTuningClient
from jobs.upstream.dialects import DIALECTS, State
from tests.sandbox.conftest import call
from tests.sandbox_server import Server

SERVICES = {
    "openai": ("openai", ""),
    "generic": ("openai", ""),
    "azure": ("azure", ""),
    "azure_v1": ("azure", "/v1"),
    "nebius": ("nebius", ""),
}


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """The base URL of every service, with one job that has ended."""
    folder = tmp_path_factory.mktemp("services")
    running = {
        name: Server(folder / name, "--pace", "0", "--dialect", name)
        for name in ("openai", "azure", "nebius")
    }
    try:
        for server in running.values():
            server.start()
        yield {name: server.url for name, server in running.items()}
    finally:
        for server in running.values():
            server.kill()


@pytest.fixture
def client(servers, request):
    service, path = SERVICES[request.param]
    url = servers[service] + path
    with FineTuningClient(url, "sk-test", dialect=DIALECTS[request.param]) as client:
        yield client


@pytest.fixture(scope="module")
def jobs(servers):
    """A job in each service, ordered in OpenAI's words, which all of them understand."""
    with call(servers["openai"]) as openai, call(servers["nebius"]) as nebius:
        return {"openai": _made(openai), "nebius": _made(nebius), "azure": _made_in_azure(servers)}


def _made(api):
    order = {"model": "tiny-byte-lm", "training_file": api.upload(), "suffix": "mine"}
    order["hyperparameters"] = {"n_epochs": 2, "batch_size": 4}
    answer = api.post("fine_tuning/jobs", json=order)
    return api.wait(answer.json()["id"])["id"]


def _made_in_azure(servers):
    with call(f"{servers['azure']}/v1") as api:
        return _made(api)


@pytest.mark.parametrize("client", SERVICES, indirect=True)
def test_our_client_reads_the_job(client, jobs):
    dialect = client.dialect
    job_id = jobs[SERVICES[dialect.name][0]]

    job = client.job(job_id)

    assert [each.id for each in client.jobs()] == [job_id]
    assert dialect.state_of(job.status) is State.SUCCEEDED
    assert (job.model, job.suffix, job.error) == ("tiny-byte-lm", "mine", None)
    assert (job.hyperparameters["n_epochs"], len(job.result_files)) == (2, 1)


@pytest.mark.parametrize("client", SERVICES, indirect=True)
def test_our_client_reads_events_and_checkpoints_in_their_order(client, jobs):
    dialect = client.dialect
    job_id = jobs[SERVICES[dialect.name][0]]

    events, checkpoints = list(client.events(job_id)), list(client.checkpoints(job_id))

    oldest, newest = (events[-1], events[0]) if dialect.newest_first else (events[0], events[-1])
    assert oldest.message.split()[0] in ("Created", "Job")
    assert newest.message in ("The job has successfully completed", "Job succeeded.")
    assert sum(event.type == "metrics" for event in events) == 6
    assert sorted(one.step or 0 for one in checkpoints) == [3, 6]
    assert all(one.metrics["train_loss"] > 0 for one in checkpoints)


@pytest.mark.parametrize("client", SERVICES, indirect=True)
def test_our_client_reads_files_models_and_results(client, jobs):
    job = client.job(jobs[SERVICES[client.dialect.name][0]])

    assert {file.purpose for file in client.files()} == {"fine-tune", "fine-tune-results"}
    assert "tiny-byte-lm" in {model.id for model in client.models()}
    assert client.file(job.result_files[0]).filename == "step_metrics.csv"
    assert client.file_content(job.result_files[0])
