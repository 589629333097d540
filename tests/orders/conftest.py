from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from jobs import orders
from jobs.models import Order
from tests.making import make_order


@pytest.fixture
def asked(alice: User) -> Callable[..., Order]:
    """An order that a person has just asked for."""

    def ask(**given: Any) -> Order:
        order = make_order(**given)
        assert orders.submit(order, by=alice) == {}
        return order

    return ask
