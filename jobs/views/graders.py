"""Graders on trial, before a job is paid for: is it accepted, and what does it make of a sample?"""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from jobs import gateway
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
    item = request.POST.get("item", "").strip()

    def run(client: FineTuningClient, grader: Any) -> dict[str, Any]:
        return {"grade": client.run_grader(grader, sample, json.loads(item) if item else None)}

    return tried(request, pk, run)


def tried(request: Request, pk: int, trial: Trial) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    try:
        grader = json.loads(request.POST.get("grader", ""))
        with gateway.connect(account) as client:
            context = trial(client, grader)
    except ValueError as error:
        context = {"trouble": f"The grader, or the item, is not JSON: {error}."}
    except UpstreamError as refusal:
        context = {"trouble": str(refusal)}
    return render(request, "jobs/_grader_trial.html", context)
