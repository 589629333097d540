"""A client of the OpenAI-style fine-tuning API: one short method per endpoint.

Lists are lazy (see lists.py). What asks is a question and may be asked again; what changes something is
an order and is sent once.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Self
from urllib.parse import quote

import httpx

from jobs.upstream.decoding import Json
from jobs.upstream.dialects import OPENAI, Dialect
from jobs.upstream.exchanges import Exchange
from jobs.upstream.fields import mapping
from jobs.upstream.limits import RateLimit
from jobs.upstream.lists import PAGE_SIZE, Lists
from jobs.upstream.multipart import Form
from jobs.upstream.orders import phrased
from jobs.upstream.schemas import (
    CheckpointReply,
    EventReply,
    FileReply,
    GradeReply,
    JobReply,
    ModelReply,
    PartReply,
    PermissionReply,
    UploadReply,
)
from jobs.upstream.wire import Wire

TIMEOUT = 10.0
PATIENCE = 8.0
# Seconds for what takes a service longer than a click: a job, a grade, the end of an upload.
LONG_ORDER = 30.0
SLOWEST_UPLOAD = 2**20  # bytes a second


class FineTuningClient:
    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        admin_key: str = "",
        dialect: Dialect = OPENAI,
        organization: str = "",
        project: str = "",
        timeout: float = TIMEOUT,
        patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
        heard: Callable[[Exchange], None] = lambda exchange: None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`patience`: the longest wait in seconds before it asks once more; `heard` is told of all."""
        scope = {"OpenAI-Organization": organization, "OpenAI-Project": project}
        self.dialect = dialect
        self._wire = Wire(
            base_url,
            api_key,
            dialect,
            admin_key=admin_key,
            headers={name: value.strip() for name, value in scope.items() if value},
            timeout=timeout,
            patience=patience,
            sleep=sleep,
            heard=heard,
            transport=transport,
        )
        self._lists = Lists(self._wire)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

    @property
    def skipped(self) -> int:
        """How many items of lists could not be read at all."""
        return self._lists.skipped

    @property
    def rate_limits(self) -> dict[str, RateLimit]:
        """What the last answer said that told any, by what is counted: requests, tokens."""
        return self._wire.rate_limits

    # Jobs

    def create(self, order: Json) -> JobReply:
        """Order a job, as OpenAI would have it said: the dialect finds its own words."""
        path, body = self.dialect.jobs_path, phrased(order, self.dialect)
        return JobReply.parse(self._wire.ask("POST", path, json=body, within=LONG_ORDER))

    def jobs(
        self,
        after: str = "",
        *,
        limit: int = PAGE_SIZE,
        metadata: Mapping[str, str] | None = None,
    ) -> Iterator[JobReply]:
        """Every job of the account, or those with all of this metadata; `limit` is the size of a page."""
        wanted = dict(metadata or {})
        params = {f"metadata[{key}]": value for key, value in wanted.items()}
        path = self.dialect.jobs_path
        for job in self._lists.read(path, JobReply.parse, after, limit=limit, params=params):
            if wanted.items() <= job.metadata.items():  # who knows no such filter lists everything
                yield job

    def job(self, job_id: str) -> JobReply:
        return JobReply.parse(self._wire.ask("GET", self._job(job_id)))

    def events(self, job_id: str, after: str = "") -> Iterator[EventReply]:
        return self._lists.read(self._job(job_id, "/events"), EventReply.parse, after)

    def checkpoints(self, job_id: str) -> Iterator[CheckpointReply]:
        return self._lists.read(self._job(job_id, "/checkpoints"), CheckpointReply.parse)

    def cancel(self, job_id: str) -> JobReply:
        return JobReply.parse(self._wire.ask("POST", self._job(job_id, "/cancel")))

    def pause(self, job_id: str) -> JobReply:
        return JobReply.parse(self._wire.ask("POST", self._job(job_id, "/pause")))

    def resume(self, job_id: str) -> JobReply:
        return JobReply.parse(self._wire.ask("POST", self._job(job_id, "/resume")))

    # Files

    def files(self, purpose: str = "") -> Iterator[FileReply]:
        params = {"purpose": purpose} if purpose else {}
        return self._lists.read(self.dialect.files_path, FileReply.parse, params=params)

    def file(self, file_id: str) -> FileReply:
        return FileReply.parse(self._wire.ask("GET", self._file(file_id)))

    def file_content(self, file_id: str) -> bytes:
        """The file as it comes, up to 32 MiB: a result file of half a million steps, as base64 text."""
        return self._wire.fetch("GET", self._file(file_id, "/content"))

    def delete_file(self, file_id: str) -> None:
        self._wire.fetch("DELETE", self._file(file_id))

    def upload(
        self, filename: str, content: Iterable[bytes], size: int, purpose: str = "fine-tune"
    ) -> FileReply:
        """Send a file as it is read; `content` has to be `size` bytes long."""
        form = Form({"purpose": purpose}, "file", filename, content, size)
        path, within = self.dialect.files_path, _time_for(size)
        return FileReply.parse(self._wire.ask("POST", path, form=form, within=within))

    # Uploads: big files, part by part

    def begin_upload(
        self,
        filename: str,
        size: int,
        mime_type: str = "application/jsonl",
        purpose: str = "fine-tune",
    ) -> UploadReply:
        body = {"filename": filename, "bytes": size, "mime_type": mime_type, "purpose": purpose}
        return UploadReply.parse(self._wire.ask("POST", "uploads", json=body, within=LONG_ORDER))

    def add_part(self, upload_id: str, content: bytes) -> PartReply:
        form = Form({}, "data", "part", [content], len(content))
        path, within = f"uploads/{_quoted(upload_id)}/parts", _time_for(len(content))
        return PartReply.parse(self._wire.ask("POST", path, form=form, within=within))

    def complete_upload(
        self, upload_id: str, part_ids: Sequence[str], md5: str = ""
    ) -> UploadReply:
        body = {"part_ids": list(part_ids), **({"md5": md5} if md5 else {})}
        path = f"uploads/{_quoted(upload_id)}/complete"
        return UploadReply.parse(self._wire.ask("POST", path, json=body, within=LONG_ORDER))

    def cancel_upload(self, upload_id: str) -> UploadReply:
        return UploadReply.parse(self._wire.ask("POST", f"uploads/{_quoted(upload_id)}/cancel"))

    # Models, and who else may use those of checkpoints

    def models(self) -> list[ModelReply]:
        """Every model the key may use: the one list without pages."""
        body = self._wire.ask("GET", self.dialect.models_path)
        return self._lists.whole(body, ModelReply.parse)

    def model(self, name: str) -> ModelReply:
        return ModelReply.parse(self._wire.ask("GET", self._model(name)))

    def delete_model(self, name: str) -> None:
        self._wire.fetch("DELETE", self._model(name))

    def permissions(self, model: str, project: str = "") -> Iterator[PermissionReply]:
        """Which projects may use this model. Asked, like the next two, with the admin key if there is one."""
        params = {"project_id": project} if project else {}
        path = _permissions(model)
        return self._lists.read(path, PermissionReply.parse, params=params, as_admin=True)

    def grant(self, model: str, project_ids: Iterable[str]) -> list[PermissionReply]:
        """The permissions that came of it."""
        asked = {"project_ids": list(project_ids)}
        body = self._wire.ask("POST", _permissions(model), json=asked, as_admin=True)
        return self._lists.whole(body, PermissionReply.parse)

    def revoke(self, model: str, permission_id: str) -> None:
        path = f"{_permissions(model)}/{_quoted(permission_id)}"
        self._wire.fetch("DELETE", path, as_admin=True)

    # Graders

    def run_grader(self, grader: Json, sample: str, item: Json | None = None) -> GradeReply:
        body = {
            "grader": grader,
            "model_sample": sample,
            **({} if item is None else {"item": item}),
        }
        path = "fine_tuning/alpha/graders/run"
        return GradeReply.parse(self._wire.ask("POST", path, json=body, within=LONG_ORDER))

    def validate_grader(self, grader: Json) -> Json:
        """The grader as the service understood it; empty where it only says yes."""
        path = "fine_tuning/alpha/graders/validate"
        return mapping(mapping(self._wire.ask("POST", path, json={"grader": grader})).get("grader"))

    def _job(self, job_id: str, rest: str = "") -> str:
        return f"{self.dialect.jobs_path}/{_quoted(job_id)}{rest}"

    def _file(self, file_id: str, rest: str = "") -> str:
        return f"{self.dialect.files_path}/{_quoted(file_id)}{rest}"

    def _model(self, name: str) -> str:
        return f"{self.dialect.models_path}/{_quoted(name)}"


def _permissions(model: str) -> str:
    return f"fine_tuning/checkpoints/{_quoted(model)}/permissions"


def _quoted(name: str) -> str:
    return quote(name, safe=":")


def _time_for(size: int) -> float:
    return LONG_ORDER + size / SLOWEST_UPLOAD
