"""Who trains, and when: validates files, gives queued jobs a slot, follows their trainers.

A trainer is a child process (`trainer`): training must not slow the server down, and numpy
stays out of it. The child tells what it did; only the server writes it down. The store is the
one truth: a stop is the same as a kill -9, and `recover` is the one way back.
"""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from sandbox import lifecycle
from sandbox.examples import BadFile, judge
from sandbox.records import Job, Json
from sandbox.store import Store

logger = logging.getLogger("sandbox")

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
ROOT = str(Path(__file__).parent.parent)


@dataclass
class Trainer:
    """A child at work on a job."""

    process: asyncio.subprocess.Process
    began: float = field(default_factory=time.monotonic)
    steps: int = 0

    def ask_pause(self) -> None:
        if self.process.stdin and not self.process.stdin.is_closing():
            self.process.stdin.write(b"pause\n")

    def kill(self) -> None:
        # Not process.kill(): it looks whether the child has ended, and takes that news from asyncio.
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)

    def steps_per_second(self) -> float:
        self.steps += 1
        return self.steps / max(0.001, time.monotonic() - self.began)


class Runner:
    def __init__(self, store: Store, *, slots: int, pace: float) -> None:
        self.store = store
        self.slots = slots
        self.pace = pace
        self._trainers: dict[str, Trainer] = {}
        self._taken: dict[str, asyncio.Task[None]] = {}
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There may be something to do: a new job, a resumed one, a free slot."""
        self._news.set()

    def cancel(self, job: Job) -> Job:
        job = lifecycle.cancel(self.store, job)
        if trainer := self._trainers.get(job.id):
            trainer.kill()
        return job

    def pause(self, job: Job) -> Job:
        job = lifecycle.ask_pause(self.store, job)
        if trainer := self._trainers.get(job.id):
            trainer.ask_pause()
        return job

    def resume(self, job: Job) -> Job:
        job = lifecycle.resume(self.store, job)
        self.wake()
        return job

    async def run(self) -> None:
        self._recover()
        try:
            while True:
                self._news.clear()
                self._fill_slots()
                for job in self.store.all(Job, "status = 'validating_files'"):
                    await self._validate(job)
                    self._fill_slots()
                await self._news.wait()
        finally:
            for task in self._taken.values():
                task.cancel()
            await asyncio.gather(*self._taken.values(), return_exceptions=True)

    def _recover(self) -> None:
        """Jobs that ran go on first. What was about to pause has paused, at its last snapshot."""
        for job in self.store.all(Job, "status = 'pausing'"):
            lifecycle.settle_pause(self.store, job, job.snapshot_step)
        for job in self.store.all(Job, "status = 'running'")[self.slots :]:
            self.store.update_job(job.id, status="queued")

    def _fill_slots(self) -> None:
        waiting = self.store.all(
            Job, "status IN ('running', 'queued')", tail="ORDER BY status DESC, seq"
        )
        for job in waiting:
            if len(self._taken) >= self.slots:
                return
            if job.id not in self._taken:
                started = lifecycle.start(self.store, job)
                self._taken[job.id] = asyncio.create_task(self._train(started))

    async def _validate(self, job: Job) -> None:
        try:
            examples = await asyncio.to_thread(self._judge, job)
        except BadFile as bad:
            self._fail(job, bad.error)
        except Exception:  # whatever breaks, it breaks this job only
            logger.exception("the files of job %s could not be judged", job.id)
            self._fail(job, _internal("its files could not be read."))
        else:
            if not self._now(job).has_ended:
                lifecycle.accept(self.store, job, examples)

    def _judge(self, job: Job) -> int:
        path = self.store.content
        training, validation = job.training_file, job.validation_file
        examples = judge(path(training), training, job.method, "training_file")
        if validation:
            judge(path(validation), validation, job.method, "validation_file")
        return examples

    async def _train(self, job: Job) -> None:
        trainer: Trainer | None = None
        try:
            trainer = self._trainers[job.id] = await self._hire(job)
            await self._follow(job, trainer)
        except Exception:  # whatever breaks, it breaks this job only
            logger.exception("job %s broke", job.id)
        finally:
            if trainer:
                trainer.kill()
                await trainer.process.wait()
            self._trainers.pop(job.id, None)
            self._taken.pop(job.id, None)
            self.wake()
        if self._now(job).status in ("running", "pausing"):
            self._fail(job, _internal("its training process ended early."))

    async def _hire(self, job: Job) -> Trainer:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "sandbox.trainer"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": ROOT},
        )
        trainer = Trainer(process)
        if process.stdin:
            process.stdin.write(json.dumps(self._assignment(job)).encode() + b"\n")
        if self._now(job).status == "pausing":
            trainer.ask_pause()
        return trainer

    async def _follow(self, job: Job, trainer: Trainer) -> None:
        if not trainer.process.stdout:
            return
        async for line in trainer.process.stdout:
            if self._now(job).has_ended:
                return
            self._record(job, trainer, json.loads(line))

    def _record(self, job: Job, trainer: Trainer, news: Json) -> None:
        match news:
            case {"metrics": metrics}:
                lifecycle.record_step(self.store, job, metrics, trainer.steps_per_second())
            case {"checkpoint": metrics}:
                lifecycle.record_checkpoint(self.store, job, metrics)
            case {"paused": step}:
                lifecycle.settle_pause(self.store, job, step)
            case {"finished": trained_tokens}:
                lifecycle.succeed(self.store, job, trained_tokens)
            case {"diverged": step}:
                lifecycle.fail(self.store, job, _divergence(step))

    def _assignment(self, job: Job) -> Json:
        folder, path = self.store.job_folder(job.id), self.store.content
        return {
            "folder": str(folder),
            "training_file": str(path(job.training_file)),
            "validation_file": str(path(job.validation_file)) if job.validation_file else None,
            "base": job.base,
            "continues": (folder / "origin.npz").exists(),
            "method": job.method,
            **job.hyperparameters,
            "grader": job.grader,
            "seed": job.seed,
            "snapshot_step": job.snapshot_step,
            "told_step": self.store.last_step(job.id),
            "pace": self.pace,
        }

    def _fail(self, job: Job, error: Json) -> None:
        if not self._now(job).has_ended:
            lifecycle.fail(self.store, job, error)

    def _now(self, job: Job) -> Job:
        return self.store.get(Job, job.id)


def _divergence(step: int) -> Json:
    message = f"Training diverged at step {step}: the loss is no longer a number."
    param = "learning_rate_multiplier"
    return {"code": "training_diverged", "message": message, "param": param}


def _internal(why: str) -> Json:
    message = f"The job failed due to an internal error: {why}"
    return {"code": "server_error", "message": message, "param": None}
