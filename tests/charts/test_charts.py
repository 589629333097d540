import json
import struct
from array import array
from collections.abc import Sequence
from typing import Any

import pytest

from jobs import charts
from jobs.charts import Chunk

Json = dict[str, Any]


def chunk(
    name: str, steps: list[int], values: list[float], kind: str = "f", stride: int | None = 1
):
    packed = b"" if stride else array("I", steps).tobytes()
    raw = array(kind, values).tobytes()
    return Chunk(name, steps[0], steps[-1], len(steps), stride, packed, kind, raw)


def read(message: bytes) -> tuple[Json, bytes]:
    (length,) = struct.unpack_from("<I", message)
    return json.loads(message[4 : 4 + length]), message[4 + length :]


def resolve(reference: Json | list[float], binary: bytes) -> Sequence[float]:
    if isinstance(reference, list):
        return reference
    size = array(reference["kind"]).itemsize
    start = reference["at"]
    return array(reference["kind"], binary[start : start + size * reference["count"]]).tolist()


def drawn(message: bytes) -> dict[str, tuple[Sequence[float], Sequence[float]]]:
    """What a reader would plot: x and y of each trace."""
    header, binary = read(message)
    found = {}
    for trace in header["figure"]["data"]:
        y = resolve(trace["y"], binary)
        told = [trace["x0"] + trace["dx"] * i for i in range(len(y))] if "x0" in trace else None
        found[trace["name"]] = (told or resolve(trace["x"], binary), y)
    return found


def test_a_loss_reaches_the_figure():
    message = charts.figure("loss", [chunk("train_loss", [7], [0.25])], counts={"train_loss": 1})

    assert drawn(message)["train_loss"] == ([7], [0.25])


def test_regular_steps_cost_two_numbers():
    message = charts.figure(
        "loss", [chunk("valid_loss", [10, 20, 30], [3, 2, 1], stride=10)], counts={"valid_loss": 3}
    )

    trace = read(message)[0]["figure"]["data"][0]
    assert (trace["x0"], trace["dx"], "x" in trace) == (10, 10, False)


def test_irregular_steps_and_wide_values_are_kept():
    message = charts.figure(
        "loss",
        [
            chunk("train_loss", [1, 2, 5], [0.5, 0.25, 0.125], stride=None),
            chunk("train_loss", [6, 9], [0.1, 0.2], kind="d", stride=3),
        ],
        counts={"train_loss": 5},
    )

    assert drawn(message)["train_loss"] == ([1, 2, 5, 6, 9], [0.5, 0.25, 0.125, 0.1, 0.2])


@pytest.mark.parametrize("stride", [2, None])
def test_only_newer_points_are_sent(stride: int | None):
    chunks = [chunk("train_loss", [2, 4, 6, 8], [4, 3, 2, 1], stride=stride)]

    message = charts.figure("loss", chunks, counts={"train_loss": 4}, span=charts.Span(after=4))

    assert drawn(message)["train_loss"] == ([6, 8], [2, 1])
    assert read(message)[0]["counts"] == {"train_loss": 4}


def test_arrays_lie_where_a_browser_may_map_them():
    message = charts.figure(
        "loss",
        [
            chunk("train_loss", [1, 2, 4], [1, 2, 3], stride=None),
            chunk("valid_loss", [1], [0.1], kind="d"),
        ],
        counts={"train_loss": 3, "valid_loss": 1},
    )
    header, binary = read(message)

    offsets = [trace["y"]["at"] for trace in header["figure"]["data"]]
    assert all(offset % 8 == 0 for offset in offsets)
    assert (len(message) - len(binary)) % 8 == 0


def test_checkpoints_are_marks_that_name_their_model():
    marks = [
        charts.Mark(100, {"train_loss": 0.4, "full_valid_loss": 0.5}, "ft:a:ckpt-step-100"),
        charts.Mark(200, {}, "ft:b"),
    ]

    message = charts.figure("loss", [], marks, counts={})

    (trace,) = read(message)[0]["figure"]["data"]
    assert (trace["x"], trace["y"]) == ([100], [0.5])
    assert trace["customdata"] == [["ft:a:ckpt-step-100", ""]]


