"""What a grader made of a sample."""

from typing import Self

from msgspec import Struct

from jobs.upstream.decoding import Json, storable
from jobs.upstream.fields import mapping, real, text, thing, whole

EXPLAINED_BY = ("_details", "_type")


class GradeReply(Struct, frozen=True, kw_only=True):
    """`errors` holds what went wrong, by the API's name for it, with the API's words if it has any."""

    reward: float | None
    errors: dict[str, str]
    sub_rewards: dict[str, float]
    execution_time: float | None
    token_usage: int | None
    sampled_model_name: str
    raw: Json

    @classmethod
    def parse(cls, body: object) -> Self:
        raw: Json = storable(thing(body, "a grade"))
        told = mapping(raw.get("metadata"))
        spent = told.get("token_usage")
        rewards = {name: real(value) for name, value in mapping(raw.get("sub_rewards")).items()}
        return cls(
            reward=real(raw.get("reward")),
            errors=_errors(mapping(told.get("errors"))),
            sub_rewards={name: value for name, value in rewards.items() if value is not None},
            execution_time=real(told.get("execution_time")),
            token_usage=whole(mapping(spent).get("total_tokens", spent)),
            sampled_model_name=text(told.get("sampled_model_name")),
            raw=raw,
        )


def _errors(flags: Json) -> dict[str, str]:
    """Those that are set. Beside a flag may stand `…_details` and `…_type`, or one of these alone."""
    errors: dict[str, str] = {}
    for flag, value in flags.items():
        name = next((flag.removesuffix(end) for end in EXPLAINED_BY if flag.endswith(end)), flag)
        if not value:
            continue
        words = "" if value is True else text(value)
        errors[name] = ": ".join(filter(None, (errors.get(name, ""), words)))
    return errors
