"""Asks: what a person may want of a service. Every action is on record before it leaves.

on_job      cancel, pause, resume
together    the same, of many jobs
on_account  delete a file or a model, share a checkpoint
asking      what they have in common
"""

from jobs.actions.asking import Busy
from jobs.actions.on_account import (
    delete_file,
    delete_model,
    share,
    share_with_all,
    tell_of,
    unshare,
)
from jobs.actions.on_job import (
    Offer,
    cancel,
    offers,
    pause,
    resume,
    tell,
    was_cancelled_elsewhere,
)
from jobs.actions.together import Told, ask_together

__all__ = [
    "Busy",
    "Offer",
    "Told",
    "ask_together",
    "cancel",
    "delete_file",
    "delete_model",
    "offers",
    "pause",
    "resume",
    "share",
    "share_with_all",
    "tell",
    "tell_of",
    "unshare",
    "was_cancelled_elsewhere",
]
