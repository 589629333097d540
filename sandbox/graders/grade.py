"""What a grader says of a sample: a reward, or why there is none."""

from dataclasses import dataclass, field
from typing import Final

from sandbox.records import Json

NO_ERRORS: Final[Json] = {
    "formula_parse_error": False,
    "sample_parse_error": False,
    "truncated_observation_error": False,
    "unresponsive_reward_error": False,
    "invalid_variable_error": False,
    "other_error": False,
    "python_grader_server_error": False,
    "python_grader_server_error_type": None,
    "python_grader_runtime_error": False,
    "python_grader_runtime_error_details": None,
    "model_grader_server_error": False,
    "model_grader_refusal_error": False,
    "model_grader_parse_error": False,
    "model_grader_server_error_details": None,
}

Usage = dict[str, int]
"""prompt_tokens, completion_tokens, their sum total_tokens, and cached_tokens."""


class Ungradable(Exception):
    """This sample gets no reward; the flags say why, in the words of the API."""

    def __init__(self, **errors: object) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


@dataclass(frozen=True, kw_only=True)
class Grade:
    reward: float
    errors: Json = field(default_factory=NO_ERRORS.copy)
    scores: Json = field(default_factory=dict)
    sub_rewards: dict[str, float] = field(default_factory=dict)
    model_grader_token_usage_per_model: dict[str, Usage] = field(default_factory=dict)
    execution_time: float = 0.0

    @property
    def sampled_model_name(self) -> str | None:
        return next(iter(self.model_grader_token_usage_per_model), None)

    @property
    def token_usage(self) -> int | None:
        used = self.model_grader_token_usage_per_model.values()
        return sum(usage["total_tokens"] for usage in used) if used else None
