"""The language by example: what the help under the search box shows, and what the tests run."""

from typing import NamedTuple


class Example(NamedTuple):
    search: str
    means: str


class Chapter(NamedTuple):
    title: str
    examples: tuple[Example, ...]


CHAPTERS = (
    Chapter(
        "Words",
        (
            Example("support bot", "both words, in any name, id, model or account"),
            Example('"support bot"', "as it stands, with the blank"),
            Example("support -bot", "the first word without the second"),
            Example("support OR intent", "one of both, or both"),
        ),
    ),
    Chapter(
        "Fields",
        (
            Example("state:failed,cancelled", "any of these states"),
            Example("model:gpt-4o*", "base model; * is any text. Capitals do not matter"),
            Example("model:ft:*:acme:*", "the model that came of it"),
            Example("method:dpo", "also name, id, suffix, account, file"),
            Example("owner:ann", "who ordered it here; -owner:* nobody did"),
            Example("owner:me", "whoever reads it: in a team's view, each their own"),
            Example("tag:prod,eval", "any of these tags"),
            Example("tag:prod tag:eval", "all of them"),
            Example("-tag:prod", "without it"),
            Example("error:timeout", "anywhere in the error"),
            Example("is:gone", "the service forgot it; also active, ended"),
            Example("is:archived", "was put away: only such a search shows it"),
            Example("is:pinned", "on top of your list"),
            Example("health:stalled", "also late, unread"),
        ),
    ),
    Chapter(
        "Numbers",
        (
            Example("loss<0.8", "best loss; < <= > >= = !="),
            Example("step:100..2k", "a range, ends included; either may be left out"),
            Example("tokens>1m", "trained tokens; k, m and g are thousands, millions, …"),
            Example("-loss:*", "has no loss yet"),
            Example("step!=5000", "all others, also those without a step"),
        ),
    ),
    Chapter(
        "Time (UTC)",
        (
            Example("created>7d", "younger than seven days: later than that moment"),
            Example("created<7d", "older than seven days"),
            Example("started:yesterday", "also today; created, started, ended"),
            Example("created>2026-11-01", "after that day; >= from it on"),
            Example("ended:2026-10..2026-11-15", "from month to day, ends included"),
            Example("duration>1h30m", "s, m, h, d, w; a running job's goes on"),
        ),
    ),
    Chapter(
        "Hyperparameters, metadata, metrics",
        (
            Example("hp.n_epochs>3", "as resolved; words as they were asked: hp.n_epochs:auto"),
            Example("meta.team:search", "metadata by key"),
            Example("meta.team", "has the key; also hp.beta"),
            Example("valid_loss<0.9", "a metric by its name: the last value"),
            Example("min(valid_loss)<0.6", "also max(…), last(…) and best(…)"),
        ),
    ),
)
EXAMPLES = tuple(example for chapter in CHAPTERS for example in chapter.examples)
