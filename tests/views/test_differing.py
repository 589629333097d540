"""In what the jobs of a comparison differ, beside their figures."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.comparing import trained

pytestmark = pytest.mark.django_db


def page(browser: Client, query: str) -> str:
    return browser.get(f"{reverse('compare')}?{query}").content.decode()


def legend(html: str) -> str:
    return html.split('id="jobs-title"')[1].split("</table>")[0]


def test_in_what_jobs_differ_stands_beside_their_figures(browser: Client):
    one, two = trained("support-bot", epochs=3), trained("night-shift", epochs=9)

    html = legend(page(browser, f"jobs={one.pk},{two.pk}"))

    assert 'title="The jobs differ in this">Epochs</th>' in html
    assert [html.count(f'title="{epochs}">{epochs}<') for epochs in (3, 9)] == [1, 1]
    assert "Batch size" not in html


def test_of_many_differences_the_table_names_three_and_counts_the_others(browser: Client):
    names = ("n_epochs", "batch_size", "beta", "learning_rate_multiplier", "compute_multiplier")
    one, two = (
        trained(name, hyperparameters=dict.fromkeys(names, value))
        for name, value in (("support-bot", 1), ("night-shift", 2))
    )

    html = page(browser, f"jobs={one.pk},{two.pk}")

    assert legend(html).count("The jobs differ in this") == 3
    assert "2 more settings differ<" in html


def test_a_hidden_job_is_told_of_without_its_settings(browser: Client):
    one, two, three = (trained(f"job-{epochs}", epochs=epochs) for epochs in (3, 5, 9))

    html = legend(page(browser, f"jobs={one.pk},{two.pk},{three.pk}&hide={three.pk}"))

    assert 'title="5">5<' in html
    assert 'title="9">9<' not in html
