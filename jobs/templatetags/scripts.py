"""Modules that import others, asked for all at once: else each is found out when its importer has come."""

import re
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import PrefixNode
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

IMPORTED = re.compile(r'from "\./([\w-]+)\.js"')


@register.simple_tag
@cache
def preloads(module: str) -> SafeString:
    """Links to all that this one of our modules imports, under the names by which it does."""
    prefix = PrefixNode.handle_simple("STATIC_URL")
    addresses = [(f"{prefix}js/{name}.js",) for name in imported(module, [])]
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', addresses)


def imported(module: str, known: list[str]) -> list[str]:
    """What is known already, then what this module and those that it imports want, each once."""
    path = finders.find(f"js/{module}.js")
    if not isinstance(path, str):
        raise FileNotFoundError(f"There is no script {module}.js")
    for name in IMPORTED.findall(Path(path).read_text()):
        if name not in known:
            known.append(name)
            imported(name, known)
    return known
