from typing import Any

from jobs.compare import Entry
from jobs.models import File, Job
from jobs.recipes import Row, hyperparameters, recipe, telling, varying


def entry(place: int, *, is_baseline: bool = False, **given: Any) -> Entry:
    job = Job(pk=place + 1, account_id=1, method=given.pop("method", "supervised"), **given)
    return Entry(job, place, is_baseline=is_baseline)


def line(rows: list[Row], label: str) -> Row:
    return next(row for row in rows if row.label == label)


def marks(row: Row) -> list[bool]:
    return [cell.differs for cell in row.cells]


def test_what_differs_from_the_first_job_is_marked():
    rows = recipe([entry(0, seed=7), entry(1, seed=7), entry(2, seed=8)], {})

    assert marks(line(rows, "Seed")) == [False, False, True]
    assert line(rows, "Method").is_identical


def test_what_differs_from_the_baseline_is_marked_where_there_is_one():
    rows = recipe([entry(0, seed=7), entry(1, seed=8, is_baseline=True), entry(2, seed=8)], {})

    assert marks(line(rows, "Seed")) == [True, False, False]


def test_lines_that_are_the_same_for_all_can_be_left_out():
    rows = recipe([entry(0, seed=7), entry(1, seed=8)], {}, only_rows=True)

    assert [row.label for row in rows] == ["Seed"]


def test_cells_that_are_as_the_reference_can_be_left_out_but_not_its_own():
    rows = recipe([entry(0, seed=7), entry(1, seed=7), entry(2, seed=8)], {}, only_cells=True)

    assert [cell.is_left_out for cell in line(rows, "Seed").cells] == [False, True, False]


def test_settings_tell_jobs_apart_and_labels_do_not():
    told = {"batch_size": 4, "n_epochs": 3}
    one = entry(0, seed=7, suffix="a", metadata={"n": 1}, hyperparameters=told)
    two = entry(1, seed=8, suffix="b", metadata={"n": 2}, hyperparameters=told | {"n_epochs": 9})

    rows = telling(recipe([one, two], {}))

    assert [row.label for row in rows] == ["Epochs", "Seed"]
    assert [setting.text for setting in (rows[0].of(one), rows[0].of(two)) if setting] == ["3", "9"]
    assert rows[0].of(entry(2)) is None


def test_figures_are_told_from_words():
    entries = [
        entry(place, hyperparameters={"beta": beta, "n_epochs": epochs})
        for place, (beta, epochs) in enumerate([(-0.5, 3), (None, "auto")])
    ]

    rows = recipe(entries, {})

    assert line(rows, "Beta").is_number
    assert not line(rows, "Epochs").is_number


def test_a_value_is_told_with_what_was_asked_for():
    inner = {"supervised": {"hyperparameters": {"n_epochs": "auto"}}}
    rows = recipe([entry(0, method_recipe=inner, hyperparameters={"n_epochs": 3})], {})

    setting = line(rows, "Epochs").cells[0].setting
    assert (setting.asked, setting.text) == ("auto", "3")


def test_two_and_two_point_zero_are_the_same():
    entries = [
        entry(place, hyperparameters={"learning_rate_multiplier": value, "beta": 0.1 + place})
        for place, value in enumerate((2, 2.0))
    ]

    row = line(recipe(entries, {}), "Learning rate multiplier")

    assert row.is_identical
    assert [cell.setting.text for cell in row.cells] == ["2", "2"]
    assert varying(hyperparameters(entries)) == ["beta"]


def test_a_file_is_told_by_name_and_compared_by_id():
    files = {
        (1, "file-a"): File(filename="train.jsonl"),
        (1, "file-b"): File(filename="train.jsonl"),
    }
    rows = recipe([entry(0, training_file="file-a"), entry(1, training_file="file-b")], files)

    row = line(rows, "Training")
    assert [cell.setting.text for cell in row.cells] == ["train.jsonl", "train.jsonl"]
    assert marks(row) == [False, True]


def test_graders_are_the_same_in_any_order_of_their_keys():
    def graded(place: int, grader: dict[str, Any]) -> Entry:
        method = {"reinforcement": {"grader": grader}}
        return entry(place, method="reinforcement", method_recipe=method)

    one, same = {"type": "text", "name": "exact"}, {"name": "exact", "type": "text"}
    rows = recipe([graded(0, one), graded(1, same), graded(2, {"type": "text", "name": "f1"})], {})

    assert marks(line(rows, "Grader")) == [False, False, True]


def test_metadata_that_only_some_have_is_a_line_of_its_own():
    rows = recipe([entry(0, metadata={"team": "desk"}), entry(1)], {})

    row = line(rows, "team")
    assert row.group == "Metadata"
    assert marks(row) == [False, True]


def test_what_nobody_was_told_has_no_line():
    assert "Seed" not in [row.label for row in recipe([entry(0), entry(1)], {})]


def test_without_jobs_there_is_no_recipe():
    assert recipe([], {}) == []


def test_what_varies_most_widely_known_comes_first():
    jobs = [
        entry(0, hyperparameters={"n_epochs": 1, "beta": 0.1, "batch_size": 4}),
        entry(1, hyperparameters={"n_epochs": 3, "beta": 0.2, "batch_size": 4}),
        entry(2, hyperparameters={"n_epochs": "auto", "batch_size": 4}),
    ]

    values = hyperparameters(jobs)

    assert values["n_epochs"] == {1: 1, 2: 3, 3: "auto"}
    assert varying(values) == ["n_epochs", "beta"]
