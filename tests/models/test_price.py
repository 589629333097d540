from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError

from jobs.models import Price

pytestmark = pytest.mark.django_db
migration = import_module("jobs.migrations.0005_prices")


@pytest.fixture(autouse=True)
def _seeded() -> None:
    """As a new installation finds it: other tests may have emptied the table."""
    Price.objects.all().delete()
    migration.note(apps, None)


@pytest.mark.parametrize(
    ("model", "method", "per_million"),
    [
        ("gpt-4.1-2025-04-14", "supervised", "25"),
        ("gpt-4.1-nano-2025-04-14", "supervised", "1.5"),
        ("gpt-4o-mini", "dpo", "3"),
        ("ft:gpt-4o-mini-2024-07-18:acme:bot:abc", "supervised", "3"),
        ("gpt-4o-mini-2024-07-18.ft-0123abc", "supervised", "3"),
        ("babbage-002", "supervised", "0.4"),
    ],
)
def test_the_longest_name_tells_the_price(model, method, per_million):
    price = Price.objects.for_model(model, method)

    assert price.per_million == Decimal(per_million)
    assert price.currency == "USD"
    assert "OpenAI" in price.source


def test_reinforcement_is_paid_by_the_hour():
    price = Price.objects.for_model("o4-mini-2025-04-16", "reinforcement")

    assert (price.per_hour, price.per_million) == (Decimal(100), None)
    assert str(price) == "o4-mini (reinforcement): 100.0000 USD per hour"


def test_what_has_no_price_has_none():
    assert Price.objects.for_model("tiny-byte-lm", "supervised") is None
    assert Price.objects.for_model("o4-mini", "supervised") is None


def test_a_price_is_by_tokens_or_by_hours():
    with pytest.raises(IntegrityError):
        Price.objects.create(prefix="own", method="supervised", per_million=1, per_hour=1)
