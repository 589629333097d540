"""Azure OpenAI: the dated API of 2024-10-21, and the v1 API beside it.

Follows the examples of Microsoft's published API description and the printed answers in its
tutorials. Ids keep the form that the sandbox gives them.
"""

import re
from datetime import UTC, datetime

from sandbox.answers import Answer
from sandbox.dialects.azure_names import our_names, their_names
from sandbox.quirks import Quirk
from sandbox.records import Event, Json, Model
from sandbox.store import Store
from sandbox.translation import Dialect, Service

WORDS = {"validating_files": "pending", "queued": "pending"}
WORDS_WITHOUT_PAUSE = {**WORDS, "pausing": "running", "paused": "pending"}
LEVELS = {"warn": "warning"}
AUTOMATIC = {"n_epochs": -1, "batch_size": -1, "learning_rate_multiplier": 1}
MESSAGES = {
    "Created fine-tuning job": "Job enqueued. Waiting for jobs ahead to complete.",
    "Validating training file": "Preprocessing started.",
    "Files validated": "Preprocessing completed.",
    "Fine-tuning job started": "Job started.",
    "Fine tuning process stopping": "Job canceled.",
    "New fine-tuned model created": "Postprocessing started.",
    "The job has successfully completed": "Job succeeded.",
}
"""How ours begin -> theirs; what is not here is said as it is."""
CODES = {
    400: "invalidPayload",
    403: "forbidden",
    404: "notFound",
    409: "conflict",
    429: "tooManyRequests",
    500: "internalFailure",
    503: "serviceUnavailable",
}
DENIED = (
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a"
    " valid key for an active subscription and use a correct regional API endpoint for your"
    " resource."
)


def _job(job: Json, store: Store) -> Json:
    kept = (
        *("object", "id", "created_at", "finished_at", "model", "fine_tuned_model"),
        *("training_file", "validation_file", "trained_tokens", "seed", "estimated_finish"),
    )
    recipe = job["method"][job["method"]["type"]]["hyperparameters"]
    return {
        **{key: job[key] for key in kept},
        "updated_at": _newest_event(job["id"], store).created_at,
        "status": WORDS_WITHOUT_PAUSE.get(job["status"], job["status"]),
        "organization_id": None,
        "result_files": job["result_files"] or None,
        "error": job["error"],
        "hyperparameters": {
            key: automatic if recipe[key] == "auto" else recipe[key]
            for key, automatic in AUTOMATIC.items()
        },
        "suffix": job["user_provided_suffix"],
        "integrations": job["integrations"] or None,
    }


def _v1_job(job: Json, store: Store) -> Json:
    """A job that waits to go on is `resuming`; methods and metadata are known here."""
    resumes = job["status"] == "queued" and store.last_step(job["id"]) > 0
    return {
        **_job(job, store),
        "status": "resuming" if resumes else WORDS.get(job["status"], job["status"]),
        "hyperparameters": job["hyperparameters"],
        "method": job["method"],
        "metadata": job["metadata"],
    }


def _newest_event(job_id: str, store: Store) -> Event:
    return store.all(Event, "job_id = ?", [job_id], "ORDER BY seq DESC LIMIT 1")[0]


def _event(event: Json, _: Store) -> Json:
    return {
        "object": event["object"],
        "id": event["id"],
        "created_at": event["created_at"],
        "level": LEVELS.get(event["level"], event["level"]),
        "message": _message(event),
        "type": event["type"],
    }


def _v1_event(event: Json, store: Store) -> Json:
    """Here steps have their numbers, but no total."""
    told = _event(event, store)
    if event["type"] != "metrics":
        return told
    measured = {key: value for key, value in event["data"].items() if key != "total_steps"}
    return {**told, "data": measured}


def _message(event: Json) -> str:
    measured = event["data"]
    if "train_loss" in measured:
        return f"Step {measured['step']}: training loss={measured['train_loss']}"
    known = (said for ours, said in MESSAGES.items() if event["message"].startswith(ours))
    return next(known, event["message"])


