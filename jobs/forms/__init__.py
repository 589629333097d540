"""Forms: what a person types, read and judged before anything is kept."""

from jobs.forms.accounts import AccountForm
from jobs.forms.notes import NoteForm, TagForm, TagsForm
from jobs.forms.orders import OrderForm, typed
from jobs.forms.prices import PriceTable
from jobs.forms.sharing import SharingForm
from jobs.forms.texts import JsonField

__all__ = [
    "AccountForm",
    "JsonField",
    "NoteForm",
    "OrderForm",
    "PriceTable",
    "SharingForm",
    "TagForm",
    "TagsForm",
    "typed",
]
