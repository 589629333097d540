"""Tags of a job: put on and taken off, by anybody."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from jobs import live
from jobs.forms import TagForm
from jobs.models import Job, Tag
from jobs.views.types import Request


def tags_context(job: Job, form: TagForm | None = None) -> dict[str, Any]:
    suggested = Tag.objects.suggested_for(job)
    return {"tags": job.tags.order_by("pk"), "known_tags": suggested, "tag_form": form or TagForm()}


@require_POST
def tag_add(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    form = TagForm(request.POST)
    if not form.is_valid():
        return answer(request, job, form)
    Tag.objects.put_on(job, form.cleaned_data["names"])
    live.announce(job.pk)
    return answer(request, job)


@require_POST
def tag_remove(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    Tag.objects.take_off(job, request.POST.get("name", "").replace("\0", ""))
    live.announce(job.pk)
    return answer(request, job)


def answer(request: Request, job: Job, form: TagForm | None = None) -> HttpResponse:
    """The tags as they are now, or without script the page with what is wrong."""
    if request.htmx:
        return render(request, "components/tags.html", {"job": job} | tags_context(job, form))
    for words in form.errors.values() if form else ():
        messages.warning(request, " ".join(map(str, words)))
    return redirect(f"{job.get_absolute_url()}#tags")
