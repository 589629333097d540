"""What a failed job's error means, and what to do about it. Pure: code and message in, words out."""

import re

CODES = {
    "invalid_n_examples": (
        "The training file has too few examples. Add examples (ten is the least, fifty to a hundred"
        " the least that helps) and start a new job."
    ),
    "invalid_training_file": (
        "The training file is not in the form that this method needs. The message names what is"
        " wrong: mend the file, upload it again and start a new job."
    ),
    "invalid_validation_file": (
        "The validation file is not in the form that this method needs. Mend it, or leave it out,"
        " and start a new job."
    ),
    "invalid_file_format": (
        "A file is not valid JSONL for this method. Mend the line that the message names, upload the"
        " file again and start a new job."
    ),
    "rate_limit_exceeded": "The service was asked too often. Wait a little and start the job again.",
    "daily_rate_limit_exceeded": (
        "The organization may not start more jobs for this model today. Try again tomorrow, or ask"
        " the service for a higher limit."
    ),
    "insufficient_quota": "The account has run out of credit. Add credit, then start the job again.",
    "server_error": "The service failed, not your job. Start it again; if it fails again, ask them.",
}

MESSAGES = [
    (
        r"example \d+|line \d+",
        "One example in a file is not accepted. Look at the one that the message names, mend or"
        " remove it, upload the file again and start a new job.",
    ),
    (
        r"moderation|safety|eval for category",
        "Training ended, but the model or its data did not pass the service's safety checks. Read"
        " its policy, clean the examples and start a new job.",
    ),
]


def explain(message: str, code: str = "") -> str:
    """The error in plain words with the next step; "" where we know no better than the message."""
    if code in CODES:
        return CODES[code]
    return next((words for pattern, words in MESSAGES if re.search(pattern, message, re.I)), "")
