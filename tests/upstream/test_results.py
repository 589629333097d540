import base64
import csv
import io
import math
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from jobs.upstream import Results, plain_csv, read_results, results

SAMPLES = Path(__file__).parent.parent / "samples"
PLAIN = (SAMPLES / "result_file.csv").read_bytes()
READ = {
    "train_loss": {1: 3.63265, 2: 6e-05, 3: 0.0},
    "train_mean_token_accuracy": {1: 0.5, 2: 1.0},
    "valid_loss": {2: 1.5},
    "valid_mean_token_accuracy": {2: 0.25},
}


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        b"\n " + PLAIN,
        b"\xef\xbb\xbf" + PLAIN,
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.replace(b"train_loss", b'"train_loss"').replace(b"step,", b" step ,"),
        base64.b64encode(PLAIN),
        base64.encodebytes(PLAIN),
        b" " + base64.b64encode(PLAIN) + b"\r\n",
    ],
)
def test_a_result_file_is_read_however_it_is_packed(content):
    assert read_results(content) == Results(READ, is_csv=True)


def test_a_result_file_can_be_had_as_csv():
    assert plain_csv(base64.encodebytes(PLAIN)) == PLAIN
    assert plain_csv(PLAIN) == PLAIN


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"step",
        b"steps\n1\n2\n",
        b"timestep,loss\n1,2\n",
        b'{"messages": []}\n',
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xfestep,loss",
        base64.b64encode(b"a training file"),
        base64.b64encode(PLAIN)[:-1],
        base64.b64encode(PLAIN) + b"!",
        base64.b64encode(base64.b64encode(PLAIN)),
    ],
)
def test_what_holds_no_results_is_kept_as_it_is_and_says_so(content):
    assert read_results(content) == Results({}, is_csv=False)
    assert plain_csv(content) == content


def test_a_header_that_goes_on_in_the_next_line_is_not_believed():
    assert read_results(b'loss,"step\nping"\n1,2\n') == Results({}, is_csv=True)


def test_rewards_are_called_as_in_events_and_what_is_no_number_is_absent():
    content = (SAMPLES / "result_file_reinforcement.csv").read_bytes()

    assert read_results(content).points == {
        "train_mean_reward": {1: 0.25},
        "scores.graders.exact.train_reward_mean": {1: 0.5},
        "timing.step.eval": {2: 10.5},
    }


def test_the_new_name_of_the_accuracy_wins_over_the_old_one():
    content = b"step,train_accuracy,train_mean_token_accuracy\n1,0.5,0.6\n2,0.7,\n"

    assert read_results(content).points == {
        "train_mean_token_accuracy": {1: 0.6},
    }


@pytest.mark.parametrize(
    ("row", "points"),
    [
        ("1,0.5", {1: 0.5}),
        ("1,0.5,0.6,0.7", {1: 0.5}),
        ("1", {}),
        ("", {}),
        ("1.0,0.5", {1: 0.5}),
        ("1.5,0.5", {}),
        ("-1,0.5", {}),
        ("1e300,0.5", {}),
        (",0.5", {}),
        ("one,0.5", {}),
        ("1,half", {}),
        ("1,0.5\n1,0.25", {1: 0.25}),
    ],
)
def test_a_row_may_be_as_it_likes(row, points):
    assert read_results(f"step,loss\n{row}\n".encode()).points.get("loss", {}) == points


def test_a_file_without_end_is_read_to_a_bound(monkeypatch):
    monkeypatch.setattr(results, "MOST_NUMBERS", 4)
    content = b"step,a,b\n" + b"".join(b"%d,1,2\n" % step for step in range(9))

    assert read_results(content) == Results(
        {"a": {0: 1.0, 1: 1.0}, "b": {0: 2.0, 1: 2.0}}, is_csv=True, is_whole=False
    )


@pytest.mark.parametrize(
    "rest",
    [b"\n" * 9, b'2,"' + b"x" * 200_000],
    ids=["rows without a number", "quotes without an end"],
)
def test_what_cannot_be_read_to_its_end_says_so(monkeypatch, rest):
    monkeypatch.setattr(results, "MOST_ROWS", 5)

    assert read_results(b"step,a\n1,1\n" + rest) == Results(
        {"a": {1: 1.0}}, is_csv=True, is_whole=False
    )


def test_names_have_a_length_and_a_number():
    long, many = b"x" * 201, b",".join(b"m%d" % number for number in range(600))

    read = read_results(b"step," + long + b",ok\n1,2,3\n").points
    wide = read_results(b"step," + many + b"\n1" + b",2" * 600).points

    assert read == {"ok": {1: 3.0}}
    assert len(wide) == 499  # the step is a column, too


names = st.text(st.characters(codec="utf-8"), max_size=20)
cells = st.floats().map(str) | st.text(max_size=8)


@given(st.lists(names, max_size=6), st.lists(st.lists(cells, max_size=8), max_size=12))
def test_every_csv_is_read_to_finite_numbers_that_a_database_can_hold(columns, rows):
    written = io.StringIO(newline="")
    csv.writer(written).writerows([["step", "loss", *columns], *rows])
    content = written.getvalue().encode("utf-8", "surrogatepass")

    read = read_results(content)

    assert read_results(base64.b64encode(content)) == read
    for metric, points in read.points.items():
        assert metric
        assert "\0" not in metric
        assert all(0 <= step < 2**63 and math.isfinite(points[step]) for step in points)


@given(st.binary() | st.binary().map(lambda rest: b"step," + rest))
def test_no_file_is_too_odd_to_be_read(content):
    plain = plain_csv(content)

    assert plain_csv(plain) == plain
    assert read_results(plain) == read_results(content)
