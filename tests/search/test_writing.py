import pytest

from jobs.search.writing import with_term, without_term


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
