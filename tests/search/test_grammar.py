from collections.abc import Collection
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies

from jobs.models import Job
from jobs.search import Ago, Between, Pattern, Query, Subject, Term, parse
from jobs.search.examples import EXAMPLES
from jobs.search.fields import HEALTHS, STATES
from jobs.search.grammar import MOST_TERMS


def known(what: str) -> Collection[str]:
    names = {"metric": ["full_valid_loss", "valid_loss", "scores.my grader"], "hp": ["n_epochs"]}
    return names[what] + (["beta"] if what == "hp" else [])


def only(search: str) -> Term:
    query = parse(search, known)
    assert not query.problems
    [[term]] = query.groups
    return term


def told(search: str) -> list[tuple[str, str]]:
    """What is underlined, and what is said of it."""
    problems = parse(search, known).problems
    return [(search[problem.start : problem.end], problem.words) for problem in problems]


@pytest.mark.parametrize("search", [example.search for example in EXAMPLES])
def test_every_example_of_the_help_can_be_read(search: str):
    query = parse(search, known)

    assert query.groups
    assert query.problems == ()


def test_the_words_for_states_are_those_of_the_jobs():
    assert set(STATES) == set(Job.State.values)
    assert set(HEALTHS) == set(Job.Health.values)


def test_blanks_join_and_or_chooses():
    query = parse("a b OR c OR -d e")

    assert [[(t.tests, t.is_negated) for t in group] for group in query.groups] == [
        [((Pattern(("a",)),), False)],
        [((Pattern((word,)),), word == "d") for word in "bcd"],
        [((Pattern(("e",)),), False)],
    ]


@pytest.mark.parametrize(
    ("search", "parts"),
    [
        ("two", ("two",)),
        ('"two words"', ("two words",)),
        ('say" it"', ("say it",)),
        (r'"a \" b"', ('a " b',)),
        ("gpt*mini", ("gpt", "mini")),
        ('"gpt*mini"', ("gpt*mini",)),
        ("ft:gpt-4o:acme::x", ("ft:gpt-4o:acme::x",)),
        ("or", ("or",)),
        ('"OR"', ("OR",)),
    ],
)
def test_free_words_are_taken_as_they_stand(search: str, parts: tuple[str, ...]):
    term = only(search)

    assert term.subject.what == "text"
    assert term.tests == (Pattern(parts),)


@pytest.mark.parametrize(
    ("search", "subject"),
    [
        ("state:running", ("state", "", "")),
        ("State:running", ("state", "", "")),
        ("base:x", ("model", "", "")),
        ("epochs:3", ("hp", "n_epochs", "")),
        ("hp.n_epochs:3", ("hp", "n_epochs", "")),
        ('meta."a key":x', ("meta", "a key", "")),
        ("meta.Team", ("meta", "Team", "")),
        ("valid_loss<1", ("metric", "valid_loss", "last")),
        ("min(valid_loss)<1", ("metric", "valid_loss", "min")),
        ('best("scores.my grader")<1', ("metric", "scores.my grader", "best")),
    ],
)
def test_names_lead_to_what_they_stand_for(search: str, subject: tuple[str, str, str]):
    assert only(search).subject[:3] == subject


YEAR = datetime(2026, 1, 1, tzinfo=UTC)
DAY = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("search", "bounds"),
    [
        ("loss<0.8", Between(most=0.8, is_below=True)),
        ("loss<=0.8", Between(most=0.8)),
        ("loss>8e-1", Between(least=0.8, is_above=True)),
        ("loss>=.8", Between(least=0.8)),
        ("loss=0.8", Between(0.8, 0.8)),
        ("step:1..5", Between(1, 5)),
        ("step:..5", Between(most=5)),
        ("step:5..", Between(least=5)),
        ("tokens>2k", Between(least=2000, is_above=True)),
        ("tokens:1.5M", Between(1_500_000, 1_500_000)),
        ("duration>1h30m", Between(least=5400, is_above=True)),
        ("created>2026-11-01", Between(least=DAY[1])),
        ("created>=2026-11-01", Between(least=DAY[0])),
        ("created<2026-11-01", Between(most=DAY[0], is_below=True)),
        ("created<=2026-11-01", Between(most=DAY[1], is_below=True)),
        ("created:2026-11-01", Between(*DAY, is_below=True)),
        ("created:2026-11", Between(DAY[0], datetime(2026, 12, 1, tzinfo=UTC), is_below=True)),
        (
            "created:2026",
            Between(
                datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), is_below=True
            ),
        ),
        ("created:2026-11-01..2026-11-01", Between(*DAY, is_below=True)),
        ("created>7d", Between(least=Ago(7 * 86400), is_above=True)),
        ("created:7d", Between(least=Ago(7 * 86400), is_above=True)),
        ("created<7d", Between(most=Ago(7 * 86400), is_below=True)),
        ("created:30d..7d", Between(Ago(30 * 86400), Ago(7 * 86400))),
        ("created:yesterday", Between(Ago(days=1), Ago(days=0), is_below=True)),
    ],
)
def test_bounds_are_what_people_mean_by_them(search: str, bounds: Between):
    assert only(search).tests == (bounds,)


