"""The hyperparameters of the order form: those that a service takes, as people type them, and back again."""

from typing import Any

from django import forms

from jobs.forms.texts import as_value
from jobs.models.hyperparameters import AUTO, PARAMETERS, Hyperparameter, offered
from jobs.upstream import Dialect


def fields_for(service: Dialect) -> dict[str, forms.Field]:
    known = [each for each in PARAMETERS.values() if methods_of(each, service)]
    return {each.name: field_of(each, service) for each in known}


def methods_of(parameter: Hyperparameter, service: Dialect) -> list[str]:
    """The ways of training in which this service takes it."""
    return [
        method
        for method in service.methods
        if parameter in offered(method, service.hyperparameters)
    ]


def classes_of(parameter: Hyperparameter, service: Dialect) -> str:
    """By these the page shows it where it belongs to the method that is chosen."""
    return " ".join(f"for-{method}" for method in methods_of(parameter, service))


def field_of(parameter: Hyperparameter, service: Dialect) -> forms.Field:
    asked: dict[str, Any] = {
        "required": False,
        "label": parameter.label,
        "help_text": parameter.help,
    }
    if parameter.choices:
        return forms.ChoiceField(choices=[(word, word) for word in parameter.choices], **asked)
    field = forms.CharField(**asked)
    empty = AUTO if service.hyperparameters is None else "default"
    field.widget.attrs |= {"placeholder": empty, "autocomplete": "off", "inputmode": "decimal"}
    return field


def recipe_of(method: str, service: Dialect, given: dict[str, Any]) -> dict[str, Any]:
    """What was typed, as values; without what the service shall choose."""
    values = {
        each.name: value_of(each, given[each.name])
        for each in offered(method, service.hyperparameters)
    }
    return {name: value for name, value in values.items() if value != ""}


def value_of(parameter: Hyperparameter, text: str) -> Any:
    return parameter.choices.get(text, text) if parameter.choices else as_value(text)


def as_typed(recipe: dict[str, Any]) -> dict[str, Any]:
    return {name: word_of(name, value) for name, value in recipe.items()}


def word_of(name: str, value: Any) -> Any:
    choices = PARAMETERS[name].choices if name in PARAMETERS else {}
    return next((word for word, chosen in choices.items() if chosen == value), value)
