from django import forms

from jobs.models import Order, Price

FIELDS = ("prefix", "method", "per_million", "per_hour", "source")
WIDTHS = {"prefix": 24, "per_million": 8, "per_hour": 8, "source": 40}

PriceTable = forms.modelformset_factory(
    Price,
    fields=FIELDS,
    extra=1,
    can_delete=True,
    widgets={
        "method": forms.Select(choices=Order.Method.choices),
        **{name: forms.TextInput(attrs={"size": width}) for name, width in WIDTHS.items()},
    },
)
"""The price table as a form: a row a price, and an empty one for the next."""
