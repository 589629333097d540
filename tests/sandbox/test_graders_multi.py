"""Several graders under one formula."""

import pytest

from sandbox.errors import ApiError
from sandbox.graders import Grade, read

NAME = {
    "type": "string_check",
    "name": "name",
    "input": "{{sample.output_json.name}}",
    "reference": "{{item.name}}",
    "operation": "eq",
}
LIKE = {
    "type": "text_similarity",
    "name": "like",
    "input": "{{sample.output_text}}",
    "reference": "abcd",
    "evaluation_metric": "fuzzy_match",
}


def multi(formula: str, graders: object = None) -> dict[str, object]:
    parts = graders or {"name": NAME, "like": LIKE}
    return {"type": "multi", "name": "both", "graders": parts, "calculate_output": formula}


def graded(spec: dict[str, object], sample: str = "ab", **item: object) -> Grade:
    with read(spec) as grader:
        return grader.grade(sample, item)


@pytest.mark.parametrize(
    ("formula", "reward"),
    [
        ("like", 2 / 3),
        (" 0.25 * like + 3 / 4 ", 11 / 12),
        ("min(like, 0.5) + max(like, 0, -1)", 7 / 6),
        ("abs(-like) - floor(1.5) + ceil(0.1)", 2 / 3),
        ("sqrt(4) ** 3 % 5 - -exp(0)", 4),
        ("log(exp(2)) + 2 ^ 3 ^ 2 / 256", 4),
        ("max(1e-3) * 10_00", 1),
        ("1 + 1\n", 2),
    ],
)
def test_a_formula_counts(formula, reward):
    grade = graded(multi(formula, {"like": LIKE}))

    assert grade.reward == pytest.approx(reward)
    assert grade.sub_rewards == pytest.approx({"like": 2 / 3})
    assert not grade.errors["formula_parse_error"]


@pytest.mark.parametrize(
    "formula",
    [
        *("1 / (like - like)", "9 ** 9 ** 9", "sqrt(-1)", "log(0)", "exp(1000)", "1e308 * 10"),
        *(
            "(-like) ** 0.5",
            "1 % 0",
            "1e308 * 10 - 1e308 * 10",
            "floor(1e308 * 10)",
            "-" * 1_999 + "1",
        ),
    ],
)
def test_a_formula_that_comes_to_nothing_is_an_error(formula):
    grade = graded(multi(formula, {"like": LIKE}))

    assert (grade.reward, grade.errors["formula_parse_error"]) == (0, True)


@pytest.mark.parametrize(
    "formula",
    [
        *(
            "",
            "1 +",
            "like like",
            "unknown",
            "like; like",
            "x = 1",
            "lambda: 1",
            "like if 1 else 2",
        ),
        *(
            "like.real",
            "like.__class__",
            "'a' * 9",
            "b'a'",
            "True",
            "1j",
            "[like]",
            "{}",
            "like[0]",
        ),
        *("like < 1", "like and 1", "not like", "~like", "like // 2", "like << 2", "f'{like}'"),
        *("min()", "abs(1, 2)", "min(*[1])", "abs(x=1)", "round(1)", "__import__('os')", "min"),
        *("(min)(1)(2)", "max(key=min)", "9" * 400, "9" * 5_000, "(" * 999),
        *("like" * 501, "like(1)", "1 @ 2", "..."),
    ],
)
def test_a_formula_that_is_none_is_refused(formula):
    with pytest.raises(ApiError) as refusal:
        read(multi(formula, {"like": LIKE}))

    assert refusal.value.param == "grader.calculate_output"


def test_what_a_formula_does_not_know_is_named():
    with pytest.raises(ApiError, match="there is no grader 'nmae'"):
        read(multi("nmae + like"))


@pytest.mark.parametrize("graders", [{"name": NAME, "like": LIKE}, [NAME, LIKE]])
def test_graders_come_by_name_or_in_a_list(graders):
    spec = multi("(name + like) / 2", graders)

    grade = graded(spec, '{"name": "a"}', name="a")

    assert grade.sub_rewards["name"] == 1
    assert grade.reward == pytest.approx((1 + grade.sub_rewards["like"]) / 2)
    assert read(spec).spec is spec


def test_one_grader_goes_by_its_own_name():
    assert graded(multi("like", LIKE)).sub_rewards == pytest.approx({"like": 2 / 3})


def test_the_name_of_the_place_counts_not_the_graders_own():
    grade = graded(multi("exact", {"exact": LIKE}))

    assert grade.sub_rewards == pytest.approx({"exact": 2 / 3})


def test_a_part_that_fails_counts_nothing_and_its_error_is_told():
    grade = graded(multi("name + like"), "abcd", name="a")

    assert grade.reward == 1
    assert grade.sub_rewards == {"name": 0, "like": 1}
    assert grade.errors["sample_parse_error"] is True


def test_the_errors_of_code_are_told_and_its_process_ends():
    code = {"type": "python", "name": "code", "source": "def grade(sample, item): return 1 / 0"}

    grade = graded(multi("code + like", [code, LIKE]), "abcd")

    assert grade.reward == 1
    assert "ZeroDivisionError" in grade.errors["python_grader_runtime_error_details"]


@pytest.mark.parametrize(
    ("graders", "param"),
    [
        ([], "grader.graders"),
        ({}, "grader.graders"),
        ("like", "grader.graders"),
        ([LIKE] * 21, "grader.graders"),
        ([LIKE, LIKE], "grader.graders.1.name"),
        ([LIKE, "like"], "grader.graders.1"),
        ({"a": {**NAME, "operation": "neq"}}, "grader.graders.a.operation"),
        ({**LIKE, "reference": None}, "grader.graders.reference"),
        ({"a": multi("1")}, "grader.graders.a.type"),
        (multi("1"), "grader.graders.type"),
        ([{"name": "x"}], "grader.graders.0.type"),
    ],
)
def test_wrong_graders_within_are_named_by_their_place(graders, param):
    with pytest.raises(ApiError) as refusal:
        read({**multi("1"), "graders": graders})

    assert refusal.value.param == param
