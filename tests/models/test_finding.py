"""What searches find, on whatever database the tests run: the examples of the help, and the edges."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jobs.models import File, Job, Listing, Tag, keys
from jobs.models.sources import NOBODY, Reader
from jobs.search.examples import EXAMPLES
from jobs.sync.telemetry import store_points
from tests.making import make_account, make_job, make_order, make_user

pytestmark = pytest.mark.django_db


def found(search: str, reader: Reader = NOBODY) -> set[str]:
    listing = Listing.read({"q": search}).seen_by(reader)
    assert listing.search.problems == ()
    assert listing.problems == ()
    jobs = set(listing.shown().values_list("name", flat=True))
    assert sum(listing.matching().count_by_state().values()) == len(jobs)
    return jobs


@pytest.fixture(params=["few", "many"], autouse=True)
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few jobs are looked up by their keys, many are held against sets: both find the same."""
    if request.param == "many":
        monkeypatch.setattr(keys, "FEW", -1)


def hours(number: float) -> Any:
    return timezone.now() - timedelta(hours=number)


BOT_IS: dict[str, Any] = {
    "name": "support bot",
    "method": "dpo",
    "state": Job.State.FAILED,
    "error_message": "Request Timeout while reading",
    "created_at": hours(24 * 10),
    "started_at": hours(24 * 10),
    "ended_at": hours(24 * 10 - 2),
    "step": 150,
    "best_loss": 0.5,
    "trained_tokens": 2_000_000,
    "hyperparameters": {"n_epochs": 4, "beta": 0.1},
    "metadata": {"team": "Search"},
}
INTENT_IS: dict[str, Any] = {
    "name": "intent",
    "suffix": "support",
    "base_model": "GPT-4o",
    "fine_tuned_model": "ft:gpt-4o:acme:intent:9",
    "step": 5000,
    "best_loss": 0.9,
    "trained_tokens": 1000,
    "gone_at": hours(0),
    "health": Job.Health.STALLED,
    "hyperparameters": {"n_epochs": 2},
    "metadata": {"team": "ranking"},
}


@pytest.fixture
def jobs() -> None:
    """One of each kind that the examples ask for."""
    ours = make_account(name="Ours")
    bot = make_job(account=ours, **BOT_IS)
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    started = midnight - timedelta(hours=2)
    intent = make_job(account=ours, created_at=hours(1), started_at=started, **INTENT_IS)
    make_job(
        name="old",
        base_model="tiny",
        state=Job.State.CANCELLED,
        created_at=hours(24 * 400),
        ended_at="2026-10-05T10:00:00Z",
    )
    make_job(account=ours, name="stored", archived_at=hours(1), method="dpo", step=150)
    make_order(asked_by=make_user("ann"), upstream_id=bot.upstream_id, account=ours)
    for job, *tags in ((bot, "prod", "eval"), (intent, "eval")):
        Tag.objects.bulk_create(Tag(job=job, name=tag) for tag in tags)
    store_points(bot, {"valid_loss": {1: 0.5, 9: 0.95}})
    store_points(intent, {"valid_loss": {1: 0.8, 9: 0.7}})


BOT, INTENT, OLD, STORED = "support bot", "intent", "old", "stored"
FINDS = {
    "support bot": {BOT},
    '"support bot"': {BOT},
    "support -bot": {INTENT},
    "support OR intent": {BOT, INTENT},
    "state:failed,cancelled": {BOT, OLD},
    "model:gpt-4o*": {BOT, INTENT},
    "model:ft:*:acme:*": {INTENT},
    "method:dpo": {BOT},
    "owner:ann": {BOT},
    "owner:me": {BOT},
    "tag:prod,eval": {BOT, INTENT},
    "tag:prod tag:eval": {BOT},
    "-tag:prod": {INTENT, OLD},
    "error:timeout": {BOT},
    "is:gone": {INTENT},
    "is:archived": {STORED},
    "is:pinned": {OLD},
    "health:stalled": {INTENT},
    "loss<0.8": {BOT},
    "step:100..2k": {BOT},
    "tokens>1m": {BOT},
    "-loss:*": {OLD},
    "step!=5000": {BOT, OLD},
    "created>7d": {INTENT},
    "created<7d": {BOT, OLD},
    "started:yesterday": {INTENT},
    "created>2026-11-01": {BOT, INTENT},
    "ended:2026-10..2026-11-15": {OLD},
    "duration>1h30m": {BOT, INTENT},
    "hp.n_epochs>3": {BOT},
    "meta.team:search": {BOT},
    "meta.team": {BOT, INTENT},
    "valid_loss<0.9": {INTENT},
    "min(valid_loss)<0.6": {BOT},
}


