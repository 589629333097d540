import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job, Pulse, Series
from jobs.views import compared
from tests.comparing import trained
from tests.making import BORN, make_event, make_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_advice_kept() -> None:
    compared.kept.clear()


def page(browser: Client, query: str = "", **headers: str) -> str:
    reply = browser.get(f"{reverse('compare')}?{query}", headers=headers)
    assert reply.status_code == 200
    return reply.content.decode()


def test_before_there_is_a_job_it_says_what_comes(browser: Client):
    assert "Nothing to compare yet" in page(browser)


def test_a_name_that_no_job_has_is_said_to_find_none(browser: Client):
    trained("support-bot")

    html = page(browser, "q=zebra")

    assert "No name, id or model holds “zebra”" in html


def test_without_jobs_it_offers_the_newest_to_choose_from(browser: Client):
    job = trained("support-bot")

    html = page(browser)

    assert f'name="jobs" value="{job.pk}"' in html
    assert "Which jobs?" in html


def test_without_any_job_it_says_where_they_come_from(browser: Client):
    assert reverse("account_list") in page(browser)


def test_each_job_is_told_with_its_figures_recipe_and_best_checkpoint(browser: Client):
    one, two = trained("support-bot"), trained("night-shift", epochs=9, loss=0.4)

    html = page(browser, f"jobs={one.pk},{two.pk}")

    for words in ("support-bot", "ft:x:night-shift", "differs: ", "only checkpoint is step 20"):
        assert words in html
    assert f"{reverse('compare_curves')}?jobs={one.pk},{two.pk}&amp;metric=valid_loss" in html


def test_jobs_may_be_named_one_by_one_as_a_form_does(browser: Client):
    one, two = trained("support-bot"), trained("night-shift")

    html = page(browser, f"jobs={one.pk}&jobs={two.pk}")

    assert f'data-jobs="{one.pk},{two.pk}"' in html


@pytest.mark.parametrize("number", [2, 40])
def test_a_comparison_costs_the_same_for_any_number_of_jobs(
    browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries, number: int
):
    keys = [trained(f"job-{index}", epochs=index).pk for index in range(number)]

    with django_assert_max_num_queries(14):
        page(browser, f"jobs={','.join(map(str, keys))}&base={keys[0]}")


