"""What only the job page asks of templates: where a job reports to, and notes as people wrote them."""

from typing import Any
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString, mark_safe

from jobs.markdown import as_html

register = template.Library()

RUN = "https://wandb.ai/{}/{}/runs/{}"


@register.filter
def run_address(integration: Any) -> str:
    """Of the run at Weights & Biases that a job reports to; "" where a part of its name is missing."""
    wandb = integration.get("wandb") if isinstance(integration, dict) else None
    told = wandb if isinstance(wandb, dict) else {}
    parts = [told.get(name) for name in ("entity", "project", "run_id")]
    return RUN.format(*(quote(str(part), safe="") for part in parts)) if all(parts) else ""


@register.filter
def markdown(text: str) -> SafeString:
    return mark_safe(as_html(text))  # noqa: S308 (cleaned there)
