"""Accounts: connect a service, try its key, see how listening to it goes. Keys are never shown."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jobs import connection
from jobs.forms import AccountForm
from jobs.models import Account, Action
from jobs.views.types import Request

MOST_ACTIONS = 300  # on one page


@require_GET
def account_list(request: Request) -> HttpResponse:
    return render(request, "jobs/account_list.html", {"accounts": Account.objects.for_list()})


@require_http_methods(["GET", "POST"])
def account_add(request: Request) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if form.is_valid():
        account = form.save()
        account.changed()
        messages.success(request, f"{account} is connected: its jobs appear as they are found.")
        return redirect("account_list")
    return render(request, "jobs/account_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def account_detail(request: Request, pk: int) -> HttpResponse:
    account = get_object_or_404(Account.objects.for_list(), pk=pk)
    form = AccountForm(request.POST or None, instance=account)
    if form.is_valid():
        form.save()
        account.changed()
        messages.success(request, f"{account} is changed.")
        return redirect("account_list")
    return render(request, "jobs/account_form.html", {"form": form, "account": account})


@require_GET
def account_ledger(request: Request, pk: int) -> HttpResponse:
    """What was asked of it and of its jobs: the newest first."""
    account = get_object_or_404(Account, pk=pk)
    found = Action.objects.in_account(account).for_ledger()
    actions, total = list(found[:MOST_ACTIONS]), found.count()
    context = {"account": account, "actions": actions, "total": total}
    context["has_more"] = total > len(actions)
    return render(request, "jobs/account_ledger.html", context)


@require_POST
def account_leave(request: Request, pk: int) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    account.leave()
    is_kept = "is not listened to any more. Its jobs stay as they are."
    messages.success(request, f"{account} {is_kept if account.pk else 'is removed.'}")
    return redirect("account_list")


@require_POST
def account_test(request: Request, pk: int | None = None) -> HttpResponse:
    """Try what the form holds, saved or not, and show what works."""
    account = get_object_or_404(Account.objects.for_list(), pk=pk) if pk else None
    form = AccountForm(request.POST, instance=account)
    form.fields["name"].required = False
    context: dict[str, Any] = {"form": form, "account": account, "pk": pk}
    if form.is_valid():
        context["findings"] = connection.try_out(form.save(commit=False))
    template = "jobs/_account_test.html" if request.htmx else "jobs/account_form.html"
    return render(request, template, context)
