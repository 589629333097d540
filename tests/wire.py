"""The wire, replaced: FakeUpstream speaks the API over a real httpx client. Our own functions are not."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from tests.wire_taking import Json, Taking

BORN = 1_790_000_000


class FakeUpstream(Taking):
    """An API of some jobs. Counts what was asked; breaks when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: dict[str, Json] = {}
        self.events: dict[str, list[Json]] = {}
        self.checkpoints: dict[str, list[Json]] = {}
        self.models: list[Json] = []
        self.permissions: list[Json] = []
        self.asked: list[str] = []
        self.broken: Exception | httpx.Response | None = None
        self.broken_paths: dict[str, BaseException | httpx.Response] = {}  # "files" or "POST files"
        self.lost_answers: set[str] = set()  # "POST fine_tuning/jobs": done, and nobody hears of it
        self.newest_first = True
        self.longest_page = 100
        self.refused_after = ""
        self.refuses_filters = False
        self.prefix = "/v1/"
        self.meanwhile: Callable[[], None] = lambda: None

    def add(self, job_id: str = "ftjob-1", **given: Any) -> Json:
        job = {
            "id": job_id,
            "object": "fine_tuning.job",
            "status": "running",
            "model": "gpt-4o-mini-2024-07-18",
            "created_at": BORN + len(self.jobs),
            "training_file": "file-train",
            "hyperparameters": {"n_epochs": 3},
            "user_provided_suffix": "support-bot",
        }
        self.jobs[job_id] = job | given
        self.events.setdefault(job_id, [])
        self.checkpoints.setdefault(job_id, [])
        return self.jobs[job_id]

    def log(self, step: int, job_id: str = "ftjob-1", **metrics: float | None) -> None:
        data = {"step": step, "total_steps": 300, **metrics}
        self.say(
            f"Step {step}/300", job_id, id=f"ftevent-{job_id}-{step}", type="metrics", data=data
        )

    def say(self, message: str, job_id: str = "ftjob-1", **given: Any) -> None:
        number = len(self.events[job_id])
        event = {
            "id": f"ftevent-{job_id}-m{number}",
            "object": "fine_tuning.job.event",
            "created_at": BORN + number,
            "level": "info",
            "message": message,
            "type": "message",
            "data": {},
        }
        self.events[job_id].append(event | given)

    def save(self, step: int, job_id: str = "ftjob-1", **metrics: float) -> None:
        """A checkpoint at this step; only the last three stay listed."""
        self.checkpoints[job_id].append(
            {
                "id": f"ftckpt_{step}",
                "created_at": BORN + step,
                "step_number": step,
                "fine_tuned_model_checkpoint": f"ft:base:org:support-bot:abc:ckpt-step-{step}",
                "fine_tuning_job_id": job_id,
                "metrics": {"step": step, **metrics},
            }
        )
        del self.checkpoints[job_id][:-3]

    def count(self, ending: str) -> int:
        return sum(path.endswith(ending) for path in self.asked)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix(self.prefix)
        what = f"{request.method} {path}"
        self.asked.append(what)
        self.meanwhile()
        broken = self.broken or self.broken_paths.get(path) or self.broken_paths.get(what)
        if isinstance(broken, BaseException):
            raise broken
        parts = path.split("/")
        answer = broken or self.take(request, *parts) or self.answer(request, *parts)
        if what in self.lost_answers:
            raise httpx.ReadTimeout("The answer got lost.")
        return answer

    def answer(self, request: httpx.Request, *path: str) -> httpx.Response:
        match path:
            case ["fine_tuning", "jobs"]:
                return self.page(request, list(self.jobs.values()))
            case ["fine_tuning", "jobs", job_id, *rest] if job_id in self.jobs:
                return self.about(request, job_id, *rest)
            case ["fine_tuning", "checkpoints", _, "permissions", *rest]:
                return self.share(request, *rest)
            case ["files" | "models" as kind, name] if request.method == "DELETE":
                return self.delete(getattr(self, kind), name)
            case ["files", *rest]:
                return self.filed(request, *rest)
            case ["models"]:
                return httpx.Response(200, json={"data": self.models})
        return self.missing()

    def missing(self) -> httpx.Response:
        return httpx.Response(404, json={"error": {"message": "There is no such thing."}})

    def filed(self, request: httpx.Request, *path: str) -> httpx.Response:
        match path:
            case []:
                return self.page(request, self.files)
            case [file_id]:
                known = {file["id"]: file for file in self.files}
                file = {"id": file_id, "filename": f"{file_id}.jsonl", "bytes": 9}
                return httpx.Response(200, json=known.get(file_id, file))
            case [file_id, "content"] if file_id in self.contents:
                return httpx.Response(200, content=self.contents[file_id])
        return self.missing()

    def delete(self, rows: list[Json], name: str) -> httpx.Response:
        rows[:] = [row for row in rows if row["id"] != name]
        return httpx.Response(200, json={"id": name, "deleted": True})

    def share(self, request: httpx.Request, permission: str = "") -> httpx.Response:
        if request.method == "DELETE":
            return self.delete(self.permissions, permission)
        if request.method == "GET":
            return self.page(request, self.permissions)
        fresh = [
            {"id": f"cp_{project}", "created_at": BORN, "project_id": project}
            for project in json.loads(request.content)["project_ids"]
        ]
        self.permissions += fresh
        return httpx.Response(200, json={"data": fresh, "has_more": False})

    def about(self, request: httpx.Request, job_id: str, what: str = "") -> httpx.Response:
        match what:
            case "events":
                return self.page(request, self.events[job_id])
            case "checkpoints":
                return self.page(request, self.checkpoints[job_id])
            case "cancel" | "pause" | "resume":
                became = {"cancel": "cancelled", "pause": "paused", "resume": "queued"}
                self.jobs[job_id]["status"] = became[what]
        return httpx.Response(200, json=self.jobs[job_id])

    def page(self, request: httpx.Request, rows: list[Json]) -> httpx.Response:
        rows = rows[::-1] if self.newest_first else rows
        after, limit = request.url.params.get("after"), int(request.url.params["limit"])
        if self.refuses_filters and any("metadata[" in name for name in request.url.params):
            return httpx.Response(400, json={"error": {"message": "Unknown filter"}})
        if after and after == self.refused_after:
            return httpx.Response(400, json={"error": {"message": "Unknown cursor"}})
        start = next((i + 1 for i, row in enumerate(rows) if row.get("id", "") == after), 0)
        limit = min(limit, self.longest_page)
        shown = rows[start : start + limit]
        return httpx.Response(200, json={"data": shown, "has_more": start + limit < len(rows)})
