"""Drafts: kept as they are typed, right or wrong, so that nothing typed is lost."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from jobs.models import Account, Order, Price, ServedModel


def draft(account: Account, by: User, key: str) -> Order:
    """A new one. By its key it is known again when its form is sent twice, or gone back to."""
    with suppress(ValueError):
        return Order(account=account, by=by, key=UUID(key))
    return Order(account=account, by=by)


def keep(order: Order, **wanted: Any) -> bool:
    """Keep what a person typed, and have the files checked for it; False when it is not theirs to edit."""
    if not order.is_kept:
        Order.objects.bulk_create([order], ignore_conflicts=True)  # it may be there by now
        order = Order.objects.for_list().get(key=order.key)
    kept = order.edit(**wanted)
    for upload, is_validation in ((order.training_upload, False), (order.validation_upload, True)):
        if upload and kept:
            upload.check_for(order.method, order.base_model, for_validation=is_validation)
    return kept


def models_for(account: Account) -> list[ServedModel]:
    """What one may want to train: what was trained before, what has a price, one's own; else all."""
    served = list(account.served_models.present().order_by("upstream_id"))
    used = set(account.jobs.values_list("base_model", flat=True).distinct())
    prefixes = tuple(Price.objects.values_list("prefix", flat=True))
    fit = [
        model
        for model in served
        if model.is_fine_tuned
        or model.upstream_id in used
        or model.upstream_id.startswith(prefixes)
    ]
    return fit or served
