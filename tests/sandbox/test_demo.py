"""The demo: four jobs at once, and never a second time."""

import copy

import psutil

from sandbox.demo import DATASETS, JOBS
from tests.sandbox.conftest import call
from tests.sandbox_server import Server

SUFFIXES = ["polite-rft", "tone-dpo", "overfit-demo", "support-bot"]


def test_the_demo_fills_an_empty_folder_and_trains_at_once(folder):
    with Server(folder, "--demo") as server, call(server.url) as api:
        jobs = api.every("fine_tuning/jobs")
        good = jobs[-1]["id"]

        steps = api.until(lambda: api.steps(good), bool)

        assert [job["user_provided_suffix"] for job in jobs] == SUFFIXES
        assert steps[0]["train_loss"] > 1
        assert api.wait(good, "running")
        assert [api.wait(job["id"], "queued")["status"] for job in jobs[:2]] == ["queued"] * 2
        assert api.get("files").json()["data"][0]["filename"] == "tone-validation.jsonl"
    with Server(folder, "--demo") as server, call(server.url) as api:
        assert len(api.every("fine_tuning/jobs")) == 4


def test_trainers_are_polite(folder):
    with Server(folder, "--demo") as server, call(server.url) as api:
        good = api.every("fine_tuning/jobs")[-1]["id"]
        api.until(lambda: api.steps(good), bool)

        trainers = psutil.Process(server.process.pid).children()

        api.until(lambda: [t.nice() for t in trainers], lambda nice: nice and min(nice) >= 10)
        assert {trainer.environ()["OPENBLAS_NUM_THREADS"] for trainer in trainers} == {"1"}


def test_the_demo_by_reward_climbs(folder):
    """The job of the demo itself: some of its epochs, as fast as it goes."""
    with Server(folder) as server, call(server.url) as api:
        order = copy.deepcopy(JOBS[-1])
        order["method"]["reinforcement"]["hyperparameters"]["n_epochs"] = 4
        for name in ("training_file", "validation_file"):
            order[name] = api.upload((DATASETS / order[name]).read_bytes())

        job = api.wait(api.post("fine_tuning/jobs", json=order).json()["id"])

        rewards = [step["train_mean_reward"] for step in api.steps(job["id"])]
        assert job["status"] == "succeeded"
        assert rewards[0] < 0.25 < 0.4 < sum(rewards[-5:]) / 5
