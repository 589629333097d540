from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms

from jobs.models import Account

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Account]
else:
    ModelForm = forms.ModelForm

OPENAI_HOST = "//api.openai.com"
KEEP = "Leave it empty to keep the stored key."
NO_KEY = "-"
KEYS = ("sealed_key", "sealed_admin_key")


class AccountForm(ModelForm):
    """An account's fields. The key is write-only: left empty, the one that is stored stays.

    A stored key is only ever sent where it was meant to go: whoever names another server must
    bring the key for it.
    """

    base_url = forms.URLField(
        label="Base URL",
        assume_scheme="https",
        initial="https://api.openai.com/v1",
        help_text="Where the API begins: https://api.openai.com/v1, https://NAME.openai.azure.com,"
        " https://api.tokenfactory.nebius.com/v1, or your own server's.",
    )
    api_key = forms.CharField(
        label="API key",
        error_messages={"required": "Paste the key that the service gave you."},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Stored encrypted, never shown again.",
    )

    admin_key = forms.CharField(
        label="Admin key",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Only to share checkpoints with other projects, which OpenAI allows to admin keys"
        " (sk-admin-…) alone. Stored encrypted, used for nothing else.",
    )

    class Meta:
        model = Account
        fields = ["name", "dialect", "base_url", "organization", "project"]
        labels = {"dialect": "Service"}
        help_texts = {
            "name": "What your team calls it.",
            "organization": "Only if the key belongs to several (org-…).",
            "project": "Only if the key belongs to several (proj_…).",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_server = server(self.instance.base_url)
        if self.instance.pk:
            self.fields["api_key"].required = False
            self.fields["api_key"].help_text = KEEP
        if self.instance.sealed_admin_key:
            self.fields["admin_key"].help_text = f"{KEEP} A hyphen removes it."

    def clean_base_url(self) -> str:
        return str(self.cleaned_data["base_url"]).rstrip("/")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("dialect") != Account.Dialect.OPENAI and OPENAI_HOST in given.get(
            "base_url", ""
        ):
            self.add_error("base_url", "This is OpenAI's address, but the service is another one.")
        elsewhere = server(given.get("base_url", "")) != self.known_server
        if self.instance.pk and elsewhere and not given.get("api_key"):
            self.add_error("api_key", "The base URL is another server: enter the key for it.")
        if self.instance.sealed_admin_key and elsewhere and not given.get("admin_key"):
            self.add_error(
                "admin_key", "The base URL is another server: enter its key, or a hyphen."
            )
        return given

    def save(self, commit: bool = True) -> Account:
        if key := self.cleaned_data["api_key"]:
            self.instance.api_key = key
        if key := self.cleaned_data["admin_key"]:
            self.instance.admin_key = "" if key == NO_KEY else key
        if commit and self.instance.pk:  # the poller writes the other columns meanwhile
            self.instance.save(update_fields=[*self.Meta.fields, *KEYS])
            return self.instance
        return super().save(commit)


def server(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
