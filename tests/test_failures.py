"""What a failed job's error means: every cause by a message that a service gave, and what it leads to."""

import pytest
from django.urls import reverse

from jobs.failures import CAUSES, Remedy, explain

MISMATCH = (
    "The job failed due to an invalid training file. Invalid file format. Input file file-x is in the"
    " fine-tune-chat format, but the specified fine-tuning job is not using 'supervised' as the"
    " training method (provided method=dpo)."
)
TOKEN = (
    "The job failed due to a file format error in the training file. Invalid file format. Example 6174"
    " message contains an invalid token: <|fim_suffix|>."
)
LINE = "Invalid file format. Line 12, key 'role': unknown role"
HARM = "The provided training data failed RAI checks for harm types: [hate_fairness, violence]."
DAILY = (
    "This fine-tune request has been rate-limited. Your organization has reached the maximum of 8"
    " fine-tuning requests per day for the model 'gpt-4.1'."
)

KNOWN = [
    ("invalid_training_file", MISMATCH, "made for another method", Remedy.OTHER_RECIPE),
    ("", TOKEN, "keeps for itself", Remedy.OTHER_FILE),
    ("", HARM, "harmful content", Remedy.OTHER_FILE),
    ("", "Error while running moderation eval refusals_v3", "safety checks", Remedy.OTHER_FILE),
    ("", "Error while running eval for category hate", "safety checks", Remedy.OTHER_FILE),
    ("invalid_n_examples", "", "too few examples", Remedy.OTHER_FILE),
    ("", "It has 7 example(s), but must have at least 10 examples", "too few", Remedy.OTHER_FILE),
    ("", "Example 4 exceeds the maximum context length", "longer than", Remedy.OTHER_FILE),
    ("invalid_file_format", LINE, "One example", Remedy.OTHER_FILE),
    ("", "No such File object: file-abc", "no longer has a file", Remedy.OTHER_FILE),
    ("", "File file-abc is not ready", "had not finished looking", Remedy.AGAIN),
    ("invalid_validation_file", "It is wrong.", "validation file", Remedy.OTHER_FILE),
    ("invalid_training_file", "Invalid file format.", "not in the form", Remedy.OTHER_FILE),
    ("daily_rate_limit_exceeded", DAILY, "tomorrow", Remedy.AGAIN),
    ("", "You exceeded your current quota, check your plan", "out of credit", Remedy.AGAIN),
    ("insufficient_quota", "", "out of credit", Remedy.AGAIN),
    ("rate_limit_exceeded", "Please try again in 8.64s.", "too often", Remedy.AGAIN),
    ("", "You may have a maximum of 3 active fine-tuning jobs", "too often", Remedy.AGAIN),
    ("invalid_api_key", "Incorrect API key provided", "did not accept a key", Remedy.KEY),
    ("", "Could not log in to wandb", "Weights & Biases", Remedy.OTHER_RECIPE),
    ("", "The grader raised KeyError", "grader failed", Remedy.OTHER_RECIPE),
    (
        "",
        "invalid nepochs: 2, extra inputs are not permitted",
        "does not take",
        Remedy.OTHER_RECIPE,
    ),
    ("", "CUDA out of memory. Tried to allocate 2 GiB", "too little memory", Remedy.OTHER_RECIPE),
    ("", "Training stopped: loss is nan", "diverged", Remedy.OTHER_RECIPE),
    ("", "The model gpt-4o is not available for fine-tuning", "does not train", Remedy.MODELS),
    ("server_error", "The server had an error", "The service failed", Remedy.AGAIN),
    ("", "Internal error: please retry", "The service failed", Remedy.AGAIN),
]


@pytest.mark.parametrize(("code", "message", "words", "remedy"), KNOWN)
def test_a_known_cause_is_told_in_plain_words_with_what_to_do(code, message, words, remedy):
    explanation = explain(message, code)

    assert explanation is not None
    assert words in explanation.words
    assert explanation.remedy == remedy


def test_every_cause_has_a_message_that_was_seen():
    told = {explain(message, code) for code, message, _, _ in KNOWN}

    assert {each.words for each in told if each} == {each.words for each in CAUSES}


@pytest.mark.parametrize(
    ("code", "message"),
    [("", ""), ("other", "The moon was full."), ("", "1 file was used"), ("", "Wandering loss.")],
)
def test_what_is_not_known_is_left_to_the_words_of_the_service(code: str, message: str):
    assert explain(message, code) is None


@pytest.mark.parametrize("remedy", list(Remedy))
def test_every_remedy_leads_somewhere(remedy: Remedy):
    assert remedy.is_duplicate or reverse(remedy.page, args=[1])
