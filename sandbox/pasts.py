"""Pasts that no job went through: what `seed` fills a folder with.

Owns how such a past looks: hyperparameters, events, checkpoints; what its steps told is drawn by
`curves`. Nothing here was trained, and of the models only the names are left. A job that has not
ended is one that a runner can go on with.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sandbox.catalog import BASES, ORGANIZATION_NAME
from sandbox.curves import VALIDATES_EVERY, measured
from sandbox.hyperparameters import total_steps
from sandbox.records import Checkpoint, Event, Job, Json
from sandbox.store import ALPHABET
from sandbox.telling import step_message


class Fate(NamedTuple):
    status: str
    opening: int = 4
    """How many of the first words it came to say."""
    closing: int = 0
    """How many words it says after its steps."""

    @property
    def words(self) -> int:
        return self.opening + self.closing


DONE = Fate("succeeded", closing=4)
STOPPED = Fate("cancelled", closing=1)
UNFIT = Fate("failed", opening=2, closing=1)
TRAINS = Fate("running")
RESTS = Fate("paused", closing=1)
WAITS = Fate("queued", opening=3)
NEW = Fate("validating_files", opening=2)

EPOCHS = 3
SETTINGS: dict[str, Json] = {
    "supervised": {},
    "dpo": {"beta": 0.1},
    "reinforcement": {
        "reasoning_effort": "default",
        "compute_multiplier": 1.0,
        "eval_interval": VALIDATES_EVERY,
        "eval_samples": 4,
    },
}
GRADER = {
    "type": "text_similarity",
    "name": "likeness",
    "evaluation_metric": "fuzzy_match",
    "input": "{{sample.output_text}}",
    "reference": "{{item.reference}}",
}
TEAMS = ("support", "research", "sales", "search", "legal", "growth")
PURPOSES = ("baseline", "nightly", "ablation", "candidate", "release")
SUFFIXES = ("support-bot", "router", "summaries", "tone", "extraction", None)
TOO_FEW = {
    "code": "invalid_n_examples",
    "message": "Training file has 7 example(s), but must have at least 10 examples",
    "param": "training_file",
}


class Files(NamedTuple):
    """Files that are there to be trained on."""

    method: str
    training: str
    validation: str
    examples: int


class Word(NamedTuple):
    """What becomes an event."""

    message: str
    level: str = "info"
    told: Json | None = None
    reason: Json | None = None


class Past(NamedTuple):
    job: Job
    events: list[Event]
    checkpoints: list[Checkpoint]

    @property
    def steps(self) -> list[Json]:
        """What every step told."""
        return [event.data for event in self.events if event.step and event.data]


class Teller:
    """Tells pasts. The same seed and the same questions bring the same answers."""

    def __init__(self, seed: int, files: list[Files]) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a load set, no secret
        self.files = files

    def tell(self, fate: Fate, steps: int, *, born: int, seconds: float) -> Past:
        """A job that was created at `born` and told so many steps in so many seconds."""
        job = self._job(fate, born)
        told = list(self._steps(job, steps))
        checkpoints: list[Checkpoint] = []
        if fate is DONE:
            checkpoints = self._checkpoints(job, told, born + int(seconds))
            job = self._with_model(job, checkpoints[-1].model, steps)
        words = list(map(Word, _opening(job)[: fate.opening]))
        words += [Word(step_message(each), told=each) for each in told]
        words += _closing(job, checkpoints, steps)
        if fate in (DONE, STOPPED):
            job = replace(job, finished_at=born + int(seconds))
        return Past(job, self._events(job, words, seconds), checkpoints)

    def _job(self, fate: Fate, born: int) -> Job:
        choose = self.random.choice
        files = self.files[0] if fate in (TRAINS, RESTS) else choose(self.files)
        base = choose(list(BASES))
        team = {"team": choose(TEAMS), "purpose": choose(PURPOSES)}
        return Job(
            id=self._new_id("ftjob-"),
            created_at=born,
            status=fate.status,
            model=base,
            base=base,
            method=files.method,
            hyperparameters={
                "n_epochs": EPOCHS,
                "batch_size": 4 if fate in (TRAINS, RESTS) else choose((1, 2, 4, 8, 16)),
                "learning_rate_multiplier": choose((0.1, 0.5, 1.0, 1.8, 2.0)),
                **SETTINGS[files.method],
            },
            grader=GRADER if files.method == "reinforcement" else None,
            training_file=files.training,
            validation_file=files.validation,
            suffix=choose(SUFFIXES),
            seed=self.random.randrange(2**31),
            metadata=choose((team, team, team, None)),
            examples=None if fate in (NEW, UNFIT) else files.examples,
            error=TOO_FEW if fate is UNFIT else None,
        )

    def _steps(self, job: Job, count: int) -> Iterator[Json]:
        total = {"succeeded": count, "cancelled": 2 * count}.get(job.status) or total_steps(
            job.hyperparameters, job.examples or 1
        )
        ends = _epoch_ends(total)
        for step in range(1, count + 1):
            told = measured(self.random, job.method, step, total, ends=step in ends)
            yield {"step": step, "total_steps": total, **told}

    def _checkpoints(self, job: Job, told: list[Json], at: int) -> list[Checkpoint]:
        model = f"ft:{job.base}:{ORGANIZATION_NAME}:{job.suffix or ''}:"
        return [
            Checkpoint(
                id=self._new_id("ftckpt_"),
                created_at=at,
                job_id=job.id,
                step=step,
                model=self._new_id(model, 8) + ("" if step == len(told) else f":ckpt-step-{step}"),
                metrics={
                    key: told[step - 1][key] for key in told[step - 1] if key != "total_steps"
                },
            )
            for step in _epoch_ends(len(told))
        ]

    def _with_model(self, job: Job, model: str, steps: int) -> Job:
        tokens = steps * int(job.hyperparameters["batch_size"]) * 60
        result = self._new_id("file-")
        return replace(job, fine_tuned_model=model, result_file=result, trained_tokens=tokens)

    def _events(self, job: Job, words: list[Word], seconds: float) -> list[Event]:
        pace = seconds / len(words)
        return [
            Event(
                id=self._new_id("ftevent-"),
                created_at=job.created_at + int(pace * place),
                job_id=job.id,
                level=word.level,
                message=word.message,
                type="metrics" if word.told else "message",
                step=word.told["step"] if word.told else None,
                data=word.told or word.reason,
            )
            for place, word in enumerate(words, start=1)
        ]

    def _new_id(self, prefix: str, length: int = 24) -> str:
        return prefix + "".join(self.random.choices(ALPHABET, k=length))


def _epoch_ends(total: int) -> list[int]:
    return [total * epoch // EPOCHS for epoch in range(1, EPOCHS + 1)]


def _opening(job: Job) -> list[str]:
    files = f"training file: {job.training_file} and validation file: {job.validation_file}"
    return [
        f"Created fine-tuning job: {job.id}",
        f"Validating {files}",
        "Files validated, moving job to queued state",
        "Fine-tuning job started",
    ]


def _closing(job: Job, checkpoints: list[Checkpoint], steps: int) -> list[Word]:
    match job.status:
        case "succeeded":
            return [
                *(
                    Word(f"Checkpoint created at step {each.step} with Snapshot ID: {each.model}")
                    for each in checkpoints[:-1]
                ),
                Word(f"New fine-tuned model created: {job.fine_tuned_model}"),
                Word("The job has successfully completed"),
            ]
        case "failed":
            reason = {"error_code": TOO_FEW["code"], "error_param": TOO_FEW["param"]}
            return [Word(TOO_FEW["message"], level="error", reason=reason)]
        case "cancelled":
            message = "Fine tuning process stopping due to job cancellation"
            return [Word(message, level="warn")]
        case "paused":
            return [Word(f"Fine-tuning job paused at step {steps}")]
    return []
