"""The compare page, the jobs that it offers to add, and its curves."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_GET
from django_htmx.http import push_url

from jobs.models.comparison import Comparison
from jobs.views.caching import tagged
from jobs.views.compared import Compared
from jobs.views.compared_curves import curves, tag
from jobs.views.compared_plots import Plots
from jobs.views.types import Request

OFFERED = 8  # jobs to add


@require_GET
@tagged
def compare(request: Request) -> HttpResponse:
    comparison = Comparison.read(request.GET)
    compared = Compared.of(comparison)
    offers = comparison.found()[:OFFERED]
    context = {"compared": compared, "plots": Plots(compared), "offers": offers}
    response = render(request, "jobs/compare.html", context | {"comparison": comparison})
    return as_asked(request, response, comparison)


@require_GET
def compare_offers(request: Request) -> HttpResponse:
    """Jobs that match what is typed into the search box, to be added."""
    comparison = Comparison.read(request.GET)
    context = {"comparison": comparison, "offers": comparison.found()[:OFFERED]}
    return render(request, "jobs/_compare_offers.html", context)


@require_GET
@cache_control(private=True, no_cache=True)
@condition(etag_func=tag)
def compare_curves(request: Request) -> HttpResponse:
    return HttpResponse(curves(request), content_type="application/octet-stream")


def as_asked(request: Request, response: HttpResponse, comparison: Comparison) -> HttpResponse:
    """A change of what is compared is a page in the browser's history, under its shortest address."""
    address = f"{request.path}?{comparison.query()}".removesuffix("?")
    is_news = request.htmx.current_url_abs_path not in (address, request.get_full_path())
    return push_url(response, address) if request.htmx and is_news else response
