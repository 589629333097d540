"""What people write about a job: notes, in Markdown, and tags."""

from typing import Any

from django import forms

from jobs.models.note import LONGEST
from jobs.models.tag import LONGEST as LONGEST_TAG


class LinesField(forms.CharField):
    """Lines as we keep them. Browsers send the end of a line as two characters and count it as one."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class NoteForm(forms.Form):
    text = LinesField(
        label="Note",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "What is worth knowing about it"}),
        error_messages={"required": "A note says something."},
    )


class TagForm(forms.Form):
    """Several between commas. Quotes are left to the search, which needs them around blanks."""

    names = forms.CharField(
        label="Tags",
        max_length=500,
        widget=forms.TextInput(
            attrs={"list": "known-tags", "autocomplete": "off", "placeholder": "Add a tag"}
        ),
        error_messages={"required": "Name a tag."},
    )

    def clean_names(self) -> list[str]:
        named = " ".join(self.cleaned_data["names"].replace('"', "").split())
        names = list(dict.fromkeys(filter(None, map(str.strip, named.split(",")))))
        if not names and self.fields["names"].required:
            raise forms.ValidationError("Name a tag.")
        if any(len(name) > LONGEST_TAG for name in names):
            raise forms.ValidationError(f"A tag has at most {LONGEST_TAG} characters.")
        return names


class NamesField(forms.MultipleChoiceField):
    """Any names: of what is no longer there, nothing is left to be taken off."""

    def valid_value(self, value: Any) -> bool:
        return True


class TagsForm(TagForm):
    """What is put on many jobs, and what is taken off them: of the two, at least one."""

    off = NamesField(required=False)

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        names = self.fields["names"]
        names.required, names.label = False, "Put on"
        names.help_text = "With commas between. What a job has already, it keeps."
        names.widget.attrs |= {"placeholder": "prod, needs review", "autofocus": True}

    def clean(self) -> dict[str, Any]:
        if not (self.errors or self.cleaned_data["names"] or self.cleaned_data["off"]):
            raise forms.ValidationError("Name a tag to put on, or choose one to take off.")
        return self.cleaned_data
