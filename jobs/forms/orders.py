"""What a person types for a new job. Reads texts into values; whether those are in bounds, and what is
wrong with the files, is judged by `jobs.orders.problems`, so that a draft can be kept as it is.
"""

from contextlib import suppress
from typing import Any, NamedTuple

from django import forms

from jobs.forms.recipe import as_typed, classes_of, fields_for, recipe_of
from jobs.forms.starters import STARTERS
from jobs.forms.texts import (
    JsonField,
    as_json,
    as_pairs,
    as_tags,
    pairs_as_text,
    tags_as_text,
)
from jobs.models import Account, Order, Upload
from jobs.models.hyperparameters import PARAMETERS
from jobs.models.order_checks import MOST_SEED
from jobs.upstream import DIALECTS, Feature

ROLES = ("training", "validation")
BRING = ("", "A file from this computer")
TEXTS = ("base_model", "suffix", "why")


class FileChoice(NamedTuple):
    """One that the service has; or the key of one that was brought, the place to bring it, and itself."""

    role: str
    field: forms.BoundField
    key: forms.BoundField
    new: forms.BoundField
    upload: Upload | None


class OrderForm(forms.Form):
    base_model = forms.CharField(
        required=False,
        label="Base model",
        widget=forms.TextInput(
            attrs={"list": "models", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text="One of the service's models, or one of your own to train on from.",
    )
    method = forms.ChoiceField(choices=Order.Method, widget=forms.RadioSelect)
    training_file = forms.CharField(required=False, label="Training file")
    training_upload = forms.UUIDField(required=False, widget=forms.HiddenInput)
    training_new = forms.FileField(required=False, label="Training file")
    validation_file = forms.CharField(required=False, label="Validation file")
    validation_upload = forms.UUIDField(required=False, widget=forms.HiddenInput)
    validation_new = forms.FileField(required=False, label="Validation file")
    grader = JsonField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "code"}),
        help_text="An object with a type: string_check, text_similarity, python, score_model or multi."
        " It sees the answer as {{sample.output_text}} and your file's other keys as {{item.…}}.",
    )
    response_format = JsonField(
        required=False,
        label="Response format",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "code"}),
        help_text="A JSON schema that answers must follow. Without it they are plain text.",
    )
    suffix = forms.CharField(
        required=False, help_text="Becomes part of the model's name, and the job's name here."
    )
    seed = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_SEED,
        help_text="The same seed and the same recipe give nearly the same model.",
    )
    metadata = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="One pair a line, as name = value. At most 15; the service keeps them with the job.",
    )
    wandb_project = forms.CharField(
        required=False,
        label="Project",
        help_text="The service then reports there, with the key that you gave it.",
    )
    wandb_entity = forms.CharField(required=False, label="Entity")
    wandb_name = forms.CharField(required=False, label="Run name")
    wandb_tags = forms.CharField(required=False, label="Tags", help_text="Between commas.")
    why = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Why",
        help_text="What is tried with this job; kept with it.",
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.dialect = DIALECTS[account.dialect]
        known = [choice for choice in Order.Method.choices if choice[0] in self.dialect.methods]
        self.fields["method"] = forms.ChoiceField(choices=known, widget=forms.RadioSelect)
        self.fields["suffix"].widget.attrs["maxlength"] = self.dialect.longest_suffix
        self.fields |= fields_for(self.dialect)
        for role in ROLES:
            self.fields[f"{role}_file"].widget = forms.Select(choices=self.files_for(role))

    def files_for(self, role: str) -> list[tuple[str, str]]:
        """The account's files; and the one that is chosen, though it be no longer there."""
        known = [
            (file.upstream_id, file.described()) for file in self.account.files.trainable()[:500]
        ]
        chosen = self[f"{role}_file"].value() or ""
        none = [] if role == "training" else [("-", "None")]
        choices = [*none, BRING, *known]
        others = [] if chosen in dict(choices) else [(chosen, f"{chosen} (not listed)")]
        return [*choices, *others]

    @property
    def file_choices(self) -> list[FileChoice]:
        return [self.file_choice(role) for role in ROLES]

    def file_choice(self, role: str) -> FileChoice:
        field, key, new = (self[f"{role}_{part}"] for part in ("file", "upload", "new"))
        return FileChoice(role, field, key, new, self.brought(role))

    @property
    def parameters(self) -> list[tuple[forms.BoundField, str]]:
        """(field, its classes) of each hyperparameter that this service takes."""
        names = [name for name in PARAMETERS if name in self.fields]
        return [(self[name], classes_of(PARAMETERS[name], self.dialect)) for name in names]

    @property
    def starters(self) -> list[tuple[str, str]]:
        return [(label, as_json(grader)) for label, grader in STARTERS.items()]

    @property
    def takes_metadata(self) -> bool:
        return Feature.METADATA not in self.dialect.lacks

    @property
    def takes_integrations(self) -> bool:
        return Feature.INTEGRATIONS not in self.dialect.lacks

    @property
    def reports(self) -> bool:
        """Somebody has begun to say where the service shall report."""
        fields = [self[f"wandb_{name}"] for name in ("project", "entity", "name", "tags")]
        return any(field.value() or field.errors for field in fields)

    @property
    def tries_graders(self) -> bool:
        return Feature.GRADERS not in self.dialect.lacks

    def clean_metadata(self) -> dict[str, Any]:
        return as_pairs(self.cleaned_data["metadata"])

    def wanted(self) -> dict[str, Any]:
        """The fields of an Order, but for what a person has just brought."""
        given = self.cleaned_data
        method = given["method"]
        wandb = {name: given[f"wandb_{name}"] for name in ("project", "entity", "name")}
        wandb = {name: value for name, value in wandb.items() if value}
        tags = as_tags(given["wandb_tags"])
        return {
            **{name: given[name] for name in TEXTS},
            **{name: given[name] for name in ("grader", "response_format", "seed", "metadata")},
            **{key: value for role in ROLES for key, value in self.file_of(role).items()},
            "method": method,
            "hyperparameters": recipe_of(method, self.dialect, given),
            "wandb": wandb | ({"tags": tags} if tags else {}) or None,
        }

    def file_of(self, role: str) -> dict[str, Any]:
        """A file of the service, or one that was brought; "-" is none at all."""
        chosen = self.cleaned_data[f"{role}_file"]
        brought = None if chosen else self.brought(role)
        return {f"{role}_file": "" if chosen == "-" else chosen, f"{role}_upload": brought}

    def brought(self, role: str) -> Upload | None:
        """Ours, by the key that the form carries; it may have expired."""
        with suppress(forms.ValidationError):
            key = self.fields[f"{role}_upload"].clean(self[f"{role}_upload"].value())
            return Upload.objects.filter(key=key).first() if key else None
        return None

    @property
    def to_mend(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.errors]

    def show(self, problems: dict[str, str]) -> None:
        """Beside each field what is wrong with it; what belongs to none goes on top."""
        names = {"wandb": "wandb_project"}
        for name, words in problems.items():
            field = names.get(name, name)
            self.add_error(field if field in self.fields else None, words)


def typed(order: Order) -> dict[str, Any]:
    """An order as the form shows it."""
    wandb = order.wandb or {}
    files: dict[str, Any] = {}
    for role in ROLES:
        upload: Upload | None = getattr(order, f"{role}_upload")
        none = "" if role == "training" or upload else "-"
        files[f"{role}_file"] = getattr(order, f"{role}_file") or none
        files[f"{role}_upload"] = upload.key if upload else ""
    return {
        **{name: getattr(order, name) for name in (*TEXTS, "method", "seed")},
        **{name: as_json(getattr(order, name)) for name in ("grader", "response_format")},
        **files,
        **as_typed(order.hyperparameters),
        "metadata": pairs_as_text(order.metadata),
        **{f"wandb_{name}": wandb.get(name) or "" for name in ("project", "entity", "name")},
        "wandb_tags": tags_as_text(wandb.get("tags") or []),
    }
