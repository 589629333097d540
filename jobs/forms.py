from typing import TYPE_CHECKING, Any

from django import forms

from jobs.models import Account

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Account]
else:
    ModelForm = forms.ModelForm


class AccountForm(ModelForm):
    """An account's fields. The key is write-only: left empty, the one that is stored stays."""

    base_url = forms.URLField(
        label="Base URL",
        assume_scheme="https",
        initial="https://api.openai.com/v1",
        help_text="Where the API begins, usually up to and including /v1.",
    )
    api_key = forms.CharField(
        label="API key",
        error_messages={"required": "Paste the key that the service gave you."},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Stored encrypted, never shown again.",
    )

    class Meta:
        model = Account
        fields = ["name", "dialect", "base_url", "api_key", "organization", "project"]
        labels = {"dialect": "Service"}
        help_texts = {
            "name": "What your team calls it.",
            "organization": "Only if the key belongs to several (org-…).",
            "project": "Only if the key belongs to several (proj_…).",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["api_key"].required = False
            self.fields["api_key"].help_text = "Leave it empty to keep the stored key."

    def clean_api_key(self) -> str:
        return self.cleaned_data["api_key"] or self.instance.api_key

    def clean_base_url(self) -> str:
        return str(self.cleaned_data["base_url"]).rstrip("/")
