"""What a worker does with an order that is due: as many steps as go without waiting.

While `sent_at` is set there may be a job, so that no trouble is taken for a no: the request leaves once,
and then the service's list is asked. Before it, everything may be tried again.
"""

import logging
from datetime import timedelta

from django.utils import timezone

from dashboard.logs import about
from jobs import gateway
from jobs.models import Account, Order
from jobs.models.lease import LEASE, LeaseLost
from jobs.models.order_checks import account_problem
from jobs.orders import search, sending
from jobs.orders.advice import advice, is_final
from jobs.upstream import (
    FileReply,
    FineTuningClient,
    RateLimited,
    Rejected,
    Unsent,
    UpstreamError,
)

State = Order.State

SEARCH_TAKES = timedelta(minutes=2)
PATIENCE = timedelta(minutes=30)  # for what goes wrong before anything is sent
DIGESTION = timedelta(minutes=2)  # for files, whose status may never say that they are ready
SURELY = timedelta(minutes=3)  # of readable lists without the job
SEARCHED_FOR = timedelta(days=1)
NOT_YET = ("uploaded", "pending", "running", "notrunning")
USELESS = ("error", "failed", "deleting", "deleted")
INTERRUPTED = {State.UPLOADING: State.ASKED, State.CREATING: State.UNKNOWN}

log = logging.getLogger(__name__)


def carry_out(pk: int) -> None:
    """The caller has claimed the order; it may be gone, or another's, by now."""
    order = Order.objects.for_list().filter(pk=pk).first()
    if order is None or not order.is_under_way:
        return
    with about(order=str(order.key), account=order.account_id):
        try:
            work_on(order)
        except LeaseLost:
            log.info("Order %s is in other hands", order.key)


def work_on(order: Order) -> None:
    try:
        with gateway.connect(order.account) as client:
            advance(order, client)
    except UpstreamError as trouble:
        after(order, trouble)
    except LeaseLost:
        raise
    except Exception as fault:
        log.exception("Order %s failed", order.key)
        try_later(order, f"Tuneboard itself failed ({type(fault).__name__}: {fault}).")


def advance(order: Order, client: FineTuningClient) -> None:
    order.keep(timezone.now() + SEARCH_TAKES)
    if order.sent_at and not may_be_sent(order, client):
        return
    if problem := account_problem(order.account):
        refuse(order, problem)
        return
    bring_files(order, client)
    if files_are_ready(order, client):
        create(order, client)


def may_be_sent(order: Order, client: FineTuningClient) -> bool:
    """It was sent before: only if there is no such job, and a person wants it sent nevertheless."""
    found = search.find(order, client)
    if found:
        created(order, found.id, f"Found as {found.id}: the request had been heard.")
    elif order.state == State.ASKED:
        order.keep(timezone.now() + LEASE, sent_at=None, absent_since=None)
        return True
    else:
        not_found(order)
    return False


def bring_files(order: Order, client: FineTuningClient) -> None:
    for upload in order.uploads():
        if not upload.file_id_at(order.account_id):
            words, tried = f"{upload.filename} is brought to the service.", order.attempts
            next_at = timezone.now() + LEASE
            order.move(State.UPLOADING, words, next_at, progress=0, attempts=tried)
            upload.lies_at(order.account, sending.send(order, upload, client).id)


def files_are_ready(order: Order, client: FineTuningClient) -> bool:
    now = timezone.now()
    order.move(State.WAITING, "The service looks at the files.", now + LEASE)
    ids = filter(None, map(order.file_id, ("training", "validation")))
    files = [file for file in (known(client, file_id) for file_id in ids) if file]
    for file in files:
        if file.status in USELESS:
            why = file.status_details or f"its status is {file.status}"
            refuse(order, f"The service cannot use {file.filename or file.id}: {why}.")
            return False
    waited = now - (order.stage_at or now)
    if waited < DIGESTION and any(file.status in NOT_YET for file in files):
        order.keep(now + pause(order), attempts=order.attempts + 1)
        return False
    return True


