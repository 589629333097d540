"""A sandbox to talk to, and the words that tests say to it again and again."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.recorder import Recorder
from tests.sandbox_server import Server, sandbox

__all__ = ["sandbox"]

# The schema is not ours to keep here: only with its folder named are answers judged by it.
collect_ignore = (
    [] if os.environ.get("SAMPLES_DIR") else ["test_schema.py", "test_webhook_vectors.py"]
)

TOPICS = ["tent", "stove", "boots", "lamp", "mat", "jacket", "filter", "map", "rope", "bottle"]
ENDED = {"succeeded", "failed", "cancelled"}


def chat(number: int) -> dict[str, Any]:
    topic = TOPICS[number % len(TOPICS)]
    question = f"My {topic} number {number} has not arrived."
    answer = f"I am sorry. Your {topic} left us on day {number % 7} and comes soon."
    return {
        "messages": [
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer},
        ]
    }


def preference(number: int) -> dict[str, Any]:
    user, assistant = chat(number)["messages"]
    rude = {"role": "assistant", "content": f"Ask somebody else about number {number}."}
    return {
        "input": {"messages": [user]},
        "preferred_output": [assistant],
        "non_preferred_output": [rude],
    }


def prompt(number: int) -> dict[str, Any]:
    """Half of them want another reply, and their last letters tell which."""
    question, reply = (" left", "it is") if number % 2 else (" gone", "no one")
    content = f"Is there a {TOPICS[number % len(TOPICS)]}? {number}{question}"
    return {"messages": [{"role": "user", "content": content}], "reference": reply}


def jsonl(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


CHATS = jsonl([chat(number) for number in range(12)])
OTHER_CHATS = jsonl([chat(number) for number in range(20, 26)])
PROMPTS = jsonl([prompt(number) for number in range(12)])
PREFERENCES = jsonl([preference(number) for number in range(12)])


class Caller(httpx.Client):
    """A client of the sandbox that knows the way of a job."""

    def upload(self, content: bytes = CHATS, purpose: str = "fine-tune") -> str:
        answer = self.post("files", files={"file": ("a.jsonl", content)}, data={"purpose": purpose})
        return str(answer.json()["id"])

    def order(self, content: bytes = CHATS, **given: Any) -> dict[str, Any]:
        """Create a job; small, unless the test says otherwise."""
        method = {"supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": 4}}}
        body = {
            "model": "tiny-byte-lm",
            "training_file": self.upload(content),
            "seed": 1,
            "method": {"type": "supervised", **method},
            **given,
        }
        answer = self.post("fine_tuning/jobs", json=body)
        assert answer.status_code == 200, answer.text
        job: dict[str, Any] = answer.json()
        return job

    def job(self, job_id: str) -> dict[str, Any]:
        job: dict[str, Any] = self.get(f"fine_tuning/jobs/{job_id}").json()
        return job

    def act(self, job_id: str, action: str) -> httpx.Response:
        return self.post(f"fine_tuning/jobs/{job_id}/{action}")

    def wait(self, job_id: str, *statuses: str) -> dict[str, Any]:
        """The job as soon as it has one of the statuses; any end if none is named."""
        return self.until(
            lambda: self.job(job_id), lambda job: job["status"] in (statuses or ENDED)
        )

    def until(self, look: Callable[[], Any], fits: Callable[[Any], bool]) -> Any:
        give_up = time.monotonic() + 30
        while not fits(seen := look()):
            assert time.monotonic() < give_up, f"still {seen}"
            time.sleep(0.02)
        return seen

    def every(self, path: str, limit: int = 100) -> list[dict[str, Any]]:
        """All items of a list, page by page, as the list has them."""
        items: list[dict[str, Any]] = []
        while True:
            after = {"after": items[-1]["id"]} if items else {}
            page = self.get(path, params={"limit": limit, **after}).json()
            items += page["data"]
            if not page["has_more"]:
                return items

    def events(self, job_id: str) -> list[dict[str, Any]]:
        """Oldest first."""
        return self.every(f"fine_tuning/jobs/{job_id}/events")[::-1]

    def steps(self, job_id: str) -> list[dict[str, Any]]:
        """What every step told."""
        return [event["data"] for event in self.events(job_id) if event["type"] == "metrics"]

    def checkpoints(self, job_id: str) -> list[dict[str, Any]]:
        return self.every(f"fine_tuning/jobs/{job_id}/checkpoints")


def call(url: str) -> Caller:
    return Caller(base_url=url, headers={"Authorization": "Bearer sk-test"})


@pytest.fixture(scope="module", autouse=True)
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    with recorder.listening():
        yield recorder


@pytest.fixture(autouse=True)
def every_answer_is_as_documented(recorder: Recorder) -> Iterator[None]:
    yield
    faults, recorder.faults = recorder.faults, []
    assert faults == []


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One sandbox for all tests of a file that do not mind each other."""
    with Server(tmp_path_factory.mktemp("shared") / "sandbox") as server:
        yield server.url


@pytest.fixture
def api(shared: str) -> Iterator[Caller]:
    with call(shared) as caller:
        yield caller


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sandbox"
