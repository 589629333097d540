"""Drafts: kept as they are typed, right or wrong, so that nothing typed is lost."""

from typing import Any

from jobs.models import Account, Order, Price, ServedModel


def keep(order: Order, **wanted: Any) -> bool:
    """Keep what a person typed, and have the files checked for it; False when it is not theirs to edit."""
    if not order.is_kept:
        order.save()
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
