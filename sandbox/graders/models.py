"""score_model and label_model: graders that ask a model. Here the model is `scorer`.

Any model may be named; what was asked of it is checked and has no effect.
"""

import json

from sandbox.graders import scorer
from sandbox.graders.fields import Fields, invalid, is_integer, is_number
from sandbox.graders.grade import NO_ERRORS, Grade
from sandbox.graders.grader import Grader
from sandbox.graders.inputs import Messages, Reading
from sandbox.graders.templates import Scope

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
SAMPLING = ("seed", "top_p", "temperature", "max_completions_tokens", "reasoning_effort")
LONGEST_NAME = 256


class ScoreModel(Grader):
    type = "score_model"
    keys = ("model", "input", "range", "sampling_params")

    def __init__(self, fields: Fields) -> None:
        super().__init__(fields)
        _check_model(fields)
        self._messages = Messages(fields, "input")
        self._least, self._most = _range(fields)
        if "sampling_params" in fields:
            given = fields.given["sampling_params"]
            _check_sampling(Fields(given, fields.place("sampling_params")))

    def _grade(self, scope: Scope) -> Grade:
        reading = self._messages.read(scope)
        share = scorer.score(reading)
        reward = self._least * (1 - share) + self._most * share
        return _grade(reward, reading, json.dumps(reward))


class LabelModel(Grader):
    type = "label_model"
    keys = ("model", "input", "labels", "passing_labels")

    def __init__(self, fields: Fields) -> None:
        super().__init__(fields)
        _check_model(fields)
        self._messages = Messages(fields, "input")
        self._labels = _labels(fields, "labels")
        self._passing = _labels(fields, "passing_labels")
        for label in self._passing:
            if label not in self._labels:
                raise invalid(fields.place("passing_labels"), f"{label!r} is not among the labels")

    def _grade(self, scope: Scope) -> Grade:
        reading = self._messages.read(scope)
        label = scorer.label(reading, self._labels)
        return _grade(float(label in self._passing), reading, label)


def _grade(reward: float, reading: Reading, verdict: str) -> Grade:
    remark = scorer.remark(reading)
    return Grade(
        reward=reward,
        errors={**NO_ERRORS, "model_grader_server_error_details": remark},
        model_grader_token_usage_per_model=scorer.usage(reading, verdict),
    )


def _check_model(fields: Fields) -> None:
    model = fields.text("model")
    if len(model) > LONGEST_NAME or any(sign.isspace() for sign in model):
        raise invalid(fields.place("model"), f"must be a name of at most {LONGEST_NAME} characters")


def _labels(fields: Fields, key: str) -> list[str]:
    labels = fields.array(key)
    if not all(isinstance(label, str) and 0 < len(label) <= LONGEST_NAME for label in labels):
        why = f"must hold strings of 1 to {LONGEST_NAME} characters"
        raise invalid(fields.place(key), why)
    if len(set(labels)) < len(labels):
        raise invalid(fields.place(key), "must hold each label once")
    return labels


def _range(fields: Fields) -> tuple[float, float]:
    if "range" not in fields:
        return 0.0, 1.0
    bounds = fields.given["range"]
    if not isinstance(bounds, list) or len(bounds) != 2 or not all(map(is_number, bounds)):
        raise invalid(fields.place("range"), "must be two numbers")
    if not bounds[0] < bounds[1]:
        raise invalid(fields.place("range"), "must begin with the smaller number")
    return float(bounds[0]), float(bounds[1])


def _check_sampling(fields: Fields) -> None:
    """Each may also be null."""
    fields.refuse_others(*SAMPLING)
    given = {key: value for key, value in fields.given.items() if value is not None}
    for key in given.keys() & {"top_p", "temperature"}:
        if not is_number(given[key]):
            raise invalid(fields.place(key), "must be a number or null")
    for key in given.keys() & {"seed", "max_completions_tokens"}:
        if not is_integer(given[key]):
            raise invalid(fields.place(key), "must be an integer or null")
    if given.get("max_completions_tokens", 1) < 1:
        raise invalid(fields.place("max_completions_tokens"), "must be at least 1")
    if "reasoning_effort" in given:
        fields.choice("reasoning_effort", EFFORTS)
