"""Tags of a job, or of many at once: put on and taken off, by anybody."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from jobs import live
from jobs.actions import Told
from jobs.forms import TagForm, TagsForm
from jobs.models import Job, Tag
from jobs.models.selection import Selection
from jobs.models.tag import MOST, Retagged
from jobs.views.picked import list_of
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
    Tag.objects.change([job], on=form.cleaned_data["names"])
    live.announce(job.pk)
    return answer(request, job)


@require_POST
def tag_remove(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    Tag.objects.change([job], off=[request.POST.get("name", "")])
    live.announce(job.pk)
    return answer(request, job)


def answer(request: Request, job: Job, form: TagForm | None = None) -> HttpResponse:
    """The tags as they are now, or without script the page with what is wrong."""
    if request.htmx:
        return render(request, "components/tags.html", {"job": job} | tags_context(job, form))
    for words in form.errors.values() if form else ():
        messages.warning(request, " ".join(map(str, words)))
    return redirect(f"{job.get_absolute_url()}#tags")


@require_GET
def tags_together(request: Request) -> HttpResponse:
    """The selected jobs with their tags, and the form that changes these."""
    return ask(request, Selection.read(request.GET).jobs(), TagsForm())


@require_POST
def tags_change(request: Request) -> HttpResponse:
    """Change them, and show what became of each job's."""
    jobs, form = Selection.read(request.POST).jobs(), TagsForm(request.POST)
    if not form.is_valid():
        return ask(request, jobs, form)
    changes = Tag.objects.change(jobs, on=form.cleaned_data["names"], off=form.cleaned_data["off"])
    live.announce(*(each.job.pk for each in changes))
    context = {"label": "Tags", "told": [told(each) for each in changes]}
    return render(request, "jobs/together.html", context | {"back": list_of(request)})


def ask(request: Request, jobs: list[Job], form: TagsForm) -> HttpResponse:
    borne = Tag.objects.borne_by(jobs)
    usual = Counter(name for names in borne.values() for name in names).most_common()
    context = {
        "form": form,
        "rows": [(job, borne[job.pk]) for job in jobs],
        "borne": [(name, on_how_many(number, len(jobs))) for name, number in usual],
        "known_tags": Tag.objects.suggested_for(*jobs),
        "back": list_of(request),
    }
    return render(request, "jobs/tags_together.html", context)


def on_how_many(number: int, of: int) -> str:
    return "on all" if number == of else f"on {number} of {of}"


def told(change: Retagged) -> Told:
    words = [f"Put on: {', '.join(change.put_on)}."] if change.put_on else []
    words += [f"Taken off: {', '.join(change.taken_off)}."] if change.taken_off else []
    if change.left_out:
        words.append(f"Left out: {', '.join(change.left_out)}. A job bears {MOST} tags at most.")
        return Told(change.job, messages.WARNING, " ".join(words))
    level = messages.SUCCESS if change.is_changed else messages.INFO
    return Told(change.job, level, " ".join(words) or "As it was: there was nothing to change.")
