"""What a page tells the browser of its scripts."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from jobs.templatetags.scripts import preloads
from tests.comparing import trained

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<link rel="modulepreload" href="/static/js/([\w-]+)\.js">')


def test_what_modules_import_is_asked_for_with_them_and_once(browser: Client):
    html = browser.get(trained("bot").get_absolute_url()).content.decode()

    told = LINK.findall(html)
    assert {"chart", "axis", "numbers"} <= set(told)  # itself, what it imports, what that imports
    assert len(told) == len(set(told))
    assert "arrivals" not in told


def test_a_comparison_asks_for_its_own(browser: Client):
    told = LINK.findall(browser.get(reverse("compare")).content.decode())

    assert {"compare-chart", "compare-look", "wire"} <= set(told)
    assert "detail" not in told


def test_a_module_that_is_not_there_is_a_fault_of_ours():
    with pytest.raises(FileNotFoundError, match="no script nowhere"):
        preloads("nowhere")
