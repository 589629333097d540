"""What can be wrong with an order, field by field, in words for the person who fills it in.

Bounds of the API, and what the files' checks found. What only the service can know, it will say itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobs.models import hyperparameters
from jobs.models.account import Account
from jobs.models.upload import Upload

if TYPE_CHECKING:
    from jobs.models.order import Order

OURS = "tuneboard_order"  # the pair of metadata by which a job is known as an order's
MOST_SUFFIX = 64
MOST_SEED = 2_147_483_647
MOST_PAIRS = 15  # the API takes 16, and one is ours
MOST_NAME, MOST_VALUE = 64, 512


def problems(order: Order) -> dict[str, str]:
    found = {
        "account": account_problem(order.account),
        "base_model": "" if order.base_model.strip() else "Choose the model to train.",
        "method": "" if order.method in order.Method else "Choose how to train.",
        "training_file": file_problem(order, "training") or needed(order),
        "validation_file": file_problem(order, "validation") or same_file(order),
        "grader": grader_problem(order),
        "suffix": suffix_problem(order.suffix),
        "seed": seed_problem(order.seed),
        "metadata": metadata_problem(order.metadata),
        "wandb": wandb_problem(order),
    }
    found |= hyperparameters.problems(order.method, order.hyperparameters)
    return {field: words for field, words in found.items() if words}


def account_problem(account: Account) -> str:
    words = "Tuneboard no longer listens to this account, and would not see the job."
    return words if account.is_silent else ""


def file_problem(order: Order, role: str) -> str:
    upload: Upload | None = getattr(order, f"{role}_upload")
    if upload:
        return upload_problem(upload, order, role)
    elsewhere = order.account.files.model.objects.filter(upstream_id=getattr(order, f"{role}_file"))
    file = elsewhere.exclude(account=order.account_id).select_related("account").first()
    if file is None or order.account.files.filter(upstream_id=file.upstream_id).exists():
        return ""
    return f"This file belongs to the account {file.account}: choose one of {order.account}."


def upload_problem(upload: Upload, order: Order, role: str) -> str:
    if upload.state == Upload.State.BROKEN:
        return f"The file could not be checked: {upload.why}"
    if upload.is_unsettled:
        return f"{upload.get_state_display()}: {upload} ({upload.progress} %)."
    if upload.method != order.method:
        return f"The file was checked for {upload.method}, and not for {order.method}."
    if role == "training" and upload.for_validation:
        return "The file was checked for validation, which takes fewer examples than training."
    if upload.errors:
        return upload_errors(upload)
    if upload.removed_at and not upload.file_id_at(order.account_id):
        return "Our copy of this file is gone: bring it again."
    return ""


def upload_errors(upload: Upload) -> str:
    """In the words of the check where one error is about the whole file: it may be the order's."""
    problems = (upload.report or {}).get("problems", ())
    whole = [each["message"] for each in problems if not each["line"]]
    if upload.errors == 1 and whole:
        return f"{upload}: {whole[0]}"
    errors = "an error" if upload.errors == 1 else f"{upload.errors:,} errors"
    return f"{upload} has {errors}: correct it and bring it again."


def needed(order: Order) -> str:
    has_file = order.training_upload or order.training_file.strip()
    return "" if has_file else "A job needs a file to learn from."


def same_file(order: Order) -> str:
    training, validation = order.training_upload, order.validation_upload
    both = order.file_id("training"), order.file_id("validation")
    is_same = bool(both[0]) and both[0] == both[1]
    if training and validation:
        is_same |= bool(training.sha256) and training.sha256 == validation.sha256
    return "This is the training file: validation needs other examples." if is_same else ""


def grader_problem(order: Order) -> str:
    if order.method != order.Method.REINFORCEMENT:
        return ""
    if not order.grader:
        return "Reinforcement needs a grader."
    kind = order.grader.get("type") if isinstance(order.grader, dict) else None
    return "" if kind else "A grader is an object with a type."


def suffix_problem(suffix: str, most: int = MOST_SUFFIX) -> str:
    return f"A suffix has at most {most} characters." if len(suffix) > most else ""


def seed_problem(seed: int | None) -> str:
    fits = seed is None or 0 <= seed <= MOST_SEED
    return "" if fits else f"A seed is a whole number from 0 to {MOST_SEED}."


def metadata_problem(metadata: dict[str, Any]) -> str:
    if OURS in metadata:
        return f"{OURS} is the name that Tuneboard itself uses."
    if len(metadata) > MOST_PAIRS:
        return f"At most {MOST_PAIRS} pairs: the service takes 16, and one is Tuneboard's own."
    for name, value in metadata.items():
        if not isinstance(value, str) or not 1 <= len(name) <= MOST_NAME or len(value) > MOST_VALUE:
            return (
                f"Names have 1 to {MOST_NAME} characters, values at most {MOST_VALUE}:"
                f" look at {name[:MOST_NAME]!r}."
            )
    return ""


def wandb_problem(order: Order) -> str:
    needs = order.wandb is not None and not str(order.wandb.get("project") or "").strip()
    return "Weights & Biases needs the name of a project." if needs else ""