def _file(file: Json, _: Store) -> Json:
    status = {"uploaded": "pending"}.get(file["status"], file["status"])
    return {**file, "status": status, "updated_at": file["created_at"]}


def _model(model: Json, store: Store) -> Json:
    made = store.find(Model, model["id"])
    origin = {"model": made.base, "fine_tune": made.job_id} if made else {}
    return {
        "object": "model",
        "id": model["id"],
        "created_at": model["created"],
        "status": "succeeded",
        **origin,
        "capabilities": {
            "fine_tune": True,
            "inference": False,
            "completion": False,
            "chat_completion": True,
            "embeddings": False,
        },
        "lifecycle_status": "generally-available",
        "deprecation": _deprecation(model["shutdown_date"]),
    }


def _deprecation(end: str | None) -> dict[str, int]:
    if end is None:
        return {}
    until = int(datetime.fromisoformat(end).replace(tzinfo=UTC).timestamp())
    return {"fine_tune": until, "inference": until}


def _page(page: Json) -> Json:
    """No ends anywhere; files and models come all at once, and nothing is said of more."""
    said: Json = {"object": page["object"], "data": page["data"]}
    # Of empty lists, only that of files has ends, which are empty texts.
    holds_files = page.get("first_id") == "" or any(it["object"] == "file" for it in page["data"])
    if "has_more" in page and not holds_files:
        said["has_more"] = page["has_more"]
    return said


def _refusal(answer: Answer) -> Answer:
    if told := _gateway_refusal(answer):
        return told
    error = answer.json()["error"]
    code = "unexpectedEntityState" if error["param"] == "status" else CODES.get(answer.status)
    inner = {"innererror": {"code": "invalidPayload"}} if answer.status == 400 else {}
    said = {"code": code or str(answer.status), "message": error["message"], **inner}
    return answer.telling({"error": said})


def _v1_refusal(answer: Answer) -> Answer:
    return _gateway_refusal(answer) or answer


def _gateway_refusal(answer: Answer) -> Answer | None:
    """What stands before the service says no in words of its own."""
    if answer.status == 401:
        return answer.telling({"error": {"code": "401", "message": DENIED}})
    if answer.status == 404 and answer.json()["error"]["message"].startswith("Invalid URL"):
        return answer.telling({"error": {"code": "404", "message": "Resource not found"}})
    return None


def _reads(order: Json) -> Json:
    """-1 means automatic; how the training is to be hosted means nothing here."""
    given = order.get("hyperparameters")
    known = {key: value for key, value in order.items() if key != "trainingType"}
    if isinstance(given, dict):
        ours = {key: "auto" if value == -1 else value for key, value in given.items()}
        known["hyperparameters"] = ours
    return known


V1 = Dialect(
    root="/openai/v1",
    objects={"fine_tuning.job": _v1_job, "fine_tuning.job.event": _v1_event, "file": _file},
    page=_page,
    refusal=_v1_refusal,
    reads=_reads,
    outward=their_names,
    inward=our_names,
    key_header="api-key",
    absent=re.compile("/webhook.*"),
    created=re.compile("/files"),
    oldest_first=True,
)
DATED = Dialect(
    root="/openai",
    objects={
        "fine_tuning.job": _job,
        "fine_tuning.job.event": _event,
        "file": _file,
        "model": _model,
    },
    page=_page,
    refusal=_refusal,
    reads=_reads,
    outward=their_names,
    inward=our_names,
    key_header="api-key",
    wanted_query="api-version",
    absent=re.compile(
        "/fine_tuning/(jobs/[^/]+/(pause|resume)|checkpoints/.*|alpha/.*)|/webhook.*"
    ),
    created=re.compile("/files|/fine_tuning/jobs"),
    oldest_first=True,
)
SERVICE = Service(dialects=(V1, DATED), quirks=frozenset({Quirk.PLAIN_CSV}), root="/openai")
