"""Notes on a job: anybody may write one, its writer may put it differently, all may see how it was before."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from jobs.forms import NoteForm
from jobs.models import Job, Note
from jobs.views.types import Request

UNPROCESSABLE = 422


def notes_context(request: Request, job: Job) -> dict[str, Any]:
    """Each note, and whether it is the reader's own; and the form for another one."""
    notes = [(note, note.is_by(request.user)) for note in job.notes.for_page()]
    return {"notes": notes, "note_form": NoteForm()}


@require_POST
def note_add(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        Note.objects.write(job, request.user, form.cleaned_data["text"])
        return answer(request, job, notes_context(request, job))
    if request.htmx:
        return answer(request, job, notes_context(request, job) | {"note_form": form})
    context = {"job": job, "form": form, "is_own": True}
    return render(request, "jobs/note.html", context, status=UNPROCESSABLE)


@require_http_methods(["GET", "POST"])
def note(request: Request, pk: int, note_pk: int) -> HttpResponse:
    """What it said from when on; for its writer, the form to put it differently."""
    found = get_object_or_404(Note.objects.for_page(), job=pk, pk=note_pk)
    form = form_of(request, found)
    if form.is_bound and form.is_valid():
        found.edit(form.cleaned_data["text"])
        return redirect(f"{found.job.get_absolute_url()}#notes")
    context = {"job": found.job, "note": found, "form": form}
    context["is_own"] = found.is_by(request.user)
    return render(
        request, "jobs/note.html", context, status=UNPROCESSABLE if form.is_bound else 200
    )


def form_of(request: Request, note: Note) -> NoteForm:
    """With what its writer just typed, else with what it says."""
    if request.method != "POST":
        return NoteForm(initial={"text": note.wording.text})
    if not note.is_by(request.user):
        raise PermissionDenied
    return NoteForm(request.POST)


def answer(request: Request, job: Job, context: dict[str, Any]) -> HttpResponse:
    """The notes as they are now, or without script the page at its notes."""
    if request.htmx:
        return render(request, "components/notes.html", {"job": job} | context)
    return redirect(f"{job.get_absolute_url()}#notes")
