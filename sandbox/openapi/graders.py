"""Graders, as they are sent and echoed, and what they say of a sample."""

from sandbox.graders.grade import NO_ERRORS
from sandbox.openapi.words import (
    COUNT,
    FLAG,
    INTEGER,
    NUMBER,
    OBJECT,
    SOME_TEXT,
    TEXT,
    Schema,
    any_of,
    integer,
    named,
    one_of,
    or_null,
    record,
    ref,
    several,
    text,
    word,
)

VISIBLE: Schema = {"type": "string", "pattern": r"\S"}
METRICS = (
    *("cosine", "fuzzy_match", "bleu", "gleu", "meteor"),
    *("rouge_1", "rouge_2", "rouge_3", "rouge_4", "rouge_5", "rouge_l"),
)
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
MOST_PARTS = 20


def grader(kind: str, needed: Schema, optional: Schema | None = None) -> Schema:
    return record({"type": word(kind), "name": VISIBLE, **needed}, optional)


SAMPLING = record(
    {},
    {
        "seed": or_null(INTEGER),
        "top_p": or_null(NUMBER),
        "temperature": or_null(NUMBER),
        "max_completions_tokens": or_null(integer(1)),
        "reasoning_effort": or_null(word(*EFFORTS)),
    },
)
CACHE_MARK = record({"mode": word("explicit")})
CONTENT = any_of(
    TEXT,
    record(
        {"type": word("input_text", "output_text"), "text": TEXT},
        {"prompt_cache_breakpoint": CACHE_MARK},
    ),
    record(
        {"type": word("input_image"), "image_url": VISIBLE}, {"detail": word("high", "low", "auto")}
    ),
    record(
        {
            "type": word("input_audio"),
            "input_audio": record({"data": VISIBLE, "format": word("mp3", "wav")}),
        }
    ),
)
MESSAGE = record(
    {
        "role": word("user", "assistant", "system", "developer"),
        "content": any_of(ref("Content"), several(ref("Content"), least=1)),
    },
    {"type": word("message")},
)
ASKS_A_MODEL = {"model": text(1, 256), "input": several(ref("Message"), least=1)}
LABELS = several(SOME_TEXT, least=1) | {"uniqueItems": True}

PARTS = ("StringCheck", "TextSimilarity", "Python", "ScoreModel", "LabelModel")

ERRORS = record(
    {name: FLAG if value is False else or_null(TEXT) for name, value in NO_ERRORS.items()}
)
USAGE = record(
    dict.fromkeys(("prompt_tokens", "completion_tokens", "total_tokens", "cached_tokens"), COUNT)
)

SCHEMAS: Schema = {
    "StringCheck": grader(
        "string_check",
        {"input": TEXT, "reference": TEXT, "operation": word("eq", "ne", "like", "ilike")},
    ),
    "TextSimilarity": grader(
        "text_similarity",
        {"input": TEXT, "reference": TEXT, "evaluation_metric": word(*METRICS)},
    ),
    "Python": grader("python", {"source": VISIBLE}, {"image_tag": VISIBLE}),
    "ScoreModel": grader(
        "score_model",
        ASKS_A_MODEL,
        {"range": several(NUMBER, least=2, most=2), "sampling_params": SAMPLING},
    ),
    "LabelModel": grader(
        "label_model", {**ASKS_A_MODEL, "labels": LABELS, "passing_labels": LABELS}
    ),
    "Multi": grader(
        "multi",
        {
            "graders": any_of(
                ref("PartOfMulti"),
                several(ref("PartOfMulti"), least=1, most=MOST_PARTS),
                {**named(ref("PartOfMulti")), "minProperties": 1, "maxProperties": MOST_PARTS},
            ),
            "calculate_output": VISIBLE,
        },
    ),
    "PartOfMulti": one_of(*map(ref, PARTS)),
    "Grader": one_of(*map(ref, (*PARTS[:-1], "Multi"))),
    "Content": CONTENT,
    "Message": MESSAGE,
    "Grade": record(
        {
            "reward": NUMBER,
            "metadata": record(
                {
                    "name": VISIBLE,
                    "type": TEXT,
                    "errors": ERRORS,
                    "execution_time": {**NUMBER, "minimum": 0},
                    "scores": OBJECT,
                    "token_usage": or_null(COUNT),
                    "sampled_model_name": or_null(TEXT),
                }
            ),
            "sub_rewards": named(NUMBER),
            "model_grader_token_usage_per_model": named(USAGE),
        }
    ),
    "ValidGrader": record({"grader": ref("Grader")}),
}
