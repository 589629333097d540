"""What the style guide shows its components with: jobs, files and orders that no database has.

Their addresses lead nowhere, and nothing is read or written for them. Ages are told from now, so that
a page looks the same on any day.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone

from jobs import actions, charts
from jobs.costs import Bill
from jobs.models import (
    Account,
    Action,
    Checkpoint,
    Event,
    File,
    Job,
    MetricSummary,
    Price,
    ServedModel,
)
from jobs.models.filters import Control, Option
from jobs.models.history import History
from jobs.models.holdings import Use
from jobs.models.note import Note, Wording
from jobs.models.tag import Tag

Row = TypeVar("Row", bound=Model)
NOWHERE = 9 * 10**14  # beyond any key that a database gives
KEY = UUID(int=0)
CURVE = [2.6, 2.1, 1.7, 1.45, 1.2, 1.1, 0.96, 0.9, 0.83, 0.8, 0.76, 0.75, 0.71, 0.7]
ANN = User(pk=NOWHERE, username="ann")
STEPS = {Job.State.RUNNING: 84, Job.State.PAUSED: 60, Job.State.FAILED: 31}
REFUSED = "The job “support-bot” cannot be paused while it is queued."


def ago(**length: float) -> Any:
    return timezone.now() - timedelta(**length)


def account(**given: Any) -> Account:
    usual = {"pk": NOWHERE, "name": "Research", "base_url": "https://api.example.com/v1"}
    usual |= {"confirmed_at": ago(seconds=12), "inventory_at": ago(minutes=4)}
    found = Account(**usual | given)
    found.job_count, found.unread_count = 12, 0
    return found


def accounts() -> list[Account]:
    """Answering, failing, never read, left."""
    refused = {"last_error": "The key is wrong or revoked.", "failing_since": ago(hours=2)}
    return [
        account(),
        account(**refused, next_poll_at=timezone.now() + timedelta(minutes=1)),
        account(confirmed_at=None, inventory_at=None),
        account(next_poll_at=None),
    ]


def histories() -> list[History]:
    """Listed to its end, and not yet."""
    return [History(412, 1870, True, timedelta(minutes=9)), History(96, 100, False, None)]


def job(number: int, name: str, state: Job.State, /, **given: Any) -> Job:
    """One that began half an hour ago, and has made the steps that one expects of its state."""
    ended = ago(minutes=2) if state in Job.ENDED else None
    steps = STEPS.get(state, 120 if state == Job.State.SUCCEEDED else None)
    usual = {
        "pk": NOWHERE + number,
        "account": account(),
        "upstream_id": f"ftjob-{number:024}",
        "state": state,
        "status": state.value,
        "name": name,
        "base_model": "gpt-4o-mini-2024-07-18",
        "method": "supervised",
        "created_at": ago(minutes=40),
        "confirmed_at": ago(seconds=12),
        "next_poll_at": None,
        "ended_at": ended,
    }
    if steps:
        usual |= {"step": steps, "total_steps": 120, "started_at": ago(minutes=32)}
        usual |= {"sparkline": charts.sparkline(CURVE), "stepped_at": ago(seconds=30)}
        usual |= {"best_loss": 0.7043, "best_loss_name": "full_valid_loss", "best_step": 30}
    return related(Job(**usual | given), tags=[], metrics=[])


def related(row: Row, **rows: list[Any]) -> Row:
    """The row, with what is found where its relations are asked."""
    vars(row)["_prefetched_objects_cache"] = rows
    return row


def running(**given: Any) -> Job:
    recipe = {"n_epochs": 3, "batch_size": 8, "learning_rate_multiplier": 1.8}
    asked = {"supervised": {"hyperparameters": recipe | {"learning_rate_multiplier": "auto"}}}
    told = {"hyperparameters": recipe, "method_recipe": asked, "seed": 7, "suffix": "support-bot"}
    told |= {"metadata": {"team": "support"}, "raw": {"object": "fine_tuning.job", "seed": 7}}
    return job(1, "support-bot", Job.State.RUNNING, **told | given)


def succeeded() -> Job:
    model = "ft:gpt-4o-mini-2024-07-18:acme:faq-answers:B7xQ2mNp"
    return job(2, "faq-answers", Job.State.SUCCEEDED, fine_tuned_model=model)


def tags() -> list[Tag]:
    return [Tag(name=name) for name in ("prod", "tickets of October")]


def notes() -> list[tuple[Note, bool]]:
    """One of one's own, which was put differently once, and one of somebody else's."""
    first = Wording(text="Better than **support-bot** of September.", written_at=ago(hours=3))
    later = Wording(text="As good as `support-bot` of September.", written_at=ago(hours=2))
    other = Note(pk=NOWHERE + 1, by=User(username="ben"), written_at=ago(minutes=20))
    own = Note(pk=NOWHERE, by=ANN, written_at=ago(hours=3))
    return [
        (related(own, wordings=[first, later]), True),
        (related(other, wordings=[Wording(text="Shall we keep step 60?")]), False),
    ]


def failed(message: str = "The file holds fewer than 10 examples.", code: str = "") -> Job:
    told = {"error_message": message, "error_code": code or "invalid_training_file"}
    return job(3, "with-a-typo", Job.State.FAILED, **told)


def by_reward() -> Job:
    best = MetricSummary(name="full_valid_mean_reward", max=0.8125)
    told: dict[str, Any] = {"method": "reinforcement", "best_loss": None}
    told |= {"sparkline": charts.sparkline([3 - value for value in CURVE])}
    return related(job(5, "order-desk", Job.State.SUCCEEDED, **told), tags=[], metrics=[best])


def ill() -> Job:
    evidence = "The last was step 84; a step took 2 seconds."
    told = {"health": Job.Health.STALLED, "health_since": ago(minutes=14)}
    return running(pk=NOWHERE + 4, name="night-shift", **told, health_evidence=evidence)


def one_of_each() -> list[Job]:
    """A job in each state, as the list shows them."""
    special = {Job.State.RUNNING: running, Job.State.SUCCEEDED: succeeded, Job.State.FAILED: failed}
    plain = [state for state in Job.State if state not in special]
    rows = [make() for make in special.values()] + [ill(), by_reward()]
    return rows + [job(10 + place, f"{s.value}-job", s) for place, s in enumerate(plain)]


def controls() -> list[Control]:
    """Of the filter: one in use, one that is not."""
    methods = ("supervised", "dpo", "reinforcement")
    options = [Option(f"method:{each}", each, each == "dpo") for each in methods]
    tagged = [Option(f"tag:{each}", each, is_chosen=False) for each in ("prod", "eval")]
    return [Control("Method", options), Control("Tag", tagged)]


def offers(of: Job) -> list[actions.Offer]:
    return list(actions.offers(of).values())


def bill() -> Bill:
    price = Price(prefix="gpt-4o-mini", per_million=Decimal(3), source="the price list, 2026-09")
    spent, rest = Decimal("0.41"), Decimal("0.18")
    words = "137,200 tokens \N{MULTIPLICATION SIGN} $3.00 per million"
    return Bill(price, 137_200, spent, rest, is_exact=False, formula=words)


def ledger(of: Job) -> list[Action]:
    """One action of each outcome."""
    words = {Action.Outcome.REFUSED: REFUSED, Action.Outcome.UNKNOWN: "No answer came."}
    return [
        Action(
            pk=NOWHERE + place,
            job=of,
            verb=Action.Verb.PAUSE if place % 2 else Action.Verb.CANCEL,
            asked_by=ANN,
            asked_at=ago(minutes=3 + place),
            why="" if place % 2 else "loss is nan",
            state_before=Job.State.RUNNING,
            outcome=outcome,
            detail=words.get(outcome, ""),
            settled_at=None if outcome == Action.Outcome.ASKED else ago(minutes=2),
        )
        for place, outcome in enumerate(Action.Outcome)
    ]


def events(of: Job) -> list[Event]:
    told = [
        ("info", "metrics", "Step 84/120: training loss=0.70"),
        ("warn", "message", "The validation loss rises while the training loss falls."),
        ("error", "message", "A checkpoint could not be saved: it is tried again."),
        ("info", "message", "The job has started."),
    ]
    rows = [
        {"pk": NOWHERE + place, "level": level, "type": kind, "message": message}
        for place, (level, kind, message) in enumerate(told)
    ]
    return [
        Event(job=of, created_at=ago(seconds=30 + place), **row) for place, row in enumerate(rows)
    ]


def checkpoints(of: Job) -> list[Checkpoint]:
    losses = [(30, 0.7812, 0.7043), (60, 0.6011, 0.7390), (90, 0.4105, 0.8127)]
    return [
        Checkpoint(
            pk=NOWHERE + step,
            job=of,
            step=step,
            model=f"ft:gpt-4o-mini-2024-07-18:acme:support-bot:B7xQ:ckpt-step-{step}",
            created_at=ago(minutes=32 - step / 4),
            metrics={"train_loss": train, "full_valid_loss": valid},
        )
        for step, train, valid in losses
    ]


def files() -> list[tuple[str, str, File | None, None]]:
    known = File(filename="support-train.jsonl", bytes=412_000, upstream_id="file-3xVn0QpR")
    return [("training", "file-3xVn0QpR", known, None), ("validation", "file-8kLm2WsT", None, None)]


def models() -> list[ServedModel]:
    """One that is near its end, one that is over, and one that a job made."""
    today = timezone.now().date()
    dated = [("gpt-4o-mini-2024-07-18", 44), ("gpt-3.5-turbo-1106", -12), ("gpt-4.1-mini", None)]
    found = [
        ServedModel(
            pk=NOWHERE + place,
            upstream_id=name,
            owned_by="system",
            created_at=ago(days=400),
            shutdown_date=None if days is None else today + timedelta(days=days),
        )
        for place, (name, days) in enumerate(dated)
    ]
    for model in found:
        model.uses = []
    found[0].uses = [Use("base", each) for each in (running(), succeeded(), failed(), ill())]
    return found
