"""Graders on trial, before a job is paid for: is it accepted, and what does it make of a sample?"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from jobs import gateway
from jobs.forms import JsonField
from jobs.models import Account
from jobs.upstream import FineTuningClient, UpstreamError
from jobs.views.types import Request

Trial = Callable[[FineTuningClient, Any], dict[str, Any]]


@require_POST
def grader_validate(request: Request, pk: int) -> HttpResponse:
    return tried(request, pk, lambda client, grader: {"valid": client.validate_grader(grader)})


@require_POST
def grader_run(request: Request, pk: int) -> HttpResponse:
    """On one answer that the model might give, and one item of the file."""
    sample = request.POST.get("sample", "")

    def run(client: FineTuningClient, grader: Any) -> dict[str, Any]:
        item = given(request, "item", required=False)
        return {"grade": client.run_grader(grader, sample, item)}

    return tried(request, pk, run)


def tried(request: Request, pk: int, trial: Trial) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    try:
        grader = given(request, "grader")
        with gateway.connect(account) as client:
            context = trial(client, grader)
    except ValidationError as mistake:
        context = {"trouble": mistake.message}
    except UpstreamError as refusal:
        context = {"trouble": str(refusal)}
    return render(request, "jobs/_grader_trial.html", context)


def given(request: Request, name: str, *, required: bool = True) -> Any:
    try:
        return JsonField(required=required).clean(request.POST.get(name, ""))
    except ValidationError as mistake:
        raise ValidationError(f"The {name}: {mistake.messages[0]}") from mistake
