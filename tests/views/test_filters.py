"""The filter beside the search box: what it offers, and the search that it writes."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.models import Job, Listing, Tag
from jobs.models.filters import controls, offered
from jobs.models.sources import Reader
from jobs.sync.telemetry import store_points
from tests.making import make_account, make_job, make_order, make_user

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def form(browser: Client, **query: str) -> str:
    return browser.get(reverse("filter"), query).content.decode()


def show(browser: Client, **given: Any) -> dict[str, str]:
    """Press the form's button: the query string of the list that it leads to."""
    reply = browser.get(reverse("filter"), {"show": "", **given})
    address = urlsplit(reply.headers["Location"])
    assert address.path == reverse("job_list")
    return dict(parse_qsl(address.query))


def options(html: str, label: str) -> list[str]:
    """What this control offers; a chosen one has a star."""
    found = re.search(rf"<label[^>]*>{label}</label>\s*<select.*?</select>", html, re.DOTALL)
    assert found
    told = re.findall(r'<option value="[^"]*"( selected)?>([^<]*)<', found[0])
    return [unescape(words) + "*" * bool(chosen) for chosen, words in told]


def test_its_choices_are_what_jobs_have(browser: Client):
    job = make_job(account=make_account(name="Ours"), base_model="tiny", method="dpo")
    make_job(account=make_account(name="Theirs"), base_model="Large", method="supervised")
    make_order(asked_by=make_user("ann"), upstream_id=job.upstream_id)
    Tag.objects.create(job=job, name="needs review")

    html = form(browser)

    assert options(html, "Account") == ["Any", "Ours", "Test", "Theirs"]
    assert options(html, "Base model") == ["Any", "Large", "tiny"]
    assert options(html, "Method") == ["Any", "dpo", "supervised"]
    assert options(html, "Owner") == ["Any", "Me", "ann", "Nobody"]
    assert options(html, "Tag") == ["Any", "needs review", "None"]


def test_a_field_that_no_job_has_is_not_offered(browser: Client):
    html = form(browser)

    assert ">Method</label>" not in html
    assert ">Tag</label>" not in html


def test_what_the_search_says_is_chosen_already(browser: Client):
    make_job(method="dpo")

    html = form(browser, q="bot method:DPO created>7d -is:gone health:late OR x")

    assert options(html, "Method") == ["Any", "dpo*"]
    assert "In the last 7 days*" in options(html, "Created")
    assert not any(words.endswith("*") for words in options(html, "Health"))
    assert not any(words.endswith("*") for words in options(html, "Jobs that are"))


def test_the_search_gains_what_is_chosen_and_the_list_stays_as_it_is(browser: Client):
    make_job(method="dpo")
    make_job(method="supervised")

    query = show(
        browser,
        q='"support bot" method:supervised',
        state="failed",
        sort="loss",
        columns="name,seed",
        term=["method:dpo", "", "created>7d"],
    )

    assert query == {
        "q": '"support bot" method:dpo created>7d',
        "state": "failed",
        "sort": "loss",
        "columns": "name,seed",
    }


@pytest.mark.parametrize(
    ("row", "search"),
    [
        ({"name": "hp.n_epochs", "sign": ">=", "value": "3"}, "bot hp.n_epochs>=3"),
        ({"name": " meta.team", "sign": ":", "value": " a  b "}, 'bot meta.team:"a b"'),
        ({"name": "hp.beta", "sign": ":", "value": ""}, "bot hp.beta:*"),
        ({"name": "loss", "sign": "; DROP", "value": "1"}, "bot loss:1"),
        ({"name": "", "sign": "<", "value": ""}, "bot"),
    ],
)
def test_a_comparison_becomes_a_term(browser: Client, row: dict[str, str], search: str):
    assert show(browser, q="bot", **row)["q"] == search


def test_without_any_choice_the_whole_list_is_shown_even_if_a_view_opens_first(browser: Client):
    assert show(browser, q="is:gone", term="") == {"sort": "-created"}


def test_names_to_compare_are_those_that_jobs_have(browser: Client):
    job = make_job(hyperparameters={"n_epochs": 3}, metadata={"team": "x"}, training_file="file-A")
    store_points(job, {"train_kl": {1: 0.5}})

    names = re.findall(r'<option value="([^"]*)"></option>', form(browser))

    assert {"loss", "error", "hp.n_epochs", "meta.team", "train_kl", "max(train_kl)"} <= set(names)
    assert not {"hp.beta", "file-A"} & set(names)
    for name in names:
        assert Listing.read({"q": f"{name}:*"}).search.problems == (), name


@pytest.mark.parametrize("name", ["plain", "with blank", 'say "it"', "50%*", "a,b", "back\\slash"])
def test_every_choice_finds_the_jobs_that_have_it(name: str):
    account = make_account(name=name)
    job = make_job(account=account, name="has-it", base_model=name, method=name)
    Tag.objects.create(job=job, name=name)
    make_order(account=account, asked_by=make_user(name), upstream_id=job.upstream_id)
    make_job(name="other", base_model="50%xx", method="50%xx")

    for label in ("Account", "Base model", "Method", "Owner", "Tag"):
        (term,) = [term for term, words in offered()[label].items() if words == name]
        listing = Listing.read({"q": term}).seen_by(Reader("nobody"))
        assert listing.search.problems == ()
        assert [each.name for each in listing.shown()] == ["has-it"], label
        assert [o.label for c in controls(term) for o in c.options if o.is_chosen] == [name]


def test_every_fixed_choice_can_be_read(browser: Client):
    make_job(state=Job.State.FAILED)

    for terms in offered().values():
        for term in terms:
            assert Listing.read({"q": term}).search.problems == (), term


def test_a_script_gets_the_form_alone(browser: Client):
    html = browser.get(reverse("filter"), {"q": "bot"}, headers=HTMX).content.decode()

    assert html.lstrip().startswith("<form")
    assert "<html" not in html


def test_it_costs_the_same_for_any_number_of_jobs(browser: Client):
    counts = []
    for _ in range(3):
        for _ in range(10):
            make_job(method="dpo")
        with CaptureQueriesContext(connection) as queries:
            form(browser)
        counts.append(len(queries))

    assert counts[1] == counts[2]
