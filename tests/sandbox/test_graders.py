"""What a grader may be, what its templates stand for, and the two types that compare texts."""

import psutil
import pytest

from sandbox.errors import ApiError
from sandbox.graders import Grade, read

CHECK: dict[str, object] = {
    "type": "string_check",
    "name": "check",
    "input": "{{sample.output_text}}",
    "reference": "{{item.reference}}",
    "operation": "eq",
}
SIMILAR = {**CHECK, "type": "text_similarity", "evaluation_metric": "fuzzy_match"}
del SIMILAR["operation"]

CAT = "the cat sat on the mat"
OTHER_CAT = "the cat is on the mat"


def graded(spec: dict[str, object], sample: str = "", **item: object) -> Grade:
    with read(spec) as grader:
        return grader.grade(sample, item)


def flags(grade: Grade) -> set[str]:
    return {name for name, value in grade.errors.items() if value}


@pytest.mark.parametrize(
    ("operation", "sample", "reward"),
    [
        ("eq", "Paris", 1),
        ("eq", "paris", 0),
        ("ne", "paris", 1),
        ("ne", "Paris", 0),
        ("like", "It is Paris.", 1),
        ("like", "It is paris.", 0),
        ("ilike", "It is paris.", 1),
        ("ilike", "It is Rome.", 0),
    ],
)
def test_a_string_check_says_yes_or_no(operation, sample, reward):
    grade = graded({**CHECK, "operation": operation}, sample, reference="Paris")

    assert (grade.reward, flags(grade)) == (reward, set())
    assert grade.execution_time > 0
    assert (grade.token_usage, grade.sampled_model_name) == (None, None)


@pytest.mark.parametrize(
    ("metric", "reward"),
    [
        ("fuzzy_match", 40 / 43),  # of 43 characters, 40 have their like
        ("cosine", 7 / 8),  # the·the 4, cat, on and mat 1 each; both are √8 long
        ("bleu", (5 / 6 * 3 / 5 * 1 / 4 * 0.1 / 3) ** 0.25),  # one run of three, none of four
        ("gleu", 9 / 18),  # 5 + 3 + 1 + 0 of 6 + 5 + 4 + 3 runs
        ("meteor", 5 / 6 * (1 - 0.5 * (2 / 5) ** 3)),  # five of six words, in two stretches
        ("rouge_1", 5 / 6),
        ("rouge_2", 3 / 5),
        ("rouge_3", 1 / 4),
        ("rouge_4", 0),
        ("rouge_5", 0),
        ("rouge_l", 5 / 6),
    ],
)
def test_a_measure_is_what_its_definition_gives(metric, reward):
    spec = {**SIMILAR, "evaluation_metric": metric}

    assert graded(spec, OTHER_CAT, reference=CAT).reward == pytest.approx(reward)
    assert graded(spec, "", reference=CAT).reward == 0
    assert graded(spec, CAT, reference=CAT).reward == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("metric", ["bleu", "gleu", "rouge_1", "rouge_l", "cosine", "fuzzy_match"])
def test_one_word_in_any_script_is_like_itself(metric):
    grade = graded({**SIMILAR, "evaluation_metric": metric}, "спасибо", reference="спасибо")

    assert grade.reward == pytest.approx(1)


def test_meteor_knows_stems_but_no_synonyms():
    spec = {**SIMILAR, "evaluation_metric": "meteor"}

    assert graded(spec, "he was walking", reference="he was walked").reward > 0.9
    assert graded(spec, "car", reference="automobile").reward == 0


@pytest.mark.parametrize("metric", ["rouge_l", "meteor", "fuzzy_match"])
def test_the_longest_texts_are_compared_without_a_table_of_all_pairs(metric):
    memory = psutil.Process().memory_info

    before = memory().rss
    grade = graded({**SIMILAR, "evaluation_metric": metric}, "a " * 9_999, reference="b " * 9_999)

    assert grade.reward <= 0.5
    assert memory().rss - before < 300e6


