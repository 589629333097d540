"""The demo: three jobs at once, and never a second time."""

import psutil

from tests.sandbox.conftest import call
from tests.sandbox_server import Server

SUFFIXES = ["tone-dpo", "overfit-demo", "support-bot"]


def test_the_demo_fills_an_empty_folder_and_trains_at_once(folder):
    with Server(folder, "--demo") as server, call(server.url) as api:
        jobs = api.every("fine_tuning/jobs")
        good = jobs[-1]["id"]

        steps = api.until(lambda: api.steps(good), bool)

        assert [job["user_provided_suffix"] for job in jobs] == SUFFIXES
        assert steps[0]["train_loss"] > 1
        assert api.wait(good, "running")
        assert api.wait(jobs[0]["id"], "queued")
        assert api.get("files").json()["data"][0]["filename"] == "tone-validation.jsonl"
    with Server(folder, "--demo") as server, call(server.url) as api:
        assert len(api.every("fine_tuning/jobs")) == 3


def test_trainers_are_polite(folder):
    with Server(folder, "--demo") as server, call(server.url) as api:
        good = api.every("fine_tuning/jobs")[-1]["id"]
        api.until(lambda: api.steps(good), bool)

        trainers = psutil.Process(server.process.pid).children()

        api.until(lambda: [t.nice() for t in trainers], lambda nice: nice and min(nice) >= 10)
        assert {trainer.environ()["OPENBLAS_NUM_THREADS"] for trainer in trainers} == {"1"}
