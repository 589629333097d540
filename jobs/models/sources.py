"""From a term of a search to the jobs that it is true of: which table is asked, and how."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import F, Q
from django.db.models.functions import Lower

from jobs.models.account import Account
from jobs.models.file import File
from jobs.models.job import Job
from jobs.models.keys import Keys, Tests, WordKeys, any_of, fitting, measured, written
from jobs.models.measures import BASE_MODEL, DURATION, METHOD, NAME, Head, Seconds
from jobs.models.metric import MetricSummary
from jobs.models.order import Order
from jobs.models.tag import Tag
from jobs.models.trait import Trait, folded
from jobs.models.vocabulary import distinct
from jobs.models.words import TRIGRAM, Words
from jobs.search import Between, Pattern, Subject, Term
from jobs.search.fields import lower_is_better
from jobs.search.query import ME
from jobs.search.values import Test

TUNED = "ft"  # stands in the name of every model that was made by tuning


class Reader(NamedTuple):
    """Who searches: what theirs is called, and which jobs they have pinned."""

    name: str = ""
    pins: tuple[int, ...] = ()


NOBODY = Reader()


class Asked(NamedTuple):
    """When, and by whom: what is young, and whose `me` is."""

    at: datetime
    by: Reader


Source = Callable[[Subject, Tests, Asked], Keys]


def keys_of(term: Term, asked: Asked) -> Keys:
    """The jobs that this is true of, or, of a negated term, that it is to leave out."""
    return SOURCES[term.subject.what](term.subject, term.tests, asked)


def by_number(column: str) -> Source:
    return lambda _, tests, asked: Keys(
        Job.objects.filter(any_of(measured(column, test, asked.at) for test in tests))
    )


def by_text(column: Any) -> Source:
    return lambda _, tests, asked: Keys(
        Job.objects.filter(any_of(written(column, test) for test in tests))
    )


def by_choice(column: str, choices: Iterable[str]) -> Source:
    known = list(choices)
    return lambda _, tests, asked: Keys(
        Job.objects.filter(**{f"{column}__in": fitting(known, tests)})
    )


def by_free_words(_: Subject, tests: Tests, asked: Asked) -> Keys:
    """In a name or an id of the job, or in the name of its account."""
    parts = tuple(part for t in tests if isinstance(t, Pattern) for part in t.parts if part)
    words = Words.objects.holding(*parts)
    accounts = [
        account.pk
        for account in Account.objects.only("name")
        if all(part.lower() in account.name.lower() for part in parts)
    ]
    if not accounts:
        return WordKeys(words, "job_id", parts)
    either = Q(pk__in=words.values("job_id")) | Q(account__in=accounts)
    return Keys(Job.objects.filter(either))


def by_model(_: Subject, tests: Tests, asked: Asked) -> Keys:
    """By the base model, of which there are few; or by the name of what came of it."""
    bases = fitting(distinct(Job, Head.sql("base_model")), tests)
    found = Q(base__in=bases)
    for test in tests:
        if isinstance(test, Pattern) and TUNED in test.text.lower():
            indexed = [part for part in test.parts if len(part) >= TRIGRAM]
            words = Words.objects.holding(*indexed).values("job_id")
            found |= Q(written(F("fine_tuned_model"), test), pk__in=words)
    return Keys(Job.objects.alias(base=BASE_MODEL).filter(found))


def by_method(_: Subject, tests: Tests, asked: Asked) -> Keys:
    methods = fitting(distinct(Job, Head.sql("method")), tests)
    return Keys(Job.objects.alias(way=METHOD).filter(way__in=methods))


def by_account(_: Subject, tests: Tests, asked: Asked) -> Keys:
    names = fitting(Account.objects.values_list("name", flat=True), tests)
    accounts = Account.objects.filter(name__in=names)
    return Keys(Job.objects.filter(account__in=list(accounts.values_list("pk", flat=True))))


def by_id(_: Subject, tests: Tests, asked: Asked) -> Keys:
    return Keys(Job.objects.filter(any_of(written(F("upstream_id"), test) for test in tests)))


def by_owner(_: Subject, tests: Tests, asked: Asked) -> Keys:
    """Who ordered it here. A job that two accounts list has the same id with both, and one owner."""
    if Pattern((ME,)) in tests:
        tests = (*tests, Pattern((asked.by.name,)))
    names = fitting(get_user_model().objects.values_list("username", flat=True), tests)
    orders = Order.objects.filter(asked_by__username__in=names).exclude(upstream_id="")
    accounts = list(Account.objects.values_list("pk", flat=True))
    ids = orders.order_by().values("upstream_id")
    return Keys(Job.objects.filter(account__in=accounts, upstream_id__in=ids))


def by_tag(_: Subject, tests: Tests, asked: Asked) -> Keys:
    return Keys(Tag.objects.filter(any_of(written(F("name"), test) for test in tests)), "job_id")


def by_file(_: Subject, tests: Tests, asked: Asked) -> Keys:
    """A file that it read or wrote, by its id, or by its name where the account's files are known."""
    files = File.objects.annotate(word=Lower("upstream_id"))
    named = files.filter(any_of(written(F("filename"), test) for test in tests))
    traits = Trait.objects.filter(name="file")
    ids = any_of(spelled(test, asked.at) for test in tests)
    return Keys(traits.filter(ids | Q(word__in=named.values("word"))), "job_id")


