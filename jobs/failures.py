"""What a failed job's error means, and what to do about it. Pure: code and message in, words out.

CAUSES is read from its beginning: what only a message can tell stands before the code that services give
for many things. A cause that is not here has no words; the page then shows the service's own.
"""

import re
from enum import StrEnum
from typing import NamedTuple


class Remedy(StrEnum):
    """What the page offers: a duplicate with this label, or a link to where it is put right."""

    OTHER_FILE = "Duplicate with another file"
    OTHER_RECIPE = "Duplicate with another recipe"
    AGAIN = "Duplicate as it is"
    MODELS = "See what this account can train"
    KEY = "See the account's connection"

    @property
    def is_duplicate(self) -> bool:
        return self in {self.OTHER_FILE, self.OTHER_RECIPE, self.AGAIN}

    @property
    def is_other_file(self) -> bool:
        return self == self.OTHER_FILE

    @property
    def page(self) -> str:
        """The account's page that it leads to."""
        return {self.MODELS: "account_models", self.KEY: "account_detail"}.get(self, "")


class Cause(NamedTuple):
    codes: frozenset[str]
    message: str  # a pattern; "" fits none
    words: str
    remedy: Remedy | None


class Explanation(NamedTuple):
    words: str
    remedy: Remedy | None


def cause(codes: str, message: str, words: str, remedy: Remedy | None) -> Cause:
    return Cause(frozenset(codes.split()), message, words, remedy)


