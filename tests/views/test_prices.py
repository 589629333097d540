"""The price table: what estimates are made of, kept true by people."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jobs.forms import PriceTable
from jobs.models import Price

pytestmark = pytest.mark.django_db

NEW: dict[str, Any] = {
    "prefix": "tiny",
    "method": "supervised",
    "per_million": "0.5",
    "per_hour": "",
    "source": "",
}


@pytest.fixture(autouse=True)
def price() -> Price:
    Price.objects.all().delete()
    return Price.objects.create(prefix="gpt-4o", method="dpo", per_million=25, source="the team")


def untouched() -> dict[str, Any]:
    """What a browser sends when nobody has changed anything."""
    table = PriceTable(queryset=Price.objects.for_list())
    bound = [table.management_form, *table.forms]
    values = {each.html_name: each.value() for form in bound for each in form}
    return {name: "" if value in (None, False) else value for name, value in values.items()}


def save(browser: Client, row: int = 1, **given: Any) -> str:
    """Of two rows the second is the empty one."""
    changed = {f"form-{row}-{name}": value for name, value in given.items()}
    address = reverse("price_list")
    return browser.post(address, untouched() | changed, follow=True).content.decode()


def prices() -> list[tuple[str, str, str]]:
    rows = Price.objects.for_list()
    return [(row.prefix, row.method, f"{row.per_million or row.per_hour:.2f}") for row in rows]


def test_saving_without_a_change_changes_nothing(browser: Client):
    assert untouched()["form-0-per_million"] == "25"

    html = save(browser)

    assert "The prices are changed" in html
    assert prices() == [("gpt-4o", "dpo", "25.00")]


def test_a_price_is_changed(browser: Client):
    save(browser, row=0, per_million="", per_hour="100", method="reinforcement")

    assert prices() == [("gpt-4o", "reinforcement", "100.00")]
    assert Price.objects.get().source == "the team"


def test_a_price_is_added(browser: Client):
    save(browser, **NEW)

    assert prices() == [("gpt-4o", "dpo", "25.00"), ("tiny", "supervised", "0.50")]


def test_a_price_is_removed(browser: Client):
    save(browser, row=0, DELETE="on")

    assert prices() == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"per_million": ""}, "one of the two"),
        ({"per_hour": "3"}, "one of the two"),
        ({"per_million": "-1"}, "greater than or equal to 0"),
        ({"per_million": "NaN"}, "Enter a number"),
        ({"per_million": "0.00001"}, "4 decimal places"),
        ({"prefix": ""}, "required"),
        (
            {"prefix": "gpt-4o", "method": "dpo"},
            "There is a price for such models and this method.",
        ),
        ({"method": "telepathy"}, "not one of the available choices"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_and_stays_as_it_was_typed(
    browser: Client, given: dict[str, Any], words: str
):
    html = save(browser, **NEW | given)

    assert words in html
    assert "Nothing was changed: mend what is marked." in html
    assert "Constraint" not in html
    shown = [text for name, text in given.items() if text and name != "method"]
    assert all(f'value="{text}"' in html for text in shown)
    assert prices() == [("gpt-4o", "dpo", "25.00")]


def test_a_price_by_the_hour_may_be_nothing(browser: Client):
    save(browser, **NEW | {"per_million": "", "per_hour": "0"})

    assert Price.objects.get(prefix="tiny").per_hour == 0
