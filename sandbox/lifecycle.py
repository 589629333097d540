"""The life of a job, told to the store: every change of status and every event it writes.

    validating_files -> queued -> running -> succeeded
                          ^      |  |  +--> failed      (also from validating_files)
                          |      |  +--> pausing -> paused
                          +------------------ resume --+
    cancel: from everywhere before the end

Each function is one transaction. Who trains, and when, is `runner`'s business.
"""

import io
import re
import shutil
from dataclasses import asdict

from sandbox import webhooks
from sandbox.catalog import BASES, ORGANIZATION_NAME, dated
from sandbox.errors import ApiError, wrong_state
from sandbox.hyperparameters import resolved, total_steps
from sandbox.orders import Order
from sandbox.records import Checkpoint, File, Job, Json, Model
from sandbox.store import Store, new_id, now
from sandbox.telling import result_table, step_message

KEPT_CHECKPOINTS = 3


def create(store: Store, order: Order) -> Job:
    for param in ("training_file", "validation_file"):
        _refuse_unfit_file(store, getattr(order, param), param)
    model, origin = _base_model(store, order.model)
    job = Job(
        id=new_id("ftjob-"),
        created_at=now(),
        status="validating_files",
        base=origin.base if origin else model,
        **asdict(order) | {"model": model},
    )
    folder = store.job_folder(job.id)
    folder.mkdir()
    if origin:
        shutil.copyfile(store.weights(origin.job_id, origin.step), folder / "origin.npz")
    files = f"training file: {job.training_file}"
    if job.validation_file:
        files += f" and validation file: {job.validation_file}"
    with store.writing():
        store.add(job)
        store.add_event(job.id, f"Created fine-tuning job: {job.id}")
        store.add_event(job.id, f"Validating {files}")
    return job


def accept(store: Store, job: Job, examples: int) -> None:
    with store.writing():
        store.update_job(job.id, status="queued", examples=examples)
        store.add_event(job.id, "Files validated, moving job to queued state")


def start(store: Store, job: Job) -> Job:
    """From the queue into a slot. `auto` becomes numbers the first time."""
    if job.status == "running":
        return job
    numbers = resolved(job.hyperparameters, job.examples or 1)
    what_happened = "resumed" if store.last_step(job.id) else "started"
    with store.writing():
        store.add_event(job.id, f"Fine-tuning job {what_happened}")
        return store.update_job(job.id, status="running", hyperparameters=numbers)


def record_step(store: Store, job: Job, metrics: Json, steps_per_second: float) -> None:
    step, total = metrics["step"], metrics["total_steps"]
    finish = now() + round((total - step) / steps_per_second)
    with store.writing():
        store.add_event(job.id, step_message(metrics), step=step, payload=metrics)
        store.update_job(job.id, estimated_finish=finish)


def record_checkpoint(store: Store, job: Job, metrics: Json) -> None:
    """The last one carries the final model's name. Only three are kept, and the final model."""
    step = metrics["step"]
    is_last = step == total_steps(job.hyperparameters, job.examples or 1)
    name = _model_name(job) + ("" if is_last else f":ckpt-step-{step}")
    seen = {key: value for key, value in metrics.items() if isinstance(value, int | float)}
    del seen["total_steps"]
    checkpoint = Checkpoint(
        id=new_id("ftckpt_"), created_at=now(), job_id=job.id, step=step, model=name, metrics=seen
    )
    with store.writing():
        store.add(checkpoint)
        store.add(Model(id=name, created_at=now(), job_id=job.id, step=step, base=job.base))
        store.update_job(job.id, snapshot_step=step)
        for old in _worth(job, _checkpoints(store, job))[:-KEPT_CHECKPOINTS]:
            store.delete(Checkpoint, old.id)
            if not (is_last and old.step == step):
                store.delete(Model, old.model)
    _sweep(store, job)


