"""Forms: what a person types, read and judged before anything is kept."""

from jobs.forms.accounts import AccountForm

__all__ = ["AccountForm"]
