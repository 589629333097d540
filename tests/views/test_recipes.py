"""What a job was asked to do, in words, whatever the service calls it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.making import make_account, make_job, make_order

pytestmark = pytest.mark.django_db

RECIPE = {"learning_rate": 2e-05, "lora": True, "lora_r": 16, "packing": False}
IN_WORDS = [
    "<dt>Learning rate</dt><dd>0.00002</dd>",
    "<dt>LoRA</dt><dd>yes</dd>",
    "<dt>LoRA rank</dt><dd>16</dd>",
    "<dt>Packing</dt><dd>no</dd>",
]


def squeezed(page: str) -> str:
    return "".join(line.strip() for line in page.splitlines())


def test_an_order_is_reviewed_in_words(browser: Client):
    account = make_account(dialect="nebius")
    order = make_order(account=account, hyperparameters=RECIPE)

    page = browser.get(reverse("order_detail", args=[order.key])).content.decode()

    for words in IN_WORDS:
        assert words in squeezed(page)


def test_a_job_tells_its_recipe_in_words(browser: Client):
    asked = {"supervised": {"hyperparameters": {"lora": False}}}
    job = make_job(method="supervised", method_recipe=asked, hyperparameters=RECIPE)

    page = squeezed(browser.get(job.get_absolute_url()).content.decode())

    for words in IN_WORDS[2:]:
        assert words in page
    assert '<dt>LoRA</dt><dd><span class="muted">no →</span> yes</dd>' in page


def reported(**wandb: object) -> list[dict[str, object]]:
    return [{"type": "wandb", "wandb": wandb}]


def test_a_job_links_the_run_that_it_reports_to(browser: Client):
    run = reported(entity="ann & co", project="tickets", run_id="ftjob-1")
    job = make_job(integrations=run)

    page = browser.get(job.get_absolute_url()).content.decode()

    assert 'href="https://wandb.ai/ann%20%26%20co/tickets/runs/ftjob-1"' in page


@pytest.mark.parametrize(
    "integrations",
    [reported(project="tickets", entity=None, run_id="1"), reported(), [{"wandb": 7}], ["wandb"]],
)
def test_a_run_whose_name_is_not_whole_is_not_linked(browser: Client, integrations: list[object]):
    page = browser.get(make_job(integrations=integrations).get_absolute_url()).content.decode()

    assert "wandb.ai" not in page
    assert "Integrations" in page


def test_a_job_shows_the_grader_that_rewards_it(browser: Client):
    grader = {"type": "string_check", "name": "<exact>"}
    job = make_job(method="reinforcement", method_recipe={"reinforcement": {"grader": grader}})

    page = browser.get(job.get_absolute_url()).content.decode()

    assert "&quot;name&quot;: &quot;&lt;exact&gt;&quot;" in page
