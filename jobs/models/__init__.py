"""Tables, constraints and querysets: what the API said, and what was asked of it. No wire here."""

from jobs.models.account import Account
from jobs.models.action import Action
from jobs.models.desk import Desk
from jobs.models.file import File
from jobs.models.job import Job
from jobs.models.listing import Listing
from jobs.models.metric import MetricSummary
from jobs.models.note import Note, Wording
from jobs.models.order import Order
from jobs.models.outline import Outline
from jobs.models.price import Price
from jobs.models.process import Process
from jobs.models.pulse import Pulse
from jobs.models.result_file import ResultFile
from jobs.models.saved_view import SavedView
from jobs.models.series import Series
from jobs.models.served_model import ServedModel
from jobs.models.signin import SigninLink
from jobs.models.standing import Standing
from jobs.models.tag import Tag
from jobs.models.telemetry import Checkpoint, Event
from jobs.models.trait import Trait
from jobs.models.upload import Unacceptable, Upload
from jobs.models.words import Words

__all__ = [
    "Account",
    "Action",
    "Checkpoint",
    "Desk",
    "Event",
    "File",
    "Job",
    "Listing",
    "MetricSummary",
    "Note",
    "Order",
    "Outline",
    "Price",
    "Process",
    "Pulse",
    "ResultFile",
    "SavedView",
    "Series",
    "ServedModel",
    "SigninLink",
    "Standing",
    "Tag",
    "Trait",
    "Unacceptable",
    "Upload",
    "Wording",
    "Words",
]
