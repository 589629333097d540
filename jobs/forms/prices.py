"""The price table as a form: a row a price, and an empty one for the next."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from jobs.models import Order, Price

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Price]
else:
    ModelForm = forms.ModelForm

ONE_OF_TWO = "Enter dollars per million tokens or dollars per hour: one of the two."


def text(width: int) -> forms.TextInput:
    return forms.TextInput(attrs={"size": width})


class Amount(forms.DecimalField):
    """Dollars; 25, where a database says 25.0000."""

    def __init__(self, unit: str) -> None:
        super().__init__(
            label=f"$ per {unit}",
            required=False,
            min_value=0,
            max_digits=12,
            decimal_places=4,
            widget=text(8),
        )

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class PriceForm(ModelForm):
    method = forms.ChoiceField(choices=Order.Method.choices, initial=Order.Method.SUPERVISED)
    per_million = Amount("million tokens")
    per_hour = Amount("hour")

    class Meta:
        model = Price
        fields = ["prefix", "method", "per_million", "per_hour", "source"]
        error_messages = {
            NON_FIELD_ERRORS: {
                "unique_together": "There is a price for such models and this method."
            }
        }
        labels = {"prefix": "Model begins with", "source": "Who says so, and when"}
        widgets = {"prefix": text(24), "source": text(40)}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        amounts = [given.get(name) for name in ("per_million", "per_hour") if name in given]
        if len(amounts) == 2 and (amounts[0] is None) == (amounts[1] is None):
            self.add_error("per_million", ONE_OF_TWO)
        return given


PriceTable = forms.modelformset_factory(
    Price, form=PriceForm, extra=1, can_delete=True, can_delete_extra=False
)