@pytest.mark.parametrize("search", [example.search for example in EXAMPLES])
def test_the_examples_of_the_help_find_what_they_say(jobs: None, search: str):
    pins = (Job.objects.get(name=OLD).pk,)

    assert found(search, Reader("ann", pins)) == FINDS[search]


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("SUPPORT", {BOT, INTENT}),
        ("ours", {BOT, INTENT}),  # their account
        ("test tiny", {OLD}),
        ("ny", {OLD}),  # too short for an index of trigrams
        ("-o", set()),
        ("sup*bot", {BOT}),
        ("name:SUPPORT*", {BOT}),
        ("name:support", set()),
        ("id:ftjob-1", {BOT}),
        ("suffix:sup*", {INTENT}),
        ("-suffix:*", {BOT, OLD}),
        ("account:o*", {BOT, INTENT}),
        ("model:gpt-4o", {INTENT}),
        ("-model:gpt*", {OLD}),
        ("owner:*", {BOT}),
        ("-owner:*", {INTENT, OLD}),
        ("is:ended", {BOT, OLD}),
        ("is:active", set()),
        ("is:archived method:dpo", {STORED}),
        ("is:arch*,gone", {STORED, INTENT}),
        ("method:dpo is:archived OR is:ended", {BOT, STORED}),
        ("-is:archived method:dpo", {BOT}),
        ("is:pinned", set()),
        ("owner:me", set()),
        ("-error:*", {INTENT, OLD}),
        ("-loss<0.8", {INTENT, OLD}),
        ("loss!=0.5 loss:*", {INTENT}),
        ("hp.n_epochs!=4", {INTENT, OLD}),
        ("hp.beta", {BOT}),
        ("epochs:2..4", {BOT, INTENT}),
        ("meta.team:*ING,absent", {INTENT}),
        ("-meta.team:search", {INTENT, OLD}),
        ("meta.none:x", set()),
        ("best(valid_loss)<0.6", {BOT}),
        ("max(valid_loss)>=0.95", {BOT}),
        ("-valid_loss:*", {OLD}),
        ("duration:1h..3h -is:gone", {BOT}),
        ("loss>0.8 OR tag:prod OR state:cancelled", {BOT, INTENT, OLD}),
        ("tag:eval -tag:prod", {INTENT}),
        ("tag:eval (", set()),
    ],
)
def test_terms_find_what_people_expect(jobs: None, search: str, names: set[str]):
    assert found(search) == names


@pytest.mark.parametrize("name", ["50%_off", r"back\slash", 'say "it"', "l'art", "Ünïcode"])
def test_no_sign_in_a_name_is_taken_for_a_wildcard(name: str):
    make_job(name=name)
    make_job(name="50xx5off backslash say it lart")
    quoted = '"' + name.replace("\\", r"\\").replace('"', r"\"") + '"'

    assert found(quoted) == {name}
    assert found(f"name:{quoted}") == {name}


def test_a_file_is_found_by_its_id_and_by_its_name():
    job = make_job(name="reads", training_file="file-A", result_files=["file-B"])
    make_job(name="other", training_file="file-C")
    File.objects.create(account=job.account, upstream_id="file-A", filename="train.jsonl", bytes=1)

    assert found("file:file-B") == {"reads"}
    assert found("file:train*") == {"reads"}
    assert found("-file:file-b,file-a") == {"other"}


def test_a_hyperparameter_is_found_as_asked_and_as_resolved():
    asked = {"supervised": {"hyperparameters": {"n_epochs": "auto", "batch_size": 4}}}
    resolved = {"n_epochs": 3, "batch_size": 8}
    make_job(name="tuned", method="supervised", method_recipe=asked, hyperparameters=resolved)

    assert found("hp.n_epochs:auto hp.n_epochs:3") == {"tuned"}
    assert found("hp.batch_size:4") == set()
    assert found("hp.batch_size:8") == {"tuned"}


def test_a_pause_does_not_lengthen_a_job():
    paused = {"state": Job.State.PAUSED, "started_at": hours(9), "stepped_at": hours(8)}
    make_job(name="paused", **paused)
    make_job(name="runs", started_at=hours(9))
    make_job(name="queued", state=Job.State.QUEUED)

    assert found("duration>2h") == {"runs"}
    assert found("duration<2h") == {"paused"}
    assert found("-duration:*") == {"queued"}


def test_me_is_whoever_reads_beside_those_who_are_named(jobs: None):
    make_order(asked_by=make_user("bob"), upstream_id=Job.objects.get(name=INTENT).upstream_id)
    Job.objects.filter(name=INTENT).update(account=make_account())

    assert found("owner:me", Reader("bob")) == {INTENT}
    assert found("owner:me,ann", Reader("bob")) == {BOT, INTENT}
    assert found("-owner:me", Reader("ann")) == {INTENT, OLD}


def test_what_cannot_be_read_is_left_out_and_said():
    make_job(name="low", best_loss=0.1)
    make_job(name="high", best_loss=0.9)

    listing = Listing.read({"q": "loss<0.5 valid_los<1"})

    assert [job.name for job in listing.matching()] == ["low"]
    assert [problem.instead for problem in listing.search.problems] == ["loss<0.5 valid_loss<1"]
