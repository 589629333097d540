"""For every endpoint that takes JSON a body that says all it may say: to be spoilt by tests."""

from typing import Any

from tests.sandbox.conftest import Caller
from tests.sandbox.parts import begin

Known = dict[str, str]
"""What paths and bodies name: `file`, `job`, `model`, `upload`, `endpoint`."""

KIND = "fine_tuning.job.failed"
NUMBERS = {"n_epochs": 1, "batch_size": 1, "learning_rate_multiplier": 1.0}
STRING_CHECK = {
    "type": "string_check",
    "name": "says yes",
    "input": "{{sample.output_text}}",
    "reference": "{{item.answer}}",
    "operation": "ilike",
}
SIMILARITY = {
    "type": "text_similarity",
    "name": "alike",
    "input": "{{sample.output_json.a[0]}}",
    "reference": "yes",
    "evaluation_metric": "fuzzy_match",
}
SOUND = {"data": "a", "format": "wav"}
SCORE = {
    "type": "score_model",
    "name": "judge",
    "model": "gpt-4.1",
    "range": [0, 10],
    "input": [
        {"role": "user", "content": "{{sample.output_text}}", "type": "message"},
        {"role": "user", "content": [{"type": "input_text", "text": "{{item}}"}]},
        {"role": "user", "content": {"type": "input_image", "image_url": "a", "detail": "low"}},
        {"role": "user", "content": {"type": "input_audio", "input_audio": SOUND}},
    ],
    "sampling_params": {
        "seed": 1,
        "top_p": 1,
        "temperature": 0,
        "max_completions_tokens": 9,
        "reasoning_effort": "low",
    },
}
MULTI = {
    "type": "multi",
    "name": "all",
    "graders": {"check": STRING_CHECK, "alike": SIMILARITY},
    "calculate_output": "check + alike ** 2 / max(1, check)",
}
PYTHON = {"type": "python", "name": "code", "source": "def grade(s, i): return 1", "image_tag": "a"}
METHODS: dict[str, dict[str, Any]] = {
    "supervised": {"hyperparameters": NUMBERS},
    "dpo": {"hyperparameters": {**NUMBERS, "beta": 0.1}},
    "reinforcement": {
        "grader": MULTI,
        "response_format": {"type": "json_object"},
        "hyperparameters": {
            **NUMBERS,
            "reasoning_effort": "low",
            "compute_multiplier": 1,
            "eval_interval": 1,
            "eval_samples": 1,
        },
    },
}
WANDB = {"project": "a", "name": "b", "entity": "c", "tags": ["d"]}
JOB = {
    "model": "tiny-byte-lm",
    "validation_file": None,
    "suffix": "a",
    "seed": 1,
    "metadata": {"a": "b"},
    "integrations": [{"type": "wandb", "wandb": WANDB}],
    "hyperparameters": NUMBERS,
}
ENDPOINT = {"name": "a", "url": "http://127.0.0.1:1", "event_types": [KIND]}
UPLOAD = {
    "filename": "a",
    "purpose": "fine-tune",
    "bytes": 2,
    "mime_type": "text/jsonl",
    "expires_after": {"anchor": "created_at", "seconds": 3600},
}
FAULT = {
    "name": "error",
    "value": 503,
    "path": "/nowhere$",
    "method": "GET",
    "times": 1,
    "share": 0.5,
    "carried_out": False,
    "retry_after": 1,
    "retry_after_ms": 1,
    "should_retry": True,
}
BODIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a job": ("POST", "fine_tuning/jobs", JOB),
    **{
        f"a {kind} job": ("POST", "fine_tuning/jobs", {**JOB, "method": {"type": kind, kind: told}})
        for kind, told in METHODS.items()
    },
    "cancel": ("POST", "fine_tuning/jobs/{job}/cancel", {}),
    "pause": ("POST", "fine_tuning/jobs/{job}/pause", {}),
    "resume": ("POST", "fine_tuning/jobs/{job}/resume", {}),
    "an upload": ("POST", "uploads", UPLOAD),
    "complete": ("POST", "uploads/{upload}/complete", {"part_ids": ["a"], "md5": "b"}),
    "sharing": ("POST", "fine_tuning/checkpoints/{model}/permissions", {"project_ids": ["a"]}),
    "a multi grader": ("POST", "fine_tuning/alpha/graders/validate", {"grader": MULTI}),
    "a score grader": ("POST", "fine_tuning/alpha/graders/validate", {"grader": SCORE}),
    "a code grader": ("POST", "fine_tuning/alpha/graders/validate", {"grader": PYTHON}),
    "a graded sample": (
        "POST",
        "fine_tuning/alpha/graders/run",
        {"grader": MULTI, "model_sample": '{"a": ["b"]}', "item": {"answer": "b"}},
    ),
    "an endpoint": ("POST", "webhook_endpoints", ENDPOINT),
    "another endpoint": ("POST", "webhook_endpoints/{endpoint}", ENDPOINT),
    "a new secret": (
        "POST",
        "webhook_endpoints/{endpoint}/rotate_secret",
        {"keep_old_secret_active_for_24_hours": True},
    ),
    "a test": ("POST", "webhook_endpoints/{endpoint}/test", {"event_type": KIND}),
    "faults": ("PUT", "../_sandbox/faults", {"faults": [FAULT], "seed": 1}),
}


def made(api: Caller) -> Known:
    """What there must be so that the bodies are good. The file is not fit: no job trains."""
    job = api.wait(api.order()["id"])
    return {
        "file": api.upload(b"{}\n"),
        "job": job["id"],
        "model": job["fine_tuned_model"],
        "upload": begin(api).json()["id"],
        "endpoint": api.post("webhook_endpoints", json=ENDPOINT).json()["id"],
    }


def good(name: str, known: Known) -> tuple[str, str, dict[str, Any]]:
    """Method, path and body."""
    method, path, body = BODIES[name]
    if path == "fine_tuning/jobs":
        body = {**body, "training_file": known["file"]}
    return method, path.format(**known), body
