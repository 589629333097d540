"""Four jobs to look at: one that trains well, one that overfits, one of preferences, one by reward."""

from pathlib import Path
from typing import Any

from sandbox import lifecycle
from sandbox.orders import read_order
from sandbox.records import File, Job
from sandbox.store import Cursor, Store, new_id, now

DATASETS = Path(__file__).with_name("datasets")

POLITE = {
    "type": "multi",
    "name": "polite",
    "graders": {
        "similar": {
            "type": "text_similarity",
            "name": "similar",
            "input": "{{sample.output_text}}",
            "reference": "{{item.reference}}",
            "evaluation_metric": "fuzzy_match",
        },
        "exact": {
            "type": "string_check",
            "name": "exact",
            "input": "{{sample.output_text}}",
            "reference": "{{item.reference}}",
            "operation": "eq",
        },
    },
    "calculate_output": "0.8 * similar + 0.2 * exact",
}
"""Most of the reward is for coming near: who can only be right or wrong learns nothing at first."""

JOBS: list[dict[str, Any]] = [
    {
        "suffix": "support-bot",
        "model": "gpt-4o-mini",
        "training_file": "support-train.jsonl",
        "validation_file": "support-validation.jsonl",
        "seed": 42,
        "method": {
            "type": "supervised",
            "supervised": {"hyperparameters": {"n_epochs": 5, "batch_size": 4}},
        },
        "metadata": {"team": "support", "purpose": "demo"},
    },
    {
        "suffix": "overfit-demo",
        "model": "gpt-4.1-mini",
        "training_file": "support-train.jsonl",
        "validation_file": "support-validation.jsonl",
        "seed": 7,
        "method": {
            "type": "supervised",
            "supervised": {
                "hyperparameters": {
                    "n_epochs": 20,
                    "batch_size": 16,
                    "learning_rate_multiplier": 3,
                }
            },
        },
        "metadata": {"team": "research", "purpose": "demo"},
    },
    {
        "suffix": "tone-dpo",
        "model": "gpt-4.1-nano",
        "training_file": "tone-train.jsonl",
        "validation_file": "tone-validation.jsonl",
        "seed": 11,
        "method": {
            "type": "dpo",
            "dpo": {"hyperparameters": {"n_epochs": 12, "batch_size": 4, "beta": 0.1}},
        },
        "metadata": {"team": "support", "purpose": "demo"},
    },
    {
        "suffix": "polite-rft",
        "model": "o4-mini",
        "training_file": "shelf-train.jsonl",
        "validation_file": "shelf-validation.jsonl",
        "seed": 5,
        "method": {
            "type": "reinforcement",
            "reinforcement": {
                "grader": POLITE,
                "hyperparameters": {
                    "n_epochs": 20,
                    "batch_size": 8,
                    "learning_rate_multiplier": 1,
                    "eval_samples": 4,
                },
            },
        },
        "metadata": {"team": "research", "purpose": "demo"},
    },
]


def fill(store: Store) -> None:
    """Upload the data sets and order the jobs, once: a folder that has a past keeps it."""
    if store.page(Job, Cursor(1))[0] or store.page(File, Cursor(1))[0]:
        return
    ids = {path.name: _upload(store, path) for path in sorted(DATASETS.glob("*.jsonl"))}
    for job in JOBS:
        files = {name: ids[job[name]] for name in ("training_file", "validation_file")}
        lifecycle.create(store, read_order({**job, **files}))


def _upload(store: Store, path: Path) -> str:
    file = File(
        id=new_id("file-"),
        created_at=now(),
        filename=path.name,
        purpose="fine-tune",
        bytes=path.stat().st_size,
    )
    with path.open("rb") as source:
        store.write_content(file.id, source)
    return store.add(file).id