def test_texts_too_long_to_compare_are_given_up():
    grade = graded(SIMILAR, "a" * 20_001, reference="a")

    assert (grade.reward, flags(grade)) == (0, {"truncated_observation_error"})


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{item.a}}", "x"),
        ("{{ item.a }}-{{item.a}}", "x-x"),
        ("{{item.deep.list.1}}", "second"),
        ("{{item.deep.list[0].name}}", "first"),
        ("{{item['odd key']}}{{item[\"odd key\"]}}{{item.odd key}}", "kkk"),
        ("{{item.number}} {{item.yes}} {{item.nothing}}", "1.5 true null"),
        ("{{item.deep.map}}", '{"ü": [1]}'),
        ("{{sample.output_json.answer[0]}}", "42"),
        ("{{sample.choices[0].message.content}}", '{"answer": [42]}'),
        ("{{sample.output_tools}}", "[]"),
        ("{{item.braces}}", "{{item.a}}"),
        ("{ {item.a} } {{}", "{ {item.a} } {{}"),
    ],
)
def test_a_template_stands_for_what_it_names(template, text):
    item = {
        "a": "x",
        "deep": {"list": [{"name": "first"}, "second"], "map": {"ü": [1]}},
        "odd key": "k",
        "number": 1.5,
        "yes": True,
        "nothing": None,
        "braces": "{{item.a}}",
    }

    spec = {**CHECK, "input": template, "reference": "{{item.expected}}"}
    grade = graded(spec, '{"answer": [42]}', **item, expected=text)

    assert (grade.reward, flags(grade)) == (1, set())


@pytest.mark.parametrize(
    "template",
    [
        *("{{item.b}}", "{{item}}", "{{sample}}", "{{a}}", "{{}}", "{{item.}}", "{{item..a}}"),
        *("{{item.a.b}}", "{{item.list[2]}}", "{{item.list[-1]}}", "{{item.list.x}}"),
        *("{{item.list[99999999999999999999]}}", "{{items.a}}", "{{sample.output_text.x}}"),
        *("{{item.__class__}}", "{{item.a|upper}}", "{{item.a + item.a}}", "{{item.list[0}}"),
        "{{sample.output_json.missing}}",
    ],
)
def test_a_template_that_names_nothing_is_an_error(template):
    grade = graded({**CHECK, "input": template}, "{}", a="x", list=["x", "y"], reference="x")

    assert (grade.reward, flags(grade)) == (0, {"invalid_variable_error"})


@pytest.mark.parametrize("sample", ["", "no json", "{", "NaN", "[" * 100_000])
def test_a_sample_that_is_no_json_cannot_be_looked_into(sample):
    grade = graded({**CHECK, "input": "{{sample.output_json.a}}"}, sample, reference="")

    assert (grade.reward, flags(grade)) == (0, {"sample_parse_error"})


def test_a_template_that_blows_up_is_given_up():
    grade = graded({**CHECK, "input": "{{item.a}}" * 50_000}, a="x" * 100_000, reference="")

    assert (grade.reward, flags(grade)) == (0, {"truncated_observation_error"})


def test_a_million_braces_are_read_at_once():
    braces = "{" * 1_000_000

    assert graded({**CHECK, "input": braces, "reference": "{"}).reward == 0


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"type": "telepathy"}, "grader.type"),
        ({"type": None}, "grader.type"),
        ({"type": "label_model"}, "grader.type"),
        ({"name": " "}, "grader.name"),
        ({"name": 7}, "grader.name"),
        ({"input": None}, "grader.input"),
        ({"input": ["x"]}, "grader.input"),
        ({"reference": 1}, "grader.reference"),
        ({"operation": "neq"}, "grader.operation"),
        ({"operation": ["eq"]}, "grader.operation"),
        ({"pass_threshold": 0.5}, "grader.pass_threshold"),
    ],
)
def test_a_wrong_field_is_named(change, param):
    with pytest.raises(ApiError) as refusal:
        read({**CHECK, **change})

    assert (refusal.value.status, refusal.value.param) == (400, param)


def test_an_unknown_metric_is_refused():
    with pytest.raises(ApiError, match=r"grader\.evaluation_metric"):
        read({**SIMILAR, "evaluation_metric": "rouge_6"})


def test_an_unknown_key_is_refused_in_the_words_of_the_service():
    with pytest.raises(ApiError, match=r"^invalid g\.extra: 1, extra inputs are not permitted$"):
        read({**CHECK, "extra": 1}, where="g")


@pytest.mark.parametrize("spec", [None, "string_check", [], 1])
def test_a_grader_is_an_object(spec):
    with pytest.raises(ApiError, match="must be an object"):
        read(spec)
