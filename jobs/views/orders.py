"""New jobs: a draft to fill in, a review of what would be sent, and what became of it."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jobs import costs, orders
from jobs.forms import OrderForm, typed
from jobs.forms.orders import ROLES
from jobs.models import Account, Job, Order
from jobs.orders import drafting
from jobs.views.types import Request
from jobs.views.uploads import typed_and_brought

UNPROCESSABLE = 422
HEARD = orders.recall, orders.send_again, orders.abandon
DEEDS = {deed.__name__.replace("_", "-"): deed for deed in HEARD}


@require_http_methods(["GET", "POST"])
def order_new(request: Request) -> HttpResponse:
    """The form, once it is clear for which account."""
    listened_to = Account.objects.listened_to()
    account = chosen(request, list(listened_to))
    if account is None:
        waiting = Order.objects.unfinished().for_list()
        context = {"accounts": listened_to, "orders": waiting}
        return render(request, "jobs/order_choose.html", context)
    return answer(request, drafting.draft(account, request.user, request.POST.get("key", "")))


@require_http_methods(["GET", "POST"])
def order_edit(request: Request, key: UUID) -> HttpResponse:
    return answer(request, find(key))


@never_cache  # nor by Back, to a state that is long over
@require_GET
def order_detail(request: Request, key: UUID) -> HttpResponse:
    return render(request, "jobs/order_detail.html", order_context(find(key)))


@require_GET
def order_state(request: Request, key: UUID) -> HttpResponse:
    """What goes on with it. When the job is there, that page is more interesting."""
    order = find(key)
    context = order_context(order)
    answer = render(request, "jobs/_order_state.html", context)
    if context["job"]:
        goes_on = {"goes-on": context["job"].get_absolute_url()}  # instead: Back must not end here
        answer["HX-Trigger"] = json.dumps(goes_on)
    return answer


@require_POST
def order_submit(request: Request, key: UUID) -> HttpResponse:
    """Ask for the job, once: a second press finds it asked for."""
    order = find(key)
    reviewed = request.POST.get("reviewed", "")
    found = orders.submit(order, by=request.user, why=order.why, reviewed=reviewed)
    for words in found.values():
        messages.error(request, f"Not sent: {words}")
    return redirect("order_detail", key)


@require_POST
def order_deed(request: Request, key: UUID, deed: str) -> HttpResponse:
    """Take it back, send it once more, or throw it away."""
    if deed not in DEEDS:
        raise Http404
    if not DEEDS[deed](find(key), by=request.user):
        messages.warning(request, "Too late: the order has gone on meanwhile.")
    return redirect("order_detail", key)


@require_POST
def job_duplicate(request: Request, pk: int) -> HttpResponse:
    """A draft like the job, without the file that must be another one."""
    job = get_object_or_404(Job.objects.select_related("account"), pk=pk)
    order = Order.duplicate(job, request.user)
    if request.POST.get("without") in ("training_file", "validation_file"):
        order.edit(**{request.POST["without"]: ""})
    return redirect("order_edit", order.key)


@require_GET
def order_list(request: Request) -> HttpResponse:
    found = Order.objects.for_list()[:200]
    return render(request, "jobs/order_list.html", {"orders": found})


def find(key: UUID) -> Order:
    return get_object_or_404(Order.objects.for_list(), key=key)


def chosen(request: Request, accounts: list[Account]) -> Account | None:
    """The one that was asked for, or the only one there is."""
    asked = request.GET.get("account", "")
    if len(accounts) == 1 and not asked:
        return accounts[0]
    return next((account for account in accounts if str(account.pk) == asked), None)


def answer(request: Request, order: Order) -> HttpResponse:
    """The form of an order; what was typed is kept, whether or not it can be sent."""
    if not order.can_edit:
        return redirect("order_detail", order.key)
    form = filled(request, order)
    if request.method == "POST" and form.is_valid():
        return redirect("order_detail", keep(request, order, form).key)
    models = drafting.models_for(order.account)
    context = {"form": form, "order": order, "account": order.account, "models": models}
    status = UNPROCESSABLE if request.method == "POST" else None
    return render(request, "jobs/order_form.html", context, status=status)


def filled(request: Request, order: Order) -> OrderForm:
    """With what was just typed; else with the order as it is, and what is wrong with it."""
    if request.method == "POST":
        return OrderForm(typed_and_brought(request), request.FILES, account=order.account)
    if not order.is_kept:
        return OrderForm(initial=typed(order), account=order.account)
    form = OrderForm(typed(order), account=order.account)
    if form.is_valid():
        form.show(orders.problems(order))
    return form


def keep(request: Request, order: Order, form: OrderForm) -> Order:
    if not drafting.keep(order, **form.wanted()):
        messages.warning(request, "Not changed: the order is on its way already.")
    return order


def order_context(order: Order) -> dict[str, Any]:
    problems = orders.problems(order) if order.can_edit else {}
    checks = under_check(order)
    return {
        "order": order,
        "job": order.job,
        "problems": [(field, words, field in checks) for field, words in problems.items()],
        "overlap": orders.overlap(order),
        "cost": costs.of_order(order),
        "model": order.account.served_models.named(order.base_model),
        "training_there": order.account.files.named(order.training_file),
        "validation_there": order.account.files.named(order.validation_file),
        "log": [(datetime.fromisoformat(at), words) for at, words in order.log],
        "is_refused": order.state == Order.State.REFUSED,
        "is_uploading": order.state == Order.State.UPLOADING,
        "is_created": order.state == Order.State.CREATED,
        "is_waiting": is_waiting(order),
    }


def under_check(order: Order) -> set[str]:
    """The fields whose file is arriving or being judged: there is nothing to mend but to wait."""
    files = {f"{role}_file": getattr(order, f"{role}_upload") for role in ROLES}
    return {field for field, upload in files.items() if upload and upload.is_unsettled}


def is_waiting(order: Order) -> bool:
    """The next seconds will show more: a file is looked at, or the job is about to be listed."""
    is_awaited = order.state == Order.State.CREATED and order.job is None
    return is_awaited or order.is_under_way or bool(under_check(order))
