"""What an account holds: its files and models, and their deletion, which first says what would break."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jobs import actions, sharing
from jobs.actions import consequences
from jobs.models import Account, Action, File, ServedModel
from jobs.models.holdings import uses_of_files, uses_of_models
from jobs.views.buttons import reason
from jobs.views.types import Request

MOST_FILES = 200  # on one page: the newest; a search narrows them
PAGES = {"files": "account_files", "models": "account_models"}


@require_GET
def account_files(request: Request, pk: int) -> HttpResponse:
    account = get_object_or_404(Account.objects.for_list(), pk=pk)
    found = account.files.present().search(request.GET.get("q", ""))
    files = list(found[:MOST_FILES])
    uses = uses_of_files(account, files)
    for file in files:
        file.uses = uses[file.upstream_id]
    total = found.count()
    context = {"account": account, "files": files, "total": total, "has_more": total > len(files)}
    return render(request, "jobs/account_files.html", context)


@require_GET
def account_models(request: Request, pk: int) -> HttpResponse:
    account = get_object_or_404(Account.objects.for_list(), pk=pk)
    served = account.served_models.present()
    tuned, bases = list(served.fine_tuned()), list(served.bases())
    uses = uses_of_models(account, [model.upstream_id for model in [*tuned, *bases]])
    for model in [*tuned, *bases]:
        model.uses = uses[model.upstream_id]
    context = {"account": account, "tuned": tuned, "bases": bases}
    context |= {"shares": sharing.is_offered(account)}
    return render(request, "jobs/account_models.html", context)


@require_POST
def account_inventory(request: Request, pk: int, what: str) -> HttpResponse:
    """Read both lists anew, as soon as a worker is free."""
    if what not in PAGES:
        raise Http404
    account = get_object_or_404(Account, pk=pk)
    account.take_inventory()
    return redirect(PAGES[what], account.pk)


@require_http_methods(["GET", "POST"])
def file_delete(request: Request, pk: int) -> HttpResponse:
    file = get_object_or_404(File.objects.select_related("account"), pk=pk)
    if request.method == "POST":
        messages.add_message(request, *outcome(request, file))
        return redirect("account_files", file.account_id)
    uses = uses_of_files(file.account, [file])[file.upstream_id]
    context = {"thing": file, "breaks": consequences.of_deleting_file(uses), "list": PAGES["files"]}
    return render(request, "jobs/confirm_delete.html", context)


@require_http_methods(["GET", "POST"])
def model_delete(request: Request, pk: int) -> HttpResponse:
    model = get_object_or_404(ServedModel.objects.fine_tuned().select_related("account"), pk=pk)
    if request.method == "POST":
        messages.add_message(request, *outcome(request, model))
        return redirect("account_models", model.account_id)
    uses = uses_of_models(model.account, [model.upstream_id])[model.upstream_id]
    breaks = consequences.of_deleting_model(uses)
    context = {"thing": model, "breaks": breaks, "list": PAGES["models"]}
    return render(request, "jobs/confirm_delete.html", context)


def outcome(request: Request, thing: File | ServedModel) -> tuple[int, str]:
    """Ask for the deletion; say what became of it."""
    if thing.gone_at:
        return messages.WARNING, f"{thing} is gone already: nothing was sent."
    try:
        action = asked(request, thing)
    except actions.Busy as busy:
        return messages.WARNING, str(busy)
    return actions.tell_of(action)


def asked(request: Request, thing: File | ServedModel) -> Action:
    if isinstance(thing, File):
        return actions.delete_file(thing, by=request.user, why=reason(request))
    return actions.delete_model(thing, by=request.user, why=reason(request))
