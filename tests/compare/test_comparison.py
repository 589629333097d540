import pytest
from django.http import QueryDict
from hypothesis import given, strategies as st

from jobs.models.comparison import MOST, Comparison


def read(query: str) -> Comparison:
    return Comparison.read(QueryDict(query))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "jobs=7",
        "jobs=7,,9&hide=7,9&base=9",
        "jobs=1,2&sort=-best&x=tokens&y=log&smooth=60",
        "jobs=1,2&metric=valid_loss&metric=train_accuracy",
        "jobs=1,2&rows=differing&cells=differing&across=n_epochs&up=reward&at=max",
    ],
)
def test_an_address_that_says_all_is_told_as_it_was(query: str):
    assert read(query).query() == query
    assert read(query).problems == ()


def test_what_is_usual_is_not_told():
    assert read("jobs=1&sort=place&x=step&y=linear&smooth=0&at=last&q=bot").query() == "jobs=1"


def test_jobs_may_come_one_by_one():
    assert read("jobs=3&jobs=1").places == (3, 1)


def test_a_job_is_compared_once():
    assert read("jobs=3,1,3").places == (3, 1)


def test_a_place_stays_empty_until_the_next_one_takes_it():
    three = read("jobs=7,8,9")

    two = three.without(8)

    assert two.query() == "jobs=7,,9"
    assert two.adding(5).query() == "jobs=7,5,9"
    assert three.adding(5).query() == "jobs=7,8,9,5"


def test_who_leaves_is_neither_hidden_nor_the_baseline():
    assert read("jobs=7,8&hide=8&base=8&sort=name").without(8).query() == "jobs=7&sort=name"


def test_a_second_press_takes_the_first_one_back():
    plain = read("jobs=7,8")

    assert plain.toggled(8).query() == "jobs=7,8&hide=8"
    assert plain.toggled(8).toggled(8) == plain
    assert plain.against(8).query() == "jobs=7,8&base=8"
    assert plain.against(8).against(8) == plain
    assert plain.sorted_by("best").query() == "jobs=7,8&sort=best"
    assert plain.sorted_by("best").sorted_by("best").query() == "jobs=7,8&sort=-best"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("jobs=1,x", "“x” is no job"),
        ("jobs=1,x,-2", "“x”, “-2” are no jobs"),
        ("jobs=1&base=2", "baseline is not among"),
        ("jobs=1&sort=size", "cannot be sorted by “size”"),
        ("jobs=1&x=moon", "cannot be aligned by “moon”"),
        ("jobs=1&y=cubic", "no scale “cubic”"),
        ("jobs=1&smooth=100", "from 0 to 99"),
        ("jobs=1&at=mean", "no “mean”"),
    ],
)
def test_what_cannot_be_followed_falls_back_and_is_told(query: str, words: str):
    comparison = read(query)

    assert [problem for problem in comparison.problems if words in problem]
    assert comparison.query() in ("jobs=1", "jobs=1,,")


def test_too_many_jobs_are_cut_to_the_first():
    comparison = read(f"jobs={','.join(map(str, range(1, MOST + 3)))}")

    assert comparison.keys == list(range(1, MOST + 1))
    assert comparison.is_full
    assert "the first 100 are" in comparison.problems[0]


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_text_in_an_address_breaks_it(text: str):
    query = QueryDict(mutable=True)
    for name in ("jobs", "hide", "base", "sort", "x", "y", "smooth", "metric", "across", "up", "q"):
        query[name] = text

    once = Comparison.read(query)

    again = read(once.query())
    assert again.query() == once.query()
