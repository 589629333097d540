"""Whole pages: what a reader sees at an address that they may bookmark."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from jobs import charts
from jobs.models import Job, Pulse, Series
from jobs.models.log import Log
from jobs.views.checkpoints import checkpoints_context
from jobs.views.difference import difference_context
from jobs.views.fragments import state_context
from jobs.views.log import log_context
from jobs.views.notes import notes_context
from jobs.views.tags import tags_context
from jobs.views.types import Request


@require_GET
def job_detail(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.select_related("account"), pk=pk)
    context = {
        "cards": charts.cards(Series.counts(job.pk)),
        "files": job.files(),
        "pulse": Pulse.read(),
    }
    context |= state_context(job) | checkpoints_context(job)
    context |= log_context(job, Log.read(request.GET.dict()))
    context |= difference_context(job, request.GET.get("against", ""))
    context |= notes_context(request, job) | tags_context(job)
    return render(request, "jobs/job_detail.html", context)
