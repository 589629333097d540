"""What some faults do to the content of an answer, in whatever dialect it is told."""

import random
from collections.abc import Callable, Mapping

from sandbox.faults import Fault, Trouble
from sandbox.records import Json

Change = Callable[[Json], Json]
Distortion = Callable[[Json, Fault, random.Random], Json]

EVENT, CHECKPOINT = "fine_tuning.job.event", "fine_tuning.job.checkpoint"


def _each(content: Json, kind: str, change: Change) -> Json:
    """Things of one kind changed, in a list or alone."""
    if content.get("object") == "list":
        return {**content, "data": [_each(item, kind, change) for item in content["data"]]}
    return change(content) if content.get("object") == kind else content


def _lists(content: Json, kind: str) -> bool:
    items = content["data"] if content.get("object") == "list" else []
    return any(item.get("object") == kind for item in items)


def _non_finite(content: Json, fault: Fault, _: random.Random) -> Json:
    def replaced(numbers: Json | None) -> Json | None:
        strange = float(str(fault.value))
        return numbers and {
            name: strange if isinstance(number, float) else number
            for name, number in numbers.items()
        }

    def of_event(event: Json) -> Json:
        return {**event, "data": replaced(event["data"])} if "data" in event else event

    told = _each(content, EVENT, of_event)
    return _each(told, CHECKPOINT, lambda one: {**one, "metrics": replaced(one["metrics"])})


def _duplicate_events(content: Json, _: Fault, __: random.Random) -> Json:
    if not _lists(content, EVENT):
        return content
    return {**content, "data": [event for event in content["data"] for _ in range(2)]}


def _shuffle_events(content: Json, _: Fault, chance: random.Random) -> Json:
    if not _lists(content, EVENT):
        return content
    return {**content, "data": chance.sample(content["data"], len(content["data"]))}


def _same_second(content: Json, fault: Fault, _: random.Random) -> Json:
    def rounded(event: Json) -> Json:
        return {**event, "created_at": event["created_at"] // int(fault.number) * int(fault.number)}

    return _each(content, EVENT, rounded)


def _missing_has_more(content: Json, _: Fault, __: random.Random) -> Json:
    return {key: value for key, value in content.items() if key != "has_more"}


def _vanishing_checkpoints(content: Json, fault: Fault, _: random.Random) -> Json:
    if not _lists(content, CHECKPOINT):
        return content
    steps = sorted((one["step_number"] for one in content["data"]), reverse=True)
    kept = set(steps[: int(fault.number)])
    return {**content, "data": [one for one in content["data"] if one["step_number"] in kept]}


def _unknown_status(content: Json, fault: Fault, _: random.Random) -> Json:
    return _each(content, "fine_tuning.job", lambda job: {**job, "status": fault.value})


DISTORTIONS: Mapping[Trouble, Distortion] = {
    Trouble.NON_FINITE: _non_finite,
    Trouble.DUPLICATE_EVENTS: _duplicate_events,
    Trouble.SHUFFLE_EVENTS: _shuffle_events,
    Trouble.SAME_SECOND: _same_second,
    Trouble.MISSING_HAS_MORE: _missing_has_more,
    Trouble.VANISHING_CHECKPOINTS: _vanishing_checkpoints,
    Trouble.UNKNOWN_STATUS: _unknown_status,
}