def test_advice_is_given_however_little_of_it_is_kept(
    browser: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(compared, "MOST_KEPT", 1)
    one, two = trained("support-bot"), trained("night-shift")

    for jobs in ([one], [one, two], [two]):
        html = page(browser, "jobs=" + ",".join(str(job.pk) for job in jobs))
        assert html.count("only checkpoint is step 20") == len(jobs)


def test_a_job_that_is_not_there_is_told_and_the_others_are_shown(browser: Client):
    job = trained("support-bot")

    html = page(browser, f"jobs={job.pk},999")

    assert "There is no job 999" in html
    assert "support-bot" in html


def test_a_job_of_which_nothing_is_known_is_compared_all_the_same(browser: Client):
    jobs = [make_job(name="fresh", base_model=""), trained("support-bot")]

    html = page(browser, f"jobs={jobs[0].pk},{jobs[1].pk}&base={jobs[0].pk}")

    assert "It has no checkpoint yet." in html


def test_jobs_without_any_step_have_no_chart(browser: Client):
    html = page(browser, f"jobs={make_job().pk}")

    assert "None of these jobs has reported a step yet." in html
    assert "One job alone" in html


def test_words_of_the_service_are_never_markup_here(browser: Client):
    evil = "<script>alert(1)</script>"
    job = trained(evil, base_model=evil, metadata={evil: evil}, hyperparameters={evil: evil})

    html = page(browser, f"jobs={job.pk}&across={evil}&metric={evil}&q={evil}")

    assert "<script>alert" not in html


def test_a_metric_that_none_has_is_told(browser: Client):
    assert "a metric “reward”" in page(browser, f"jobs={trained('x').pk}&metric=reward")


def test_an_axis_that_nobody_knows_cannot_be_chosen_and_says_why(browser: Client):
    job = trained("support-bot", trained_tokens=None)

    html = page(browser, f"jobs={job.pk}")

    assert "Trained tokens \N{EN DASH} a service tells them at the end" in html


def test_whose_curve_is_left_out_on_an_axis_is_told(browser: Client):
    knows, not_yet = trained("support-bot"), trained("night-shift", trained_tokens=None)

    html = page(browser, f"jobs={knows.pk},{not_yet.pk}&x=tokens")

    assert "not known of them: 2 night-shift." in html


def test_deltas_stand_beside_each_figure_of_the_others(browser: Client):
    base, other = trained("support-bot", loss=0.8), trained("night-shift", loss=0.4)

    html = page(browser, f"jobs={base.pk},{other.pk}&base={base.pk}")

    assert "\N{MINUS SIGN}0.4000 (\N{MINUS SIGN}50.0\u202f%)" in html


def test_a_change_by_htmx_is_a_page_of_its_own_under_its_shortest_address(browser: Client):
    job = trained("support-bot")
    address = f"{reverse('compare')}?jobs={job.pk}&x=step&smooth=0&y=log"
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/compare"}

    reply = browser.get(address, headers=headers)

    assert reply.headers["HX-Push-Url"] == f"/compare?jobs={job.pk}&y=log"


def test_a_refresh_of_the_same_page_leaves_the_history_alone(browser: Client):
    address = f"{reverse('compare')}?jobs={trained('support-bot').pk}"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{address}"}

    assert "HX-Push-Url" not in browser.get(address, headers=headers).headers


def test_an_unchanged_page_and_unchanged_curves_are_not_sent_again(browser: Client):
    Pulse.raise_version()
    job = trained("support-bot")
    for address in (
        f"{reverse('compare')}?jobs={job.pk}",
        f"{reverse('compare_curves')}?jobs={job.pk}&metric=valid_loss",
    ):
        first = browser.get(address)

        again = browser.get(address, headers={"If-None-Match": first.headers["ETag"]})

        assert again.status_code == 304
        assert first.content


def test_curves_of_a_job_that_changed_are_sent_again(browser: Client):
    job = trained("support-bot")
    address = f"{reverse('compare_curves')}?jobs={job.pk}&metric=valid_loss"
    first = browser.get(address)
    Series.objects.add(job, {"valid_loss": {21: 0.5}})
    Job.objects.update(revision=job.revision + 1)

    again = browser.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 200
    assert again.content != first.content


def curves(browser: Client, query: str) -> dict[int, list[float]]:
    """x of each job's line, as far as it came as float64."""
    content = browser.get(f"{reverse('compare_curves')}?{query}").content
    length = int.from_bytes(content[:4], "little")
    data = json.loads(content[4 : 4 + length])["figure"]["data"]
    binary = memoryview(content)[4 + length :]
    return {
        trace["meta"]["job"]: list(
            binary[trace["x"]["at"] :][: 8 * trace["x"]["count"]].cast("d")
            if trace["x"]["kind"] == "d"
            else binary[trace["x"]["at"] :][: 4 * trace["x"]["count"]].cast("I")
        )
        for trace in data
    }


@pytest.mark.parametrize(
    ("axis", "last"), [("step", 20), ("epoch", 3), ("tokens", 2000), ("elapsed", 20)]
)
def test_curves_are_aligned_as_asked(browser: Client, axis: str, last: float):
    job, other = trained("support-bot"), trained("night-shift")
    for step in range(1, 21):
        make_event(job, step=step, created_at=BORN + timedelta(minutes=step))

    found = curves(browser, f"jobs={job.pk},{other.pk}&metric=valid_loss&x={axis}")

    assert found.keys() == {job.pk, other.pk}
    assert found[job.pk][-1] == pytest.approx(last)


def test_one_job_that_moved_is_asked_for_alone(browser: Client):
    job, other = trained("support-bot"), trained("night-shift")

    found = curves(browser, f"jobs={job.pk},{other.pk}&metric=valid_loss&only={other.pk}")

    assert list(found) == [other.pk]


def test_the_search_box_offers_what_is_not_compared_yet(browser: Client):
    chosen, other = trained("support-bot"), trained("support-desk")

    reply = browser.get(f"{reverse('compare_offers')}?jobs={chosen.pk}&base={chosen.pk}&q=support")

    html = reply.content.decode()
    assert f'href="/compare?jobs={chosen.pk},{other.pk}&amp;base={chosen.pk}"' in html
    assert "support-bot" not in html


def test_a_search_that_finds_nothing_says_so(browser: Client):
    assert "No other job" in browser.get(f"{reverse('compare_offers')}?q=moon").content.decode()
