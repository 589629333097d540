"""What a person may ask of a job.

Only jobs.sync writes what a job has become. An action asks for an early poll and leaves the rest to it,
so the mirror has one writer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from jobs import live
from jobs.actions.asking import carry, record, told
from jobs.models import Account, Action, Job
from jobs.upstream import DIALECTS, Feature, FineTuningClient, JobReply

Send = Callable[[FineTuningClient, str], JobReply]


def cancel(job: Job, by: User, why: str = "") -> Action:
    return ask(job, Action.Verb.CANCEL, FineTuningClient.cancel, by, why)


def pause(job: Job, by: User, why: str = "") -> Action:
    return ask(job, Action.Verb.PAUSE, FineTuningClient.pause, by, why)


def resume(job: Job, by: User, why: str = "") -> Action:
    return ask(job, Action.Verb.RESUME, FineTuningClient.resume, by, why)


@dataclass(frozen=True)
class Offer:
    """One action as a page offers it: whether it is legal now, and what it would do."""

    verb: Action.Verb
    ask: Callable[..., Action]
    is_legal: bool
    why_not: str
    becomes: Job.State
    effect: str
    undo: str
    rest: str  # what becomes of what is not spent yet

    @property
    def is_final(self) -> bool:
        return self.becomes in Job.ENDED


def offers(job: Job) -> dict[str, Offer]:
    """Every action, by its verb, with what a person should know before asking for it."""
    service = DIALECTS[job.account.dialect]
    pauses = Feature.PAUSE not in service.lacks
    never = f"{service.label} cannot pause jobs."
    return {
        Action.Verb.PAUSE: Offer(
            Action.Verb.PAUSE,
            pause,
            pauses and job.can_pause,
            "Only a running job can be paused." if pauses else never,
            Job.State.PAUSED,
            "Training stops after the present step, and its state is saved as a checkpoint.",
            "It can be resumed from there. What was trained so far is billed.",
            "not spent while it is paused",
        ),
        Action.Verb.RESUME: Offer(
            Action.Verb.RESUME,
            resume,
            pauses and job.can_resume,
            "Only a paused job can be resumed." if pauses else never,
            Job.State.QUEUED,
            "The job queues up and goes on from where it was paused.",
            "It can be paused again. Training costs money again from here on.",
            "to be spent yet",
        ),
        Action.Verb.CANCEL: Offer(
            Action.Verb.CANCEL,
            cancel,
            job.can_cancel,
            "The job has ended already.",
            Job.State.CANCELLED,
            "Training stops for good. Checkpoints that were made so far are kept, with the log and"
            " the curves; no final model is made.",
            "This cannot be undone. What was trained so far is billed.",
            "not spent if it is cancelled",
        ),
    }


def was_cancelled_elsewhere(job: Job, ledger: Iterable[Action]) -> bool:
    """Nobody has asked for it here, at least not so that the service can have heard it."""
    unheard = {Action.Outcome.REFUSED, Action.Outcome.UNSENT}
    own = (each for each in ledger if each.verb == Action.Verb.CANCEL)
    return job.state == Job.State.CANCELLED and all(each.outcome in unheard for each in own)


def tell(action: Action) -> tuple[int, str]:
    return told(action, str(action.job), "The state follows with the next poll.")


def ask(job: Job, verb: Action.Verb, send: Send, by: User, why: str) -> Action:
    action = on_record(job, verb, by, why)
    carry(action, job.account, lambda client: send(client, job.upstream_id))
    Job.objects.filter(pk=job.pk).was_asked()
    Account.objects.filter(pk=job.account_id).poll_soon()
    live.announce(job.pk)
    return action


@transaction.atomic(durable=True)
def on_record(job: Job, verb: Action.Verb, by: User, why: str) -> Action:
    if verb == Action.Verb.CANCEL:
        job.actions.make_way()
    return record(by, why, job=job, verb=verb, state_before=job.state)
