"""Who else may use a model: of a checkpoint, or of those that an account lists."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jobs import actions, sharing
from jobs.actions import consequences
from jobs.forms import SharingForm
from jobs.models import Account, Checkpoint, ServedModel
from jobs.views.buttons import reason
from jobs.views.types import Request

UNPROCESSABLE = 422


class Shareable(NamedTuple):
    """A model, the account that it belongs to, and where in Tuneboard it is met."""

    account: Account
    model: str
    place: dict[str, int]
    checkpoint: Checkpoint | None = None

    @property
    def is_offered(self) -> bool:
        return sharing.is_offered(self.account)

    def address(self, view: str = "sharing") -> str:
        return reverse(view, kwargs=self.place)


@require_http_methods(["GET", "POST"])
def model_sharing(request: Request, **place: int) -> HttpResponse:
    """The page, but for what the service has to be asked: however slow that is, this is there."""
    thing = find(**place)
    form = SharingForm(request.POST or None)
    if thing.is_offered and form.is_valid():
        grant(request, thing, form.cleaned_data["projects"])
        return redirect(thing.address())
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "jobs/sharing.html", context(thing, form), status=status)


@require_GET
def shared_with(request: Request, **place: int) -> HttpResponse:
    """The projects, as the service lists them now."""
    thing = find_offered(**place)
    reading = sharing.read(thing.account, thing.model)
    template = "jobs/_shared_with.html" if request.htmx else "jobs/sharing.html"
    return render(request, template, context(thing, SharingForm()) | {"reading": reading})


@require_http_methods(["GET", "POST"])
def unshare(request: Request, **place: int) -> HttpResponse:
    """What breaks, and the form that asks for it."""
    thing, project = find_offered(**place), request.GET.get("project", "").replace("\0", "")
    if not project:
        raise Http404
    if request.method == "POST":
        messages.add_message(request, *revoked(request, thing, project))
        return redirect(thing.address())
    about = {"project": project, "breaks": consequences.of_unsharing(project)}
    return render(request, "jobs/confirm_unshare.html", context(thing) | about)


def find_offered(**place: int) -> Shareable:
    thing = find(**place)
    if not thing.is_offered:
        raise Http404
    return thing


def find(pk: int, checkpoint_pk: int | None = None) -> Shareable:
    if checkpoint_pk is None:
        model = get_object_or_404(ServedModel.objects.fine_tuned().select_related("account"), pk=pk)
        return Shareable(model.account, model.upstream_id, {"pk": pk})
    rows = Checkpoint.objects.select_related("job__account")
    checkpoint = get_object_or_404(rows, pk=checkpoint_pk, job=pk)
    if not checkpoint.model:
        raise Http404
    place = {"pk": pk, "checkpoint_pk": checkpoint_pk}
    return Shareable(checkpoint.job.account, checkpoint.model, place, checkpoint)


def grant(request: Request, thing: Shareable, projects: list[str]) -> None:
    """Ask for one after the other, and say what became of each."""
    asked: list[str] = []
    try:
        for action in actions.share_with_all(
            thing.account, thing.model, projects, by=request.user, why=reason(request)
        ):
            asked.append(action.recipient)
            messages.add_message(request, *actions.tell_of(action))
    except actions.Busy as busy:
        messages.warning(request, f"{busy}.")
    if rest := projects[len(asked) :]:
        messages.warning(request, f"Not asked for: {', '.join(rest)}.")


def revoked(request: Request, thing: Shareable, project: str) -> tuple[int, str]:
    try:
        action = actions.unshare(
            thing.account, thing.model, project, by=request.user, why=reason(request)
        )
    except actions.Busy as busy:
        return messages.WARNING, f"{busy}."
    return actions.tell_of(action)


def context(thing: Shareable, form: SharingForm | None = None) -> dict[str, Any]:
    addresses = {name: thing.address(name) for name in ("sharing", "shared_with", "unshare")}
    return {"thing": thing, "account": thing.account, "form": form, **addresses}
