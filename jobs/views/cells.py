"""A row of the list with the columns that somebody chose: cells of the kept row, and others beside them."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from jobs.models.columns import STANDARD, Column
from jobs.templatetags.tuneboard import grouped, loss, moment

CELL = re.compile(
    r"\n(?=<t[dh] |</tr>)"
)  # what jobs and services say is escaped: it begins no cell
NOTHING = mark_safe('<span class="muted">–</span>')  # noqa: RUF001 (it is meant)
FIXED = ("row", "pick", *STANDARD, "end")


def arranged(row: SafeString, columns: Sequence[Column], found: dict[str, Any]) -> SafeString:
    """The cells of this row in their new order; `found` has what is not in every row."""
    cells = dict(zip(FIXED, CELL.split(row), strict=True))
    cells |= {
        each.name: cell(each, found.get(each.name)) for each in columns if each.name not in STANDARD
    }
    order = ("row", "pick", *(each.name for each in columns), "end")
    return mark_safe("\n".join(cells[name] for name in order))  # noqa: S308 (rendered by us)


def cell(column: Column, value: Any) -> SafeString:
    kind = "own number" if column.is_number else "own"
    return format_html(
        '<td class="of-{}" data-label="{}">{}</td>', kind, column.label, words(value)
    )


def words(value: Any) -> SafeString | str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        return moment(value, "age")
    if isinstance(value, int) and not isinstance(value, bool):
        return grouped(value)
    return loss(value) or str(value)