def succeed(store: Store, job: Job, trained_tokens: int) -> None:
    *earlier, last = store.all(Model, "job_id = ?", [job.id])
    table = result_table(job.method, store.metrics(job.id))
    result = File(
        id=new_id("file-"),
        created_at=now(),
        filename="step_metrics.csv",
        purpose="fine-tune-results",
        bytes=len(table),
    )
    store.write_content(result.id, io.BytesIO(table))
    with store.writing():
        store.add(result)
        for old in earlier:
            message = f"Checkpoint created at step {old.step} with Snapshot ID: {old.id}"
            store.add_event(job.id, message)
        store.add_event(job.id, f"New fine-tuned model created: {last.id}")
        store.add_event(job.id, "The job has successfully completed")
        store.update_job(
            job.id,
            status="succeeded",
            finished_at=now(),
            fine_tuned_model=last.id,
            trained_tokens=trained_tokens,
            result_file=result.id,
        )
        webhooks.note(store, job.id, "succeeded")


def fail(store: Store, job: Job, error: Json) -> None:
    """As live, a failed job has no `finished_at`."""
    where = {"error_code": error["code"], "error_param": error["param"]}
    with store.writing():
        store.update_job(job.id, status="failed", error=error)
        store.add_event(job.id, error["message"], level="error", payload=where)
        webhooks.note(store, job.id, "failed")


def cancel(store: Store, job: Job) -> Job:
    if job.has_ended:
        raise wrong_state(job.id, job.status, "cancelled")
    with store.writing():
        message = "Fine tuning process stopping due to job cancellation"
        store.add_event(job.id, message, level="warn")
        webhooks.note(store, job.id, "cancelled")
        return store.update_job(job.id, status="cancelled", finished_at=now())


def ask_pause(store: Store, job: Job) -> Job:
    if job.status != "running":
        raise wrong_state(job.id, job.status, "paused")
    return store.update_job(job.id, status="pausing")


def settle_pause(store: Store, job: Job, step: int) -> None:
    with store.writing():
        store.update_job(job.id, status="paused", snapshot_step=step)
        store.add_event(job.id, f"Fine-tuning job paused at step {step}")
    _sweep(store, job)


def resume(store: Store, job: Job) -> Job:
    if job.status != "paused":
        raise wrong_state(job.id, job.status, "resumed")
    return store.update_job(job.id, status="queued")


def _refuse_unfit_file(store: Store, file_id: str | None, param: str) -> None:
    if file_id is None:
        return
    file = store.find(File, file_id)
    if file is None:
        raise ApiError(f"invalid {param}: {file_id}, no such file", param=param)
    if file.purpose != "fine-tune":
        message = f"File '{file_id}' has the purpose '{file.purpose}', it must be 'fine-tune'."
        raise ApiError(message, param=param)


def _base_model(store: Store, name: str) -> tuple[str, Model | None]:
    """The name as the service knows it, and the earlier job's model if it is one of those."""
    if dated(name) in BASES:
        return dated(name), None
    model = store.find(Model, name)
    if model is None:
        message = f"Model {name} is not available for fine-tuning or does not exist."
        raise ApiError(message, param="model", code="model_not_available")
    return name, model


def _model_name(job: Job) -> str:
    suffix = re.sub(r"[^A-Za-z0-9._-]+", "-", job.suffix or "")
    return new_id(f"ft:{job.base}:{ORGANIZATION_NAME}:{suffix}:", 8)


def _checkpoints(store: Store, job: Job) -> list[Checkpoint]:
    return store.all(Checkpoint, "job_id = ?", [job.id])


def _worth(job: Job, checkpoints: list[Checkpoint]) -> list[Checkpoint]:
    """The best one last: by its validation reward where there are rewards, else the newest."""
    if job.method != "reinforcement":
        return checkpoints

    def reward(checkpoint: Checkpoint) -> float:
        seen = checkpoint.metrics
        name = "full_valid_mean_reward" if "full_valid_mean_reward" in seen else "train_mean_reward"
        return float(seen[name])

    return sorted(checkpoints, key=reward)


def _sweep(store: Store, job: Job) -> None:
    """Remove the snapshots that nothing goes back to any more. The trainer is ahead of what it
    told: snapshots behind the newest one that we know of may be its next news.
    """
    newest = store.get(Job, job.id).snapshot_step
    kept = {newest, *(checkpoint.step for checkpoint in _checkpoints(store, job))}
    for path in store.job_folder(job.id).glob("step-*.npz"):
        step = int(path.stem.removeprefix("step-"))
        if step < newest and step not in kept:
            path.unlink()
