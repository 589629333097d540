"""What would break if a file or a model were deleted, or no longer shared, in words. Pure."""

from collections.abc import Iterable

from jobs.models.holdings import Use

OF_FILE = {
    "training": "{job} was trained with it: a duplicate of that job needs another file.",
    "validation": "{job} was validated with it: a duplicate of that job needs another file.",
    "result": "It holds the results of {job}. Tuneboard keeps what it has read of them.",
}
OF_MODEL = {
    "made": "It is the result of {job}: that job's training would have to be paid for again.",
    "checkpoint": "It is a checkpoint of {job}.",
    "base": "{job} was trained on from it: a duplicate of that job needs another base model.",
}
NEEDED = "{job} has not ended and still needs it: the service may refuse, or the job may fail."
CALLED = "Every program that calls this model gets an error from then on."
NO_LONGER = "Every program of {project} that calls this model gets an error from then on."
TRAINED_ON = "Jobs of {project} that train on from it fail, or cannot be started again."
UNKNOWN = "No job that Tuneboard knows uses it. Other programs may."


def of_deleting_file(uses: Iterable[Use]) -> list[str]:
    return words(uses, OF_FILE) or [UNKNOWN]


def of_deleting_model(uses: Iterable[Use]) -> list[str]:
    return [CALLED, *words(uses, OF_MODEL)]


def of_unsharing(project: str) -> list[str]:
    return [each.format(project=project) for each in (NO_LONGER, TRAINED_ON)]


def words(uses: Iterable[Use], usual: dict[str, str]) -> list[str]:
    """What is still needed first."""
    ordered = sorted(uses, key=lambda use: not use.is_needed)
    return [(NEEDED if use.is_needed else usual[use.role]).format(job=use.job) for use in ordered]