def known(client: FineTuningClient, file_id: str) -> FileReply | None:
    """What the service says of a file; None where the key may not ask, and the order will tell."""
    try:
        return client.file(file_id)
    except Rejected as refusal:
        if refusal.status == 404:
            raise
        return None


def create(order: Order, client: FineTuningClient) -> None:
    """The one request that must not leave twice."""
    body, now, tried = order.body(), timezone.now(), order.attempts
    order.move(State.CREATING, "The job is asked for.", now + LEASE, sent_at=now)
    try:
        reply = client.create(body)
    except Rejected as refusal:
        refuse(order, advice(refusal))
    except RateLimited as limit:
        limited(order, limit)
    except Unsent as trouble:
        unsent(order, trouble, tried)
    except UpstreamError as trouble:
        words = (
            f"No answer came ({str(trouble).rstrip('.')}). The job may have been created or not."
        )
        order.move(State.UNKNOWN, words, now + pause(order), absent_since=None)
    else:
        created(order, reply.id, f"Created as {reply.id}.")


def created(order: Order, job_id: str, words: str) -> None:
    order.move(State.CREATED, words, None, upstream_id=job_id, settled_at=timezone.now())
    Account.objects.filter(pk=order.account_id).poll_soon()
    for upload in order.uploads():
        upload.release()


def refuse(order: Order, words: str) -> None:
    """A sure no: nothing was created, and the order is the person's again."""
    order.move(State.REFUSED, words, None, sent_at=None, absent_since=None)


def limited(order: Order, limit: RateLimited) -> None:
    """An answer came, so that nothing was created: the same may be asked again, in a while."""
    if is_final(limit) or has_tired(order):
        refuse(order, advice(limit))
    else:
        wait = timedelta(seconds=min(max(limit.retry_after or 0, 20), 600))
        words = f"The service is busy ({str(limit).rstrip('.')}). It is asked again."
        order.move(State.WAITING, words, timezone.now() + wait, sent_at=None)


def unsent(order: Order, trouble: Unsent, tried: int) -> None:
    """There was no connection, so that nothing was created: as if it had not been tried."""
    words = f"Not sent: {trouble}"
    order.move(State.WAITING, words, order.next_at, sent_at=None, attempts=tried)
    try_later(order, words)


def not_found(order: Order) -> None:
    """The list was read and holds no such job; after a while of that, a person decides."""
    now = timezone.now()
    since = order.absent_since or now
    if now - since < SURELY:
        words = "No answer came. The service lists no such job so far."
        tries = {"absent_since": since, "attempts": order.attempts + 1}
        order.move(State.UNKNOWN, words, now + pause(order), **tries)
    else:
        words = (
            f"No answer came, and since {since:%H:%M} UTC the service lists no such job:"
            " most likely there is none. Send it again, or abandon it."
        )
        is_old = now - (order.sent_at or now) > SEARCHED_FOR
        order.move(State.MISSING, words, None if is_old else now + timedelta(minutes=10))


def after(order: Order, trouble: UpstreamError) -> None:
    """Something went wrong, but for the answer to the order itself."""
    if order.sent_at:
        try_later(order, f"No answer came, and the service cannot be looked through: {trouble}")
    elif isinstance(trouble, Rejected):
        refuse(order, advice(trouble))
    else:
        try_later(order, str(trouble))


def try_later(order: Order, words: str) -> None:
    if order.sent_at is None and has_tired(order):
        refuse(order, f"Given up, nothing was created. {words}")
    else:
        state = INTERRUPTED.get(State(order.state), State(order.state))
        next_at = timezone.now() + pause(order)
        order.move(state, words, next_at, attempts=order.attempts + 1)


def has_tired(order: Order) -> bool:
    return timezone.now() - (order.asked_at or order.changed_at) > PATIENCE


def pause(order: Order) -> timedelta:
    """How long until the next try of the present step."""
    return timedelta(seconds=min(2 * 2 ** min(order.attempts, 10), 60))
