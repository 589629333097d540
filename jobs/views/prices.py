"""What training costs, as the team knows it: the table behind the estimates."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jobs.forms import PriceTable
from jobs.models import Price
from jobs.views.types import Request


@require_http_methods(["GET", "POST"])
def price_list(request: Request) -> HttpResponse:
    price_form = PriceTable(request.POST or None, queryset=Price.objects.for_list())
    if request.method == "POST" and price_form.is_valid():
        price_form.save()
        messages.success(request, "The prices are changed: estimates follow them from now on.")
        return redirect("price_list")
    return render(request, "jobs/price_list.html", {"price_form": price_form})
