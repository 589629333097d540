"""Forms, files and orders of the style guide. See specimens."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from jobs.costs import Cost, Length
from jobs.datasets.cost import estimate
from jobs.forms import OrderForm
from jobs.models import Order, Price, Upload
from jobs.views.specimens import ANN, KEY, account, ago

PROBLEMS = [
    {"line": 0, "field": "", "message": "The file has 9 examples.", "severity": "error"},
    {
        "line": 3,
        "field": "messages[1].role",
        "message": "There is no role 'bot'.",
        "severity": "error",
    },
    {"line": 7, "field": "messages", "message": "It is the same as line 2.", "severity": "warning"},
]
EXAMPLE = {"messages": [{"role": "user", "content": "Hello"}]}
TOKENS = {
    "total": 48_210,
    "trained": 9_120,
    "basis": "counted with o200k_base",
    "spread": {"min": 24, "median": 61, "max": 412},
    "over_limit": 0,
}


class SomeForm(forms.Form):
    """A field in each state."""

    name = forms.CharField(help_text="What your team calls it.")
    base_url = forms.URLField(label="Base URL", assume_scheme="https")
    service = forms.ChoiceField(choices=[("openai", "OpenAI"), ("other", "Another server")])
    why = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean(self) -> None:
        self.add_error(None, "This name is taken by another account.")

    @property
    def to_mend(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.errors]


class SomeOrder(OrderForm):
    """The form of a new job, with a file that was brought."""

    def files_for(self, role: str) -> list[tuple[str, str]]:
        return [("", "A file from this computer"), ("file-3xVn0QpR", "support-train.jsonl")]

    def brought(self, role: str) -> Upload | None:
        return upload(Upload.State.CHECKING, checked_bytes=120_000)


def upload(state: Upload.State, **given: Any) -> Upload:
    usual = {"key": KEY, "by": ANN, "filename": "support-train.jsonl", "size": 412_000}
    return Upload(**usual | {"state": state} | given)


def uploads() -> list[Upload]:
    """Fit, with errors, unreadable."""
    told: dict[str, Any] = {"method": "supervised", "format": "chat", "examples": 820}
    told |= {"tokens": TOKENS, "duplicates": {"count": 1, "pairs": [(2, 7)]}, "error_count": 0}
    told |= {"contents": {"roles": {"user": 820, "assistant": 820}, "with_tools": 12}}
    told |= {"preview": [{"line": 1, "example": EXAMPLE}]}
    wrong = {"problems": PROBLEMS, "problem_count": 14, "error_count": 2}
    return [
        upload(Upload.State.CHECKED, report=told),
        upload(Upload.State.CHECKED, filename="typo.jsonl", report=told | wrong, errors=2),
        upload(Upload.State.BROKEN, filename="cut.jsonl", why="The check took too long."),
    ]


def order(state: Order.State = Order.State.DRAFT, detail: str = "", **given: Any) -> Order:
    usual = {
        "key": KEY,
        "account": account(),
        "by": ANN,
        "base_model": "gpt-4o-mini-2024-07-18",
        "hyperparameters": {"n_epochs": 3},
        "seed": 7,
        "suffix": "support-bot",
        "metadata": {"team": "support"},
        "why": "with the tickets of October",
        "asked_at": ago(minutes=41),
    }
    made = Order(**usual | {"state": state, "detail": detail} | given)
    # It would look among the account's jobs for how its models are called.
    vars(made)["resulting_model"] = "ft:gpt-4o-mini-2024-07-18:acme:support-bot:xxxxxxxx"
    return made


def orders() -> list[Order]:
    """One of each state."""
    return [order(state) for state in Order.State]


def progresses() -> list[dict[str, Any]]:
    """How far an order can be, each as the component takes it."""
    lacking = {"training_file": "Choose a training file.", "base_model": "Choose a base model."}
    sending = order(Order.State.UPLOADING, "The training file is being sent.", progress=42)
    refused = order(Order.State.REFUSED, "The model is not available for fine-tuning.")
    log = [(timezone.now() - timedelta(seconds=9), "Asked for by ann.")]
    return [
        {"order": order(), "problems": [(field, words, False) for field, words in lacking.items()]},
        {"order": sending, "is_uploading": True, "log": log},
        {"order": refused, "is_refused": True},
        {"order": order(Order.State.CREATED, "The job is created."), "is_created": True},
    ]


def costs() -> list[Cost]:
    """Known, and not known."""
    price = Price(prefix="gpt-4o-mini", per_million=Decimal(3), source="the price list, 2026-09")
    length = Length(48_210, 820, None, "counted with o200k_base")
    known = Cost(price, length, estimate(48_210, 3, Decimal(3)))
    return [known, Cost(None, None, None, "The price table has no price for this model.")]