def test_a_moment_ago_is_told_from_now():
    now = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)

    assert Ago(3600).at(now) == datetime(2026, 11, 30, 14, 30, tzinfo=UTC)
    assert Ago(days=1).at(now) == datetime(2026, 11, 29, tzinfo=UTC)


def test_commas_part_values_of_which_one_is_enough():
    assert only("tag:a,b*").tests == (Pattern(("a",)), Pattern(("b", "")))
    assert only("step:1,3..5").tests == (Between(1, 1), Between(3, 5))


def test_a_hyperparameter_is_a_number_or_words_and_quotation_marks_make_words():
    assert only("hp.n_epochs:3").tests == (Between(3, 3),)
    assert only("hp.n_epochs:auto").tests == (Pattern(("auto",)),)
    assert only('meta.version:"3"').tests == (Pattern(("3",)),)


def test_a_minus_and_an_unequal_sign_turn_each_other_round():
    assert only("-step:5").is_negated
    assert only("step!=5").is_negated
    assert not only("-step!=5").is_negated


@pytest.mark.parametrize(
    ("search", "where", "words"),
    [
        ("a foo:bar", "foo", "no field or metric “foo”"),
        ("min(foo)<1", "foo", "no metric “foo”"),
        ("min(loss)<1", "loss", "no metric “loss”"),
        ("a state:moving b", "moving", "one of validating, queued"),
        ("loss<low", "low", "a number such as 0.8"),
        ("loss<nan", "nan", "a number such as 0.8"),
        ("loss<1e999", "1e999", "a number such as 0.8"),
        ("hp.n_epochs>two", "two", "a number such as 0.8"),
        ("created>2026-13-01", "2026-13-01", "a time such as 7d"),
        ("created>9999", "9999", "a time such as 7d"),
        ("created>99999999w", "99999999w", "a time such as 7d"),
        ("duration>90", "90", "a span of time"),
        ("step:..", "..", "a range such as 2..5"),
        ("step>1..2", "1..2", "a range such as 2..5"),
        ("step>1,2", "2", "Only one value"),
        ("model>3", "3", "takes words: model:3"),
        ("step:", ":", "A value is expected"),
        ("step:1,", ",", "A value is expected"),
        ("step:,1", ":", "A value is expected"),
        ("a -", "-", "before a term"),
        ('a "b c', '"b c', "not closed"),
        ('model:"b c', '"b c', "not closed"),
        ("OR a", "OR", "between two terms"),
        ("a OR", "OR", "between two terms"),
        ("a OR OR b", "OR", "between two terms"),
    ],
)
def test_a_mistake_is_said_with_its_place(search: str, where: str, words: str):
    [(underlined, said)] = told(search)

    assert underlined == where
    assert words in said


@pytest.mark.parametrize(
    ("search", "meant"),
    [
        ("a ful_valid_loss<1 b", "a full_valid_loss<1 b"),
        ("min(ful_valid_loss)<1", "min(full_valid_loss)<1"),
        ("state:runing", "state:running"),
        ("sate:running", "state:running"),
        ("hp.n_epoch>2", "hp.n_epochs>2"),
    ],
)
def test_a_near_miss_comes_with_the_search_that_was_meant(search: str, meant: str):
    [problem] = parse(search, known).problems

    assert problem.instead == meant
    assert not parse(meant, known).problems


def test_what_can_be_read_stands_beside_what_cannot():
    query = parse("state:running loss<low OR tag:x", known)

    assert [[term.subject.what for term in group] for group in query.groups] == [["state"], ["tag"]]
    assert len(query.problems) == 1


def test_too_many_terms_are_left_out_one_by_one():
    query = parse("a " * (MOST_TERMS + 2))

    assert len(query.groups) == MOST_TERMS
    assert [problem.start for problem in query.problems] == [2 * MOST_TERMS, 2 * MOST_TERMS + 2]


@pytest.mark.parametrize(
    ("search", "is_relative"),
    [("created>7d", True), ("ended:today", True), ("duration>1h", True), ("created>2026", False)],
)
def test_a_search_knows_whether_time_changes_what_it_finds(search: str, is_relative: bool):
    assert parse(search, known).is_relative is is_relative


SIGNS = strategies.text('abl0. -:<>=!"\\*,()|OR\t..', max_size=40)


@given(SIGNS | strategies.text(max_size=30))
def test_whatever_is_typed_is_read_or_said_to_be_wrong(search: str):
    query = parse(search, known)

    assert isinstance(query, Query)
    assert bool(search.split()) == bool(query.groups or query.problems)
    for problem in query.problems:
        assert 0 <= problem.start < problem.end <= len(search)
    assert all(isinstance(term.subject, Subject) for group in query.groups for term in group)
