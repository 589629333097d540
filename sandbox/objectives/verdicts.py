"""What a grader thinks of what a model said, told in the service's names and shapes.

Every number is a mean or a sum over graded replies: those that a step learnt from (`train`), and
where it was evaluated those to the validation prompts (`valid`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandbox.graders.grade import Grade
from sandbox.graders.grader import Grader
from sandbox.graders.multi import Multi
from sandbox.objectives.sampling import Replies
from sandbox.records import Json

ERRORS = ("other_error", "sample_parse_error", "invalid_variable_error")
ERRORS_OF = {
    "multi": ("formula_parse_error",),
    "python": ("python_grader_server_error", "python_grader_runtime_error"),
    "score_model": ("model_grader_server_error", "model_grader_parse_error"),
    "label_model": ("model_grader_server_error", "model_grader_parse_error"),
}


@dataclass(frozen=True)
class Verdicts:
    replies: Replies
    grades: Sequence[Grade]

    @property
    def rewards(self) -> NDArray[np.float64]:
        return np.array([grade.reward for grade in self.grades])

    def mean(self, value: Callable[[Grade], float]) -> float:
        return float(np.mean([value(grade) for grade in self.grades]))

    def errors(self, name: str) -> list[bool]:
        return [bool(grade.errors[name]) for grade in self.grades]

    def tokens(self, model: str, name: str) -> list[int]:
        """What a model that graded read or wrote, grade by grade."""
        used = [grade.model_grader_token_usage_per_model for grade in self.grades]
        return [usage[model][name] if model in usage else 0 for usage in used]

    @property
    def unresponsive(self) -> float:
        """The share of replies that say nothing."""
        return float(np.mean([not text.strip() for text in self.replies.texts]))


def judge(grader: Grader, replies: Replies, items: Sequence[Json]) -> Verdicts:
    pairs = zip(replies.texts, items, strict=True)
    return Verdicts(replies, [grader.grade(text, item) for text, item in pairs])


def flat(train: Verdicts, valid: Verdicts | None) -> Json:
    """The means that charts are made of. This model does not think before it speaks."""
    told: Json = {
        "train_mean_reward": float(train.rewards.mean()),
        "mean_unresponsive_rewards": train.unresponsive,
        "completion_tokens_mean": float(train.replies.lengths.mean()),
        "reasoning_tokens_mean": 0.0,
    }
    if valid:
        told["full_valid_mean_reward"] = float(valid.rewards.mean())
        told["full_valid_mean_parse_error"] = float(np.mean(valid.errors("sample_parse_error")))
        told["valid_reasoning_tokens_mean"] = 0.0
    return told


def nested(grader: Grader, train: Verdicts, valid: Verdicts | None, seconds: Json) -> Json:
    """The same by grader, and what is only told by grader: errors, tokens, time."""
    kinds = {"train": train} | ({"valid": valid} if valid else {})
    return {
        "scores": _scores(grader, kinds),
        "errors": {"graders": [_named(grader) | _errors(grader, kinds)]},
        "usage": {"samples": _sample_tokens(kinds), "graders": _grader_tokens(grader, kinds)},
        "timing": {"step": seconds, "graders": [_named(grader) | _latency(kinds)]},
        "model_graders_token_usage": _tokens_by_model(kinds),
    }


Kinds = Mapping[str, Verdicts]


def _named(grader: Grader) -> Json:
    return {"name": grader.name, "type": grader.type}


def _scores(grader: Grader, kinds: Kinds) -> Json:
    whole = {f"{kind}_reward_mean": float(one.rewards.mean()) for kind, one in kinds.items()}
    graders = [_named(grader) | whole]
    if isinstance(grader, Multi):
        graders += [
            {"name": name, "type": part.type} | _part_scores(name, kinds)
            for name, part in grader.parts.items()
        ]
    return {"graders": graders, **whole}


def _part_scores(name: str, kinds: Kinds) -> Json:
    return {
        f"{kind}_reward_mean": one.mean(lambda grade: grade.sub_rewards.get(name, 0.0))
        for kind, one in kinds.items()
    }


def _errors(grader: Grader, kinds: Kinds) -> Json:
    types = {grader.type}
    if isinstance(grader, Multi):
        types |= {part.type for part in grader.parts.values()}
    names = dict.fromkeys([*ERRORS, *(name for kind in types for name in ERRORS_OF.get(kind, ()))])
    return {
        key: value
        for name in names
        for kind, one in kinds.items()
        for key, value in _mean_and_count(f"{kind}_{name}", one.errors(name)).items()
    }


def _latency(kinds: Kinds) -> Json:
    return {
        f"{kind}_execution_latency_mean": one.mean(lambda grade: grade.execution_time)
        for kind, one in kinds.items()
    }


def _sample_tokens(kinds: Kinds) -> Json:
    told: Json = {}
    for kind, one in kinds.items():
        told |= _mean_and_count(f"{kind}_reasoning_tokens", [0] * len(one.grades))
        told |= _mean_and_count(f"{kind}_completion_tokens", one.replies.lengths.tolist())
    return told


def _grader_tokens(grader: Grader, kinds: Kinds) -> list[Json]:
    told = []
    for model in _models(kinds):
        entry = _named(grader) | {"model": model}
        for kind, one in kinds.items():
            for name in ("prompt_tokens", "completion_tokens"):
                entry |= _mean_and_count(f"{kind}_{name}", one.tokens(model, name))
        told.append(entry)
    return told


def _tokens_by_model(kinds: Kinds) -> Json:
    spoken = {"train": "train", "valid": "eval"}
    return {
        model: {
            f"{spoken[kind]}_{name}": sum(one.tokens(model, name))
            for kind, one in kinds.items()
            for name in ("prompt_tokens", "cached_tokens", "completion_tokens")
        }
        for model in _models(kinds)
    }


def _models(kinds: Kinds) -> list[str]:
    """The models that graded, in the order of their first appearance."""
    grades = (grade for one in kinds.values() for grade in one.grades)
    return list(
        dict.fromkeys(m for grade in grades for m in grade.model_grader_token_usage_per_model)
    )


def _mean_and_count(name: str, values: Sequence[float]) -> Json:
    return {f"{name}_mean": float(np.mean(values)), f"{name}_count": float(np.sum(values))}
