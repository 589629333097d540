"""What else an account holds: its files and models, read now and then, or when somebody asks.

What a service no longer lists is marked gone, never removed: jobs still refer to it. A key that may not
see one of the lists is an ordinary state, told on the account's pages; it holds up nothing else.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from jobs.models import Account, Action, File, ServedModel
from jobs.models.action import ANSWER_TAKES
from jobs.sync.events import PAGE, batches
from jobs.sync.telemetry import as_file
from jobs.upstream import FineTuningClient, ModelReply, RateLimited, UpstreamError

EVERY = timedelta(hours=1)
AFTER_TROUBLE = timedelta(minutes=5)
DELETIONS = (Action.Verb.DELETE_FILE, Action.Verb.DELETE_MODEL)

Row = TypeVar("Row", File, ServedModel)


def take_inventory(account: Account, client: FineTuningClient) -> None:
    """Read both lists. A rate limit concerns the whole account: it is raised, and this tried again.

    So it is when somebody wants the account meanwhile: half a list settles no deletion.
    """
    now = timezone.now()
    account.next_inventory_at = now + AFTER_TROUBLE
    account.keep("next_inventory_at")
    troubles: list[str] = []
    for what, read in (("Models", read_models), ("Files", read_files)):
        try:
            read(account, client, now)
        except RateLimited:
            raise
        except UpstreamError as trouble:
            troubles.append(f"{what}: {trouble}")
        if not account.renew(timezone.now()):
            return
    account.inventory_error = " ".join(troubles)
    if not troubles:
        account.inventory_at = now
        settle_deletions(account, now)
        rest(account, now)
    account.keep("inventory_at", "inventory_error")


def rest(account: Account, now: datetime) -> None:
    """Until it is taken again, unless somebody has asked for it meanwhile."""
    is_awaited = account.actions.without_answer().filter(verb__in=DELETIONS).exists()
    unasked = Account.objects.filter(pk=account.pk, next_inventory_at=account.next_inventory_at)
    unasked.update(next_inventory_at=now + (ANSWER_TAKES if is_awaited else EVERY))


def read_models(account: Account, client: FineTuningClient, now: datetime) -> None:
    replies = client.models()
    listed = {reply.id for reply in replies}
    write(ServedModel, [as_model(account, reply) for reply in replies])
    account.served_models.present().exclude(upstream_id__in=listed).update(gone_at=now)


def read_files(account: Account, client: FineTuningClient, now: datetime) -> None:
    """The list may be long: the account is held on to from page to page."""
    listed: set[str] = set()
    for page in batches(client.files(), PAGE):
        listed |= {reply.id for reply in page}
        write(File, [as_file(account, reply) for reply in page])
        if not account.renew(timezone.now()):
            return
    present = account.files.present().values_list("pk", "upstream_id")
    missing = [pk for pk, upstream_id in present if upstream_id not in listed]
    for some in batches(missing, PAGE):
        account.files.filter(pk__in=some).update(gone_at=now)


def settle_deletions(account: Account, now: datetime) -> None:
    """Those without an answer were done if their subject is gone."""
    there: dict[str, QuerySet[File] | QuerySet[ServedModel]] = {
        Action.Verb.DELETE_FILE: account.files.present(),
        Action.Verb.DELETE_MODEL: account.served_models.present(),
    }
    for action in account.actions.without_answer().filter(verb__in=there):
        subject = there[action.verb].filter(upstream_id=action.subject)
        action.settle_as(was_done=not subject.exists(), now=now)


def write(kind: type[Row], rows: list[Row]) -> None:
    """Add or renew the rows, by what the service calls them."""
    fixed = {"id", "account", "upstream_id"}
    kind._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["account", "upstream_id"],
        update_fields=[field.name for field in kind._meta.fields if field.name not in fixed],
    )


def as_model(account: Account, reply: ModelReply) -> ServedModel:
    return ServedModel(
        account=account,
        upstream_id=reply.id,
        owned_by=reply.owned_by,
        created_at=reply.created_at,
        shutdown_date=reply.shutdown_date,
    )
