"""What happened to jobs since somebody last looked."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from jobs.models.job import Job

MOST = 10_000  # that are counted
ENDS = (Job.State.FAILED, Job.State.SUCCEEDED, Job.State.CANCELLED)


class Item(NamedTuple):
    """So many jobs, or more; `state` is empty for those that were created, `text` finds them in the list."""

    number: int
    words: str
    state: str
    text: str
    is_more: bool


def news_since(at: datetime) -> list[Item]:
    """Failures first: they are what people look for."""
    since = f"{at:%Y-%m-%dT%H:%M:%S}Z"
    jobs = Job.objects.filter(archived_at=None).order_by()
    # Counted here: told to group by state, SQLite walks along all states instead of the newest ends.
    ended = Counter(jobs.filter(ended_at__gt=at).values_list("state", flat=True)[:MOST])
    is_more = ended.total() == MOST
    created = jobs.filter(created_at__gt=at)[:MOST].count()
    news = [
        Item(ended[state], state.label.lower(), state, f"ended>{since}", is_more) for state in ENDS
    ]
    news.append(Item(created, "new", "", f"created>{since}", created == MOST))
    return [each for each in news if each.number]