CAUSES = (
    cause(
        "",
        r"training method \(provided method|is in the .* format, but",
        "The file is made for another method than the job was asked to use. Choose the method that it"
        " was made for, or a file for this method.",
        Remedy.OTHER_RECIPE,
    ),
    cause(
        "",
        r"invalid token|special token",
        "An example holds a word that the model keeps for itself, such as <|endoftext|>. Look at the"
        " example that the message names, and take the word out of its text.",
        Remedy.OTHER_FILE,
    ),
    cause(
        "",
        r"RAI checks?|harm types|responsible AI",
        "The training file did not pass the service's check for harmful content; the message names the"
        " kinds that it found. Take such examples out. Nothing was trained.",
        Remedy.OTHER_FILE,
    ),
    cause(
        "",
        r"moderation|safety (check|eval)|eval(uation)? for category|usage polic",
        "The model or its data did not pass the service's safety checks. When such a check comes after"
        " training, its cost is mostly billed. Read the service's policy and clean the examples.",
        Remedy.OTHER_FILE,
    ),
    cause(
        "invalid_n_examples",
        r"must have at least \d+ examples?|too few examples",
        "The file has too few examples. Ten are the least that is accepted; fifty to a hundred are the"
        " least that helps.",
        Remedy.OTHER_FILE,
    ),
    cause(
        "context_length_exceeded",
        r"(maximum )?context.length|too many tokens|exceeds? .*token",
        "An example is longer than the model can read. Shorten it or leave it out; the check of"
        " training files here names every such line.",
        Remedy.OTHER_FILE,
    ),
    cause(
        "",
        r"\bexample \d+|\bline \d+",
        "One example in a file is not accepted. Look at the one that the message names, and mend or"
        " remove it.",
        Remedy.OTHER_FILE,
    ),
    cause(
        "",
        r"no such file|file .*(not found|does not exist|was deleted)",
        "The service no longer has a file that the job needs: it was deleted, or it belongs to another"
        " project. Bring it again.",
        Remedy.OTHER_FILE,
    ),
    cause(
        "",
        r"file .*(not ready|still (being )?process)",
        "The service had not finished looking at the file when the job began. Start it again now.",
        Remedy.AGAIN,
    ),
    cause(
        "invalid_validation_file",
        "",
        "The validation file is not in the form that this method needs. Mend it, or leave it out.",
        Remedy.OTHER_FILE,
    ),
    cause(
        "invalid_training_file invalid_file_format",
        "invalid file format|file format error",
        "The file is not in the form that this method needs. The message names what is wrong: mend it"
        " and bring the file again.",
        Remedy.OTHER_FILE,
    ),
    cause(
        "daily_rate_limit_exceeded",
        r"fine-tuning requests per day",
        "The organization may not start more jobs for this model today. Try again tomorrow, or ask"
        " the service for a higher limit.",
        Remedy.AGAIN,
    ),
    cause(
        "insufficient_quota billing_hard_limit_reached billing_not_active",
        r"exceeded your current quota|billing (hard )?limit|cost limit",
        "The account has run out of credit, or met a limit on what it may spend. Add credit or raise"
        " the limit at the service first.",
        Remedy.AGAIN,
    ),
    cause(
        "rate_limit_exceeded",
        r"rate.limited|(max\w*|only) .*(active|concurrent|running) .*jobs",
        "The service was asked too often, or trains as many jobs as this organization may have at"
        " once. Wait until others have ended.",
        Remedy.AGAIN,
    ),
    cause(
        "invalid_api_key",
        r"incorrect api key|invalid api key|unauthorized",
        "The service did not accept a key. If the message names no other one, it is this account's.",
        Remedy.KEY,
    ),
    cause(
        "",
        r"wandb|weights (and|&) biases",
        "Reporting to Weights & Biases failed: the service needs a key of yours there, and the"
        " project must exist. Set that right, or order the job without it.",
        Remedy.OTHER_RECIPE,
    ),
    cause(
        "invalid_grader grader_error",
        r"\bgraders?\b",
        "The grader failed, so nothing could be rewarded. Try it on a sample before you order the job"
        " anew: the form does that.",
        Remedy.OTHER_RECIPE,
    ),
    cause(
        "",
        r"extra (inputs|fields) (are )?not permitted|hyperparameter",
        "The service does not take one of the hyperparameters, or not with this value. The message"
        " names it.",
        Remedy.OTHER_RECIPE,
    ),
    cause(
        "out_of_memory",
        r"out of memory|\bOOM\b",
        "The service's machine had too little memory for this batch. Ask for a smaller batch, or for"
        " a shorter context where the service lets you.",
        Remedy.OTHER_RECIPE,
    ),
    cause(
        "",
        r"loss .*\b(nan|inf\w*|diverg\w+)\b|\bdiverged\b",
        "Training diverged: the loss was no number any more. A smaller learning rate mostly helps.",
        Remedy.OTHER_RECIPE,
    ),
    cause(
        "model_not_found model_not_available unsupported_model",
        r"model .*(not (available|found|supported)|does not exist|deprecated|retired)",
        "The service does not train this model, or no longer for this organization. Choose another"
        " one.",
        Remedy.MODELS,
    ),
    cause(
        "server_error internal_error internal_server_error",
        r"internal (server )?error|timed? ?out|service unavailable",
        "The service failed, not your job. Start it again; if it fails again, ask them.",
        Remedy.AGAIN,
    ),
)


OF_GRADERS = {
    "invalid_variable_error": "It names something that neither the answer nor the item has.",
    "sample_parse_error": "It looks into the answer as JSON, and the answer is none.",
    "truncated_observation_error": "The text that it compares is too long.",
    "formula_parse_error": "Its formula comes to no number.",
    "python_grader_runtime_error": "Its code failed.",
    "python_grader_server_error": "Its code gave no answer in time.",
    "model_grader_refusal_error": "The model that grades refused to.",
    "model_grader_parse_error": "The model that grades gave no score that can be read.",
    "model_grader_server_error": "The model that grades could not be asked.",
}


def explain_grader(error: str) -> str:
    return OF_GRADERS.get(error, "It failed.")


def explain(message: str, code: str = "") -> Explanation | None:
    """The error in plain words with the next step; None where we know no better than the message."""
    return next(
        (Explanation(each.words, each.remedy) for each in CAUSES if fits(each, message, code)), None
    )


def fits(each: Cause, message: str, code: str) -> bool:
    is_told = bool(each.message) and re.search(each.message, message, re.IGNORECASE)
    return code.lower() in each.codes or bool(is_told)
