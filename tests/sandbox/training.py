"""A trainer of its own, as the sandbox starts them, without a sandbox."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.runner import ONE_THREAD
from tests.sandbox.conftest import CHATS, OTHER_CHATS, PREFERENCES, PROMPTS
from tests.sandbox_server import ROOT

News = list[dict[str, Any]]
FILES = {"a": CHATS, "b": OTHER_CHATS, "pairs": PREFERENCES, "prompts": PROMPTS}


SIMILAR = {
    "type": "text_similarity",
    "name": "similar",
    "input": "{{sample.output_text}}",
    "reference": "{{item.reference}}",
    "evaluation_metric": "fuzzy_match",
}
NEVER = {
    "type": "string_check",
    "name": "never",
    "input": "{{sample.output_text}}",
    "reference": "what no model would ever say",
    "operation": "eq",
}
BOTH = {
    "type": "multi",
    "name": "both",
    "graders": {"similar": SIMILAR, "never": NEVER},
    "calculate_output": "0.5 * similar + 0.5 * never",
}


@pytest.fixture
def train(tmp_path: Path) -> Callable[..., News]:
    """Train as a job does, in a process with one thread, and return what it told."""
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)

    def train(**given: Any) -> News:
        task = {
            "folder": str(tmp_path),
            "training_file": str(tmp_path / "a"),
            "validation_file": str(tmp_path / "b"),
            "base": "tiny-byte-lm",
            "continues": False,
            "method": "supervised",
            "n_epochs": 2,
            "batch_size": 4,
            "learning_rate_multiplier": 1.0,
            "seed": 1,
            "snapshot_step": 0,
            "told_step": 0,
            "pace": 0,
            **given,
        }
        trainer = subprocess.Popen(
            [sys.executable, "-m", "sandbox.trainer"],
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with trainer:
            assert trainer.stdin
            assert trainer.stdout
            trainer.stdin.write(json.dumps(task) + "\n")
            trainer.stdin.flush()
            return [json.loads(line) for line in trainer.stdout]

    return train


def metrics(news: News) -> News:
    return [item["metrics"] for item in news if "metrics" in item]


def without_times(told: News) -> News:
    """Seconds differ from run to run, and nothing else may."""
    return [{key: value for key, value in step.items() if key != "timing"} for step in told]
