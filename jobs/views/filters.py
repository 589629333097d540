"""The filter beside the list's search box. It writes the search, and changes nothing else."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jobs.models import Listing
from jobs.models.filters import SIGNS, controls, names, offered
from jobs.search.writing import compared, with_chosen
from jobs.views.types import Request


@require_GET
def filter_jobs(request: Request) -> HttpResponse:
    """The form; or, where it comes from there, the list that it describes."""
    listing = Listing.read(request.GET.dict())
    if "show" in request.GET:
        query = listing.query(q=written(listing.text, request.GET)) or "sort=-created"
        return redirect(f"{reverse('job_list')}?{query}")
    context = {"listing": listing, "controls": controls(listing.text)}
    context |= {"names": names(), "signs": SIGNS.items()}
    page = "components/filter_form.html" if request.htmx else "jobs/filter.html"
    return render(request, page, context)


def written(text: str, form: QueryDict) -> str:
    """The search with what was chosen, and with what was compared."""
    name, value = (" ".join(form.get(field, "").split()) for field in ("name", "value"))
    sign = form.get("sign", "")
    chosen = filter(None, form.getlist("term"))
    found = with_chosen(text, [term for terms in offered().values() for term in terms], chosen)
    return " ".join(filter(None, [found, compared(name, sign if sign in SIGNS else ":", value)]))
