"""The style guide: every component in every state, for those who build pages. Staff only.

A chapter is a template that includes the components themselves, with what specimens makes up for them.
docs/design.md tells when to use which.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from jobs import charts, recipes
from jobs.advisor import Advice
from jobs.compare import Entry
from jobs.forms import NoteForm, TagForm
from jobs.models import Job, Listing
from jobs.models.filters import SIGNS
from jobs.models.log import Log
from jobs.search.examples import CHAPTERS as SEARCHES
from jobs.views import specimen_forms, specimens
from jobs.views.checkpoints import LABELS, columns, rows
from jobs.views.difference import Difference
from jobs.views.types import Request

COLOURS = {
    "paper": "the page",
    "raised": "what lies above it: buttons, fields, menus",
    "sunken": "what lies below it: code, a row under the pointer",
    "line": "hairlines between things",
    "line-strong": "the edge of what can be used",
    "ink": "what is read",
    "ink-2": "what is read second",
    "ink-3": "labels, units, ages",
    "accent": "links, focus, what goes on now",
    "accent-soft": "what is chosen",
    "good": "it ended well",
    "bad": "it failed, or cannot be undone",
    "bad-soft": "the ground of bad news",
    "warn": "it wants to be looked at",
    "warn-soft": "the ground of a notice",
    "odd": "a state that we do not know",
}
SPACES = (4, 8, 12, 16, 20, 24, 32)


def tokens() -> dict[str, Any]:
    return {"colours": COLOURS.items(), "spaces": SPACES}


def controls() -> dict[str, Any]:
    return {"model": "ft:gpt-4o-mini-2024-07-18:acme:support-bot:B7xQ:ckpt-step-60"}


def states() -> dict[str, Any]:
    return {
        "states": Job.State.choices,
        "jobs": specimens.one_of_each(),
        "accounts": specimens.accounts(),
        "histories": specimens.histories(),
    }


def words() -> dict[str, Any]:
    form = specimen_forms.SomeForm({"name": "", "service": "openai"})
    form.full_clean()
    toasts = [
        Message(messages.SUCCESS, "Cancel accepted. The state follows with the next poll."),
        Message(messages.WARNING, "No answer came: the next polls will tell what became of it."),
        Message(messages.ERROR, f"Refused: {specimens.REFUSED}"),
    ]
    plain = "The worker that ran this job has stopped."
    return {
        "form": form,
        "toasts": toasts,
        "failures": [specimens.failed(), specimens.failed(plain, "worker_lost")],
        "actions": specimens.ledger(specimens.running()),
        "listing": Listing(text="state:runing model:gpt-4o*"),
        "listings": [Listing(), Listing(state="failed", text="refund")],
        "breaks": ["Every program that calls this model gets an error from then on."],
    }


def job_list() -> dict[str, Any]:
    jobs = specimens.one_of_each()
    found = [render_to_string("jobs/_job_row.html", {"job": job}) for job in jobs]
    pausing = [(job, specimens.offers(job)[0]) for job in jobs]
    return {
        "listing": Listing(sort="loss", descending=False),
        "rows": mark_safe("".join(found)),  # noqa: S308 (rendered by us)
        "page": {"rows": jobs},
        "legal": [(job, offer, specimens.bill()) for job, offer in pausing if offer.is_legal],
        "others": [(job, offer) for job, offer in pausing if not offer.is_legal][:3],
        "verb": "pause",
        "label": "Pause",
        "chapters": SEARCHES,
        "controls": specimens.controls(),
        "names": ["loss", "hp.n_epochs", "valid_loss", "min(valid_loss)"],
        "signs": SIGNS.items(),
    }


def job() -> dict[str, Any]:
    job = specimens.running()
    order = specimen_forms.order(duplicate_of=specimens.succeeded())
    pair = [Entry(specimens.succeeded(), 0), Entry(job, 1)]
    told = recipes.recipe(pair, {})
    differing, same = (
        [row for row in told if row.is_identical == is_same] for is_same in (False, True)
    )
    offers = specimens.offers(job)
    return {
        "job": job,
        "ended": specimens.succeeded(),
        "offers": offers,
        "offer": offers[-1],
        "bill": specimens.bill(),
        "files": specimens.files(),
        "difference": Difference(specimens.succeeded(), True, differing, same),
        "actions": specimens.ledger(job),
        "order": order,
        "tags": specimens.tags(),
        "tag_form": TagForm(),
        "known_tags": ["trial"],
        "notes": specimens.notes(),
        "note_form": NoteForm(),
    }


def telemetry() -> dict[str, Any]:
    job = specimens.running()
    found = specimens.checkpoints(job)
    events = specimens.events(job)
    values = {each.step or 0: each.metrics["full_valid_loss"] for each in found}
    verdict = "Step 30 is best. The newest checkpoint is 15% worse and overfits since step 60."
    advice = Advice("full_valid_loss", sorted(values), values, 0.01, 60, verdict)
    return {
        "job": job,
        "cards": charts.cards(["train_loss", "full_valid_loss", "train_accuracy"]),
        "checkpoints": found,
        "advice": advice,
        "rows": rows(found, advice),
        "labels": [LABELS[name] for name in columns(found)],
        "has_gap": True,
        "log": Log(),
        "events": events,
        "newest": events[0],
        "older": events[-1],
        "is_head": True,
    }


def forms() -> dict[str, Any]:
    form = specimen_forms.SomeForm({"name": "Research", "base_url": "api", "service": "other"})
    order = specimen_forms.SomeOrder(account=specimens.account())
    uploads = specimen_forms.uploads()
    return {"form": form, "order_form": order, "account": order.account, "uploads": uploads}


def accounts() -> dict[str, Any]:
    job = specimens.running()
    found = specimens.checkpoints(job)[0]
    broken = specimens.account(inventory_error="The list of files could not be read.")
    return {
        "account": specimens.account(),
        "accounts": [specimens.account(), broken],
        "models": specimens.models(),
        "can_delete": True,
        "thing": {"checkpoint": found, "model": found.model},
    }


def orders() -> dict[str, Any]:
    uploads = specimen_forms.uploads()
    return {
        "order": specimen_forms.order(),
        "orders": specimen_forms.orders(),
        "progresses": specimen_forms.progresses(),
        "costs": specimen_forms.costs(),
        "model": specimens.models()[0],
        "upload": uploads[0],
    }


CHAPTERS: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "tokens": ("Tokens", tokens),
    "controls": ("Controls", controls),
    "states": ("States", states),
    "words": ("Words", words),
    "list": ("List", job_list),
    "job": ("Job", job),
    "telemetry": ("Telemetry", telemetry),
    "forms": ("Forms", forms),
    "accounts": ("Accounts", accounts),
    "orders": ("Orders", orders),
}


@require_GET
def styleguide(request: Request, chapter: str = "tokens") -> HttpResponse:
    if not request.user.is_staff or chapter not in CHAPTERS:
        raise Http404
    title, show = CHAPTERS[chapter]
    contents = [(name, each) for name, (each, _) in CHAPTERS.items()]
    context = {"chapter": chapter, "title": title, "contents": contents}
    return render(request, f"styleguide/{chapter}.html", show() | context)
