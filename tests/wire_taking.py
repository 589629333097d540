"""What tests.wire takes in: files, whole and in parts, and orders for jobs."""

import json
import time
from typing import Any

import httpx

Json = dict[str, Any]


class Taking:
    """Keeps what was sent; `add` makes the job."""

    def __init__(self) -> None:
        self.files: list[Json] = []
        self.ordered: list[Json] = []
        self.contents: dict[str, bytes] = {}
        self.parts: list[bytes] = []
        self.keeps_metadata = True

    def add(self, job_id: str, **given: Any) -> Json:
        raise NotImplementedError

    def take(self, request: httpx.Request, *path: str) -> httpx.Response | None:
        """The answer to what brings something; None for everything else."""
        if request.method != "POST":
            return None
        match path:
            case ["fine_tuning", "jobs"]:
                return httpx.Response(200, json=self.create(json.loads(request.content)))
            case ["files"]:
                return httpx.Response(200, json=self.receive(content_of(request, "file")))
            case ["uploads", _, "parts"]:
                self.parts.append(content_of(request, "data"))
                return httpx.Response(200, json={"id": f"part-{len(self.parts)}"})
            case ["uploads", _, "complete"]:
                names = json.loads(request.content)["part_ids"]
                chosen = [self.parts[int(name.removeprefix("part-")) - 1] for name in names]
                whole = {"id": "upload-1", "file": self.receive(b"".join(chosen))}
                return httpx.Response(200, json=whole)
            case ["uploads", *_]:
                return httpx.Response(200, json={"id": "upload-1"})
        return None

    def create(self, order: Json) -> Json:
        self.ordered.append(order)
        kept = dict(order)
        if not self.keeps_metadata:
            kept.pop("metadata", None)
        born = {"status": "validating_files", "created_at": int(time.time())}
        return self.add(f"ftjob-{len(self.ordered)}", **kept | born)

    def receive(self, content: bytes) -> Json:
        file_id = f"file-{len(self.contents) + 1}"
        self.contents[file_id] = content
        file = {"id": file_id, "bytes": len(content), "purpose": "fine-tune", "status": "processed"}
        self.files.append(file)
        return file


def content_of(request: httpx.Request, field: str) -> bytes:
    """The file in a form."""
    boundary = request.headers["content-type"].split("boundary=")[1].encode()
    for part in request.content.split(b"--" + boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        if f'name="{field}"'.encode() in head:
            return content.removesuffix(b"\r\n")
    raise AssertionError(f"The form has no {field}.")
