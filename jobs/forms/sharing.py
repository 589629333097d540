"""With which projects a model is to be shared: their ids, as somebody pastes them."""

import re

from django import forms

PROJECT = re.compile(r"proj_[\w-]{1,80}", re.ASCII)
MOST_AT_ONCE = 20


class SharingForm(forms.Form):
    projects = forms.CharField(
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "proj_…"}
        ),
        error_messages={"required": "Name the project: its id begins with proj_."},
        help_text="The id of a project of the same organization; several between blanks or commas.",
    )
    why = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept in the ledger.",
    )

    def clean_projects(self) -> list[str]:
        """Each once, in the order in which they were named."""
        named = list(
            dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data["projects"].strip(" ,;")))
        )
        for name in named:
            if not PROJECT.fullmatch(name):
                raise forms.ValidationError(
                    f"“{name}” is no id of a project: one begins with proj_."
                )
        if len(named) > MOST_AT_ONCE:
            raise forms.ValidationError(f"At most {MOST_AT_ONCE} projects at once.")
        return named
