from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from jobs.models.account import Account
from jobs.models.job import Job

ANSWER_TAKES = timedelta(seconds=15)  # longer than a request may last
PATIENCE = timedelta(minutes=5)  # after which an action without an answer no longer blocks others

DONE = "No answer came, but the job did what was asked."
ENDED = "No answer came, and the job has {} instead."
GONE = "No answer came, and the service no longer knows the job."
WENT_ON = (
    "No answer came, and the job went on. If it still does what was asked, it will say so here."
)
WAS_DONE = "No answer came, but it was done."
WAS_NOT_DONE = "No answer came, and it was not done."
SUPERSEDED = "No answer came before the job was to be cancelled."


class ActionQuerySet(models.QuerySet["Action"]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def without_answer(self) -> Self:
        """Asked, or unknown: what the job becomes may still tell."""
        return self.filter(outcome__in=[Action.Outcome.ASKED, Action.Outcome.UNKNOWN])

    def make_way(self) -> None:
        """Settle what is open for a cancel, which must not wait for a pause that got no answer."""
        waiting = self.open().exclude(verb=Action.Verb.CANCEL)
        waiting.update(outcome=Action.Outcome.UNKNOWN, detail=SUPERSEDED, settled_at=timezone.now())

    def for_ledger(self) -> Self:
        return self.select_related("asked_by", "job").order_by("-asked_at", "-pk")

    def in_account(self, account: Account) -> Self:
        """Asked of the account itself, or of one of its jobs."""
        return self.filter(models.Q(account=account) | models.Q(job__account=account))

    def about_sharing(self, model: str) -> Self:
        return self.filter(subject=model, verb__in=[Action.Verb.SHARE, Action.Verb.UNSHARE])


class Action(models.Model):
    """Who asked what of a job or an account, why, and how it ended: the ledger.

    `subject` is the file or model of the account that it is about, `recipient` the project that
    gets, or loses, the use of it.
    """

    class Verb(models.TextChoices):
        CANCEL = "cancel", "Cancel"
        PAUSE = "pause", "Pause"
        RESUME = "resume", "Resume"
        DELETE_FILE = "delete_file", "Delete file"
        DELETE_MODEL = "delete_model", "Delete model"
        SHARE = "share", "Share"
        UNSHARE = "unshare", "Stop sharing"

    class Outcome(models.TextChoices):
        ASKED = "asked", "Asked"  # written before the request leaves
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        UNSENT = "unsent", "Not sent"  # no connection: the service knows nothing of it
        UNKNOWN = "unknown", "Unknown"  # no answer came: the next polls will tell

    AIM: dict[str, frozenset[Job.State]] = {
        Verb.CANCEL: frozenset({Job.State.CANCELLED, Job.State.CANCELLING}),
        Verb.PAUSE: frozenset({Job.State.PAUSED, Job.State.PAUSING}),
        Verb.RESUME: frozenset({Job.State.QUEUED, Job.State.RUNNING, Job.State.RESUMING}),
    }

    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="actions")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="actions")
    subject = models.TextField(blank=True)
    recipient = models.TextField(blank=True)
    verb = models.CharField(max_length=20, choices=Verb)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    why = models.CharField(max_length=500, blank=True)
    state_before = models.CharField(max_length=20, choices=Job.State, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.ASKED)
    detail = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, help_text="Null while it is open.")

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["job"],
                condition=models.Q(settled_at=None),
                name="one_open_action_per_job",
            ),
            models.UniqueConstraint(
                fields=["account", "verb", "subject", "recipient"],
                condition=models.Q(settled_at=None),
                name="one_open_action_per_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(job=None) ^ models.Q(account=None),
                name="action_of_a_job_or_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.job or self.subject} by {self.asked_by}: {self.outcome}"

    def settle(self, outcome: Outcome, detail: str = "") -> None:
        """It is known how it ended: that stands, whatever a poll made of it meanwhile."""
        self.outcome, self.detail, self.settled_at = outcome, detail, timezone.now()
        self.save(update_fields=["outcome", "detail", "settled_at"])

    def unanswered(self, detail: str) -> None:
        """No answer came. If a poll has settled it meanwhile, it knows better."""
        asked = type(self).objects.filter(outcome=self.Outcome.ASKED)
        self._change(asked, self.Outcome.UNKNOWN, detail)

    def settle_from(self, job: Job, now: datetime) -> bool:
        """Settle an action without an answer by what the job has become; say if that changed it.

        After a while the job is no longer blocked by it; but as long as the job lives, it may still
        turn out to have been heard.
        """
        unsettled = type(self).objects.filter(outcome=self.outcome, detail=self.detail)
        if now - self.asked_at < ANSWER_TAKES and self.outcome == self.Outcome.ASKED:
            return False  # the answer may be on its way
        if job.state in self.AIM[self.verb] and job.state != self.state_before:
            return self._change(unsettled, self.Outcome.ACCEPTED, DONE, now)
        if job.has_ended:
            return self._change(unsettled, self.Outcome.REFUSED, ENDED.format(job.state), now)
        if job.gone_at:
            return self._change(unsettled, self.Outcome.UNKNOWN, GONE, now)
        if self.settled_at is None and now - self.asked_at > PATIENCE:
            return self._change(unsettled, self.Outcome.UNKNOWN, WENT_ON, now)
        return False

    def settle_as(self, *, was_done: bool, now: datetime) -> bool:
        """Settle an action without an answer by what the account holds now."""
        if now - self.asked_at < ANSWER_TAKES:
            return False
        unsettled = type(self).objects.filter(outcome=self.outcome, detail=self.detail)
        outcome = self.Outcome.ACCEPTED if was_done else self.Outcome.REFUSED
        return self._change(unsettled, outcome, WAS_DONE if was_done else WAS_NOT_DONE, now)

    def _change(
        self,
        rows: ActionQuerySet,
        outcome: Outcome,
        detail: str,
        settled_at: datetime | None = None,
    ) -> bool:
        news = {"outcome": outcome, "detail": detail, "settled_at": settled_at}
        changed = rows.filter(pk=self.pk).update(**news)
        self.refresh_from_db(fields=["outcome", "detail", "settled_at"])
        return bool(changed)