def test_each_family_has_its_chart_and_training_comes_first():
    names = ["valid_loss", "train_loss", "full_valid_loss", "train_reward_margin", "usage.tokens"]

    assert charts.families(names) == {
        "loss": ["train_loss", "valid_loss", "full_valid_loss"],
        "reward": ["train_reward_margin"],
        "tokens": ["usage.tokens"],
    }


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("full_valid_mean_reward", "reward"),
        ("scores.graders.exact.train_reward_mean", "reward"),
        ("full_valid_mean_parse_error", "errors"),
        ("errors.graders.exact.train_other_error_count", "error-counts"),
        ("mean_unresponsive_rewards", "errors"),
        ("completion_tokens_mean", "tokens"),
        ("usage.graders.exact.train_prompt_mean", "tokens"),
        ("timing.step.training", "timing"),
        ("usage.samples.train_completion_tokens_count", "token-counts"),
        ("perplexity", "perplexity"),
        ("train_KL divergence!", "kl-divergence"),
        ("full_valid_kl", "kl"),
        ("損失", "other"),
    ],
)
def test_what_is_measured_in_one_unit_shares_a_chart(name: str, family: str):
    assert charts.family_of(name) == family


@pytest.mark.parametrize(("points", "mode"), [(10, "lines+markers"), (10_000, "lines")])
def test_only_a_line_of_few_points_has_dots(points: int, mode: str):
    rare = chunk("valid_loss", list(range(points)), [0.5] * points)

    message = charts.figure("loss", [rare], counts={"valid_loss": points})

    assert read(message)[0]["figure"]["data"][0]["mode"] == mode


@pytest.mark.parametrize(("stride", "inside"), [(2, [4, 6]), (None, [4, 6])])
def test_only_the_points_between_two_steps_are_sent(stride: int | None, inside: list[int]):
    chunks = [chunk("train_loss", [2, 4, 6, 8], [4, 3, 2, 1], stride=stride)]

    span = charts.Span(after=2, until=7)
    message = charts.figure("loss", chunks, counts={"train_loss": 4}, span=span)

    assert drawn(message)["train_loss"] == (inside, [3, 2])


def test_a_line_says_whether_it_is_drawn_in_outline():
    chunks = [chunk("train_loss", [1, 2], [2, 1]), chunk("valid_loss", [1, 2], [2, 1])]
    counts = {"train_loss": 90_000, "valid_loss": 2}

    message = charts.figure("loss", chunks, counts=counts, outlined=["train_loss"])

    traces = read(message)[0]["figure"]["data"]
    assert [trace["outlined"] for trace in traces] == [True, False]


@pytest.mark.parametrize(
    ("metrics", "height"),
    [
        ({"valid_loss": 2.0, "full_valid_loss": 1.0, "train_loss": 3.0}, 1.0),
        ({"train_loss": 3.0, "valid_loss": 2.0}, 2.0),
        ({"full_valid_mean_token_accuracy": 0.5}, None),
    ],
)
def test_a_mark_stands_at_the_most_telling_value(metrics: dict[str, float], height: float | None):
    message = charts.figure("loss", [], [charts.Mark(5, metrics)], counts={})

    assert [trace["y"] for trace in read(message)[0]["figure"]["data"]] == (
        [] if height is None else [[height]]
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("train_loss", "training"),
        ("full_valid_loss", "validation (full)"),
        ("train_mean_token_accuracy", "training"),
        ("valid_reward_margin", "margin · validation (batch)"),
        ("scores.graders.exact.train_reward_mean", "exact · training"),
        ("scores.valid_reward_mean", "all graders · validation (batch)"),
        ("full_valid_mean_reward", "validation (full)"),
        ("errors.graders.polite.train_other_error_mean", "polite · other · training"),
        ("timing.step.full_iteration", "step · full iteration"),
        ("perplexity", "perplexity"),
    ],
)
def test_a_line_is_named_as_people_would(name: str, words: str):
    assert charts.labels([name]) == {name: words}


def test_lines_that_words_do_not_tell_apart_keep_their_names():
    names = ["train_mean_token_accuracy", "train_mean_accuracy"]

    assert charts.labels(names) == {name: name for name in names}


def test_a_checkpoint_stands_on_the_whole_reward_not_on_a_graders():
    metrics = {"full_valid_mean_reward": 0.5, "scores.graders.exact.full_valid_reward_mean": 0.9}
    message = charts.figure("reward", [], [charts.Mark(5, metrics)], counts={})

    assert drawn(message)["checkpoint"] == ([5], [0.5])


def test_nobody_chooses_a_checkpoint_by_its_errors():
    marks = [charts.Mark(5, {"full_valid_mean_parse_error": 0.0})]

    assert read(charts.figure("errors", [], marks, counts={}))[0]["figure"]["data"] == []
