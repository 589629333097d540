"""What jobs were told, side by side: a line for each thing, and in what they differ. Pure.

Two settings are the same when their values are; how people read them is another matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from jobs.compare import Entry
from jobs.models import File, Job
from jobs.models.hyperparameters import PARAMETERS

NOTHING = "\N{EN DASH}"
CAUSES = ("Hyperparameters", "Files", "Grader")
MOST_EXACT = 2**53  # up to where a float tells all whole numbers


class Setting(NamedTuple):
    """One cell of a recipe: what counts, how people read it, and what was asked for instead."""

    value: str
    text: str
    asked: str = ""


class Cell(NamedTuple):
    entry: Entry
    setting: Setting
    differs: bool  # from the reference
    is_left_out: bool = False


class Row(NamedTuple):
    group: str
    label: str
    cells: list[Cell]
    is_identical: bool

    @property
    def is_number(self) -> bool:
        """Of what is told, all are figures: they stand to the right."""
        told = [cell.setting.value for cell in self.cells if cell.setting.value]
        return all(value.lstrip("-")[:1].isdigit() for value in told)

    def of(self, entry: Entry) -> Setting | None:
        """What this job was told; None where the table leaves it out."""
        return next((each.setting for each in self.cells if each.entry.place == entry.place), None)


MISSING = Setting("", NOTHING)
Key = tuple[str, str]
Files = Mapping[tuple[int, str], File]


def recipe(
    entries: Sequence[Entry], files: Files, *, only_rows: bool = False, only_cells: bool = False
) -> list[Row]:
    """A line for each thing that jobs are told. The reference is the baseline, or the first of them."""
    told = [(entry, settings(entry.job, files)) for entry in entries]
    if not told:
        return []
    measure, expected = next((pair for pair in told if pair[0].is_baseline), told[0])
    rows = []
    for key in in_order(known for _, known in told):
        cells = []
        for entry, known in told:
            setting = known.get(key, MISSING)
            differs = setting.value != expected.get(key, MISSING).value
            is_left_out = only_cells and not differs and entry is not measure
            cells.append(Cell(entry, setting, differs, is_left_out))
        is_identical = not any(cell.differs for cell in cells)
        if known_to_any(cells) and not (only_rows and is_identical):
            rows.append(Row(*key, cells, is_identical))
    return rows


def telling(rows: Sequence[Row]) -> list[Row]:
    """The settings that differ and may have made the difference, not names and labels. A seed comes last:
    services deal each job another one.
    """
    found = [row for row in rows if row.group in CAUSES and not row.is_identical]
    return sorted(found, key=lambda row: row.label == "Seed")


def known_to_any(cells: Sequence[Cell]) -> bool:
    return any(cell.setting.value for cell in cells)


def in_order(known: Iterable[Mapping[Key, Setting]]) -> list[Key]:
    """All lines, group by group, in the order in which the jobs name them."""
    keys = dict.fromkeys(key for settings in known for key in settings)
    groups = list(dict.fromkeys(group for group, _ in keys))
    return sorted(keys, key=lambda key: groups.index(key[0]))


def settings(job: Job, files: Files) -> dict[Key, Setting]:
    """All that the job was told, by group and name."""
    found = {
        ("Model", "Base model"): plain(job.base_model),
        ("Model", "Method"): plain(job.method),
        ("Model", "Suffix"): plain(job.suffix),
        ("Hyperparameters", "Seed"): plain(job.seed),
    }
    for name, asked, resolved in job.recipe():
        label = PARAMETERS[name].label if name in PARAMETERS else name
        given = "" if asked is None else read(asked)
        found["Hyperparameters", label] = plain(resolved)._replace(asked=given)
    for part, name in (("Training", job.training_file), ("Validation", job.validation_file)):
        file = files.get((job.account_id, name))
        found["Files", part] = Setting(name, str(file or name) or NOTHING)
    inner = job.method_recipe.get(job.method)
    if isinstance(inner, dict) and inner.get("grader"):
        found["Grader", "Grader"] = plain(inner["grader"])
    found |= {("Metadata", str(name)): plain(value) for name, value in job.metadata.items()}
    return found


def plain(value: Any) -> Setting:
    if value is None or value == "":
        return MISSING
    value = shortest(value)
    return Setting(json.dumps(value, sort_keys=True), read(value))


def shortest(value: Any) -> Any:
    """Services say 2 as well as 2.0."""
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < MOST_EXACT
    return int(value) if is_whole else value


def read(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def hyperparameters(entries: Iterable[Entry]) -> dict[str, dict[int, Any]]:
    """By name, the value that each job has: what a scatter may have across."""
    found: dict[str, dict[int, Any]] = {}
    for entry in entries:
        for name, _, value in [*entry.job.recipe(), ("seed", None, entry.job.seed)]:
            if isinstance(value, str | int | float):
                found.setdefault(name, {})[entry.job.pk] = shortest(value)
    return found


def varying(values: Mapping[str, Mapping[int, Any]]) -> list[str]:
    """Those of which jobs have different values, the ones that most jobs have first."""
    differing = [name for name, each in values.items() if len(set(map(str, each.values()))) > 1]
    return sorted(differing, key=lambda name: -len(values[name]))