def by_error(_: Subject, tests: Tests, asked: Asked) -> Keys:
    parts = [Pattern(("", *test.parts, "")) for test in tests if isinstance(test, Pattern)]
    columns = (F("error_code"), F("error_message"))
    return Keys(Job.objects.filter(any_of(written(c, test) for c in columns for test in parts)))


def by_quality(_: Subject, tests: Tests, asked: Asked) -> Keys:
    qualities = {
        "active": Q(ended_at=None, gone_at=None),
        "ended": Q(ended_at__isnull=False),
        "gone": Q(gone_at__isnull=False),
        "archived": Q(archived_at__isnull=False),
        "pinned": Q(pk__in=asked.by.pins),
    }
    meant = fitting(qualities, tests)
    return Keys(Job.objects.filter(any_of(qualities[each] for each in meant)))


def by_duration(_: Subject, tests: Tests, asked: Asked) -> Keys:
    """To its end; while it is paused, to its last step; while it goes on, to now."""
    now = asked.at
    ended = any_of(measured("to_end", test, now) for test in tests)
    paused = any_of(measured("to_step", test, now) for test in tests)
    running = any_of(measured("started_at", since(test, now), now) for test in tests)
    rests = Q(ended_at=None, state=Job.State.PAUSED)
    goes_on = Q(ended_at=None) & ~Q(state=Job.State.PAUSED)
    to_step = Seconds(F("stepped_at"), F("started_at"))
    jobs = Job.objects.alias(to_end=DURATION, to_step=to_step)
    return Keys(jobs.filter(ended | (rests & paused) | (goes_on & running)))


def since(test: Test, now: datetime) -> Test:
    """When a job began that lasts so long now: the longer, the sooner."""
    if isinstance(test, Pattern):
        return test
    least, most = (
        None if each is None else now - timedelta(seconds=each) for each in (test.most, test.least)
    )
    return Between(least, most, test.is_below, test.is_above)


def by_trait(subject: Subject, tests: Tests, asked: Asked) -> Keys:
    traits = Trait.objects.filter(name=f"{subject.what}.{subject.name}")
    return Keys(traits.filter(any_of(spelled(test, asked.at) for test in tests)), "job_id")


def spelled(test: Test, now: datetime) -> Q:
    if isinstance(test, Between):
        return measured("number", test, now)
    if test.is_plain:
        return Q(word=folded(test.text))
    return written(F("word"), test)


def by_metric(subject: Subject, tests: Tests, asked: Asked) -> Keys:
    column = column_of(subject)
    rows = MetricSummary.objects.filter(name=subject.name)
    return Keys(rows.filter(any_of(measured(column, test, asked.at) for test in tests)), "job_id")


def column_of(metric: Subject) -> str:
    if metric.way != "best":
        return metric.way
    return "min" if lower_is_better(metric.name) else "max"


SOURCES: dict[str, Source] = {
    "text": by_free_words,
    "state": by_choice("state", Job.State.values),
    "health": by_choice("health", Job.Health.values),
    "is": by_quality,
    "name": by_text(NAME),
    "id": by_id,
    "suffix": by_text(Head("suffix")),
    "model": by_model,
    "method": by_method,
    "account": by_account,
    "owner": by_owner,
    "tag": by_tag,
    "file": by_file,
    "error": by_error,
    "loss": by_number("best_loss"),
    "step": by_number("step"),
    "tokens": by_number("trained_tokens"),
    "created": by_number("created_at"),
    "started": by_number("started_at"),
    "ended": by_number("ended_at"),
    "duration": by_duration,
    "hp": by_trait,
    "meta": by_trait,
    "metric": by_metric,
}
