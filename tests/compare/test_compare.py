from datetime import timedelta
from typing import Any

import pytest

from jobs.compare import DASHES, TONES, Entry, cards, deltas, ordered
from jobs.models import Job, MetricSummary
from jobs.models.comparison import MOST
from tests.making import BORN


def entry(place: int = 0, final: float | None = None, **given: Any) -> Entry:
    return Entry(Job(pk=place + 1, created_at=BORN, **given), place, final)


def test_a_hundred_jobs_are_told_apart():
    looks = {(each.tone, each.dash) for each in map(entry, range(MOST))}

    assert len(looks) == MOST
    assert len(DASHES) * TONES >= MOST


def rewarded(place: int, best: float, final: float) -> Entry:
    reward = MetricSummary(name="valid_reward_mean", max=best, last=final)
    return Entry(Job(pk=place + 1, created_at=BORN), place, final, reward)


def test_of_rewards_the_highest_is_best():
    entries = [rewarded(0, 0.4, 0.3), rewarded(1, 0.7, 0.6), entry(2, 0.8, best_loss=0.5)]

    assert [each.place for each in ordered(entries[:2], "best", False)] == [1, 0]
    assert [each.place for each in ordered(entries[:2], "final", True)] == [0, 1]
    assert deltas(entries[1], entries[0])["best"].amount == pytest.approx(0.3)
    assert "best" not in deltas(entries[2], entries[0])


def test_the_table_is_sorted_with_what_is_not_known_last():
    entries = [entry(0, best_loss=0.8), entry(1), entry(2, best_loss=0.2)]

    assert [each.place for each in ordered(entries, "best", False)] == [2, 0, 1]
    assert [each.place for each in ordered(entries, "best", True)] == [0, 2, 1]


@pytest.mark.parametrize(
    ("column", "given", "expected"),
    [
        ("name", [{"name": "b"}, {"name": "A"}], [1, 0]),
        ("state", [{"state": "running"}, {"state": "failed"}], [1, 0]),
        ("tokens", [{"trained_tokens": 9}, {"trained_tokens": 0}], [1, 0]),
        ("place", [{}, {}], [0, 1]),
        ("method", [{"method": ""}, {"method": "dpo"}], [1, 0]),
    ],
)
def test_the_table_is_sorted_by_any_column(column: str, given: list[Any], expected: list[int]):
    entries = [entry(place, **each) for place, each in enumerate(given)]

    assert [each.place for each in ordered(entries, column, False)] == expected


def test_figures_are_set_off_against_the_baseline():
    ran = {"state": Job.State.SUCCEEDED, "started_at": BORN}
    base = entry(
        0, 1.0, best_loss=0.8, best_loss_name="valid_loss", ended_at=BORN + timedelta(60), **ran
    )
    other = entry(
        1, 0.5, best_loss=0.4, best_loss_name="valid_loss", ended_at=BORN + timedelta(90), **ran
    )

    found = deltas(other, base)

    assert found["best"] == (-0.4, -0.5)
    assert found["final"] == (-0.5, -0.5)
    assert found["duration"].share == 0.5
    assert "tokens" not in found


def test_losses_of_different_kinds_are_not_set_off():
    base = entry(0, 1.0, best_loss=0.8, best_loss_name="valid_loss")
    other = entry(1, 0.5, best_loss=0.4, best_loss_name="train_loss")

    assert deltas(other, base) == {}


def test_a_share_of_nothing_is_not_told():
    base, other = entry(0, trained_tokens=0), entry(1, trained_tokens=5)

    assert deltas(other, base)["tokens"] == (5, None)


def test_a_duration_that_still_grows_is_not_set_off():
    base = entry(0, state=Job.State.SUCCEEDED, started_at=BORN, ended_at=BORN + timedelta(1))
    other = entry(1, state=Job.State.RUNNING, started_at=BORN)

    assert deltas(other, base) == {}


def test_a_chart_shows_what_most_jobs_have_unless_another_is_chosen():
    counts = {"train_loss": 3, "valid_loss": 3, "full_valid_loss": 2, "train_accuracy": 1}

    usual = {card.family: card.metric for card in cards(counts, [])}
    chosen = {card.family: card.metric for card in cards(counts, ["full_valid_loss", "gone"])}

    assert usual == {"loss": "train_loss", "accuracy": "train_accuracy"}
    assert chosen == {"loss": "full_valid_loss", "accuracy": "train_accuracy"}
