import pytest

from jobs.search import parse
from jobs.search.writing import alone, compared, exact, with_chosen, with_term, without_term


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", "is:archived"),
        ("support bot", "is:archived support bot"),
        ("support is:archived", "is:archived support"),
        ('"is:archived  here" OR -is:archived', 'is:archived "is:archived  here" OR -is:archived'),
        ('not "closed', 'is:archived not "closed'),
    ],
)
def test_a_term_is_put_before_a_search_once(text: str, written: str):
    assert with_term(text, "is:archived") == written


def test_a_term_is_taken_out_of_a_search_and_what_only_looks_like_it_stays():
    assert without_term('is:archived "is:archived  here" -is:archived', "is:archived") == (
        '"is:archived  here" -is:archived'
    )


OFFERED = ("method:dpo", "method:supervised", "created>7d", 'tag:"a b"')


@pytest.mark.parametrize(
    ("text", "chosen", "written"),
    [
        ("", ["method:dpo"], "method:dpo"),
        ("support bot", ["method:dpo", "created>7d"], "support bot method:dpo created>7d"),
        ("method:dpo bot", ["method:supervised"], "bot method:supervised"),
        ("bot METHOD:dpo x", ["method:dpo"], "bot METHOD:dpo x"),
        ('tag:"a b" loss<1', [], "loss<1"),
        ("-method:dpo method:dp*", [], "-method:dpo method:dp*"),
        ("method:dpo OR loss<1", [], "method:dpo OR loss<1"),
        ("method:dpo OR x y", ["method:dpo"], "method:dpo OR x y method:dpo"),
    ],
)
def test_what_is_chosen_takes_the_place_of_what_was_and_all_else_stays(
    text: str, chosen: list[str], written: str
):
    assert with_chosen(text, OFFERED, chosen) == written


def test_a_term_beside_an_or_is_not_what_must_hold():
    assert alone("A OR b C -d OR e") == {"c"}


@pytest.mark.parametrize(
    "word",
    ["prod", "a b", "50*", "a,b", 'say "it"', "back\\slash", "-x", "ft:a:b", "<=", "OR", "("],
)
def test_a_word_is_found_by_its_term_alone(word: str):
    query = parse(exact("tag", word))

    ((term,),) = query.groups
    assert query.problems == ()
    assert [(test.is_plain, test.text) for test in term.tests] == [(True, word)]


@pytest.mark.parametrize(
    ("row", "term"),
    [
        (("hp.n_epochs", ">", "3"), "hp.n_epochs>3"),
        (("meta.team", ":", "search team"), 'meta.team:"search team"'),
        (("tag", ":", 'prod,"needs review"'), 'tag:prod,"needs review"'),
        (("hp.beta", ":", ""), "hp.beta:*"),
        (("", ":", "support"), "support"),
        (("", ":", ""), ""),
    ],
)
def test_a_comparison_is_written_as_a_person_would(row: tuple[str, str, str], term: str):
    assert compared(*row) == term
