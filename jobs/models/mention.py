"""Which job somebody means who gives its number, its id at the service, or the address of its page."""

import re

from jobs.models.job import Job

ADDRESS = re.compile(r"(?:\S*/jobs/)?(\d{1,18})(?:[/?#]\S*)?", re.ASCII)


def job_meant_by(text: str) -> Job | None:
    """None where it is nobody's name. The text is one that databases take."""
    known = Job.objects.select_related("account")
    if found := ADDRESS.fullmatch(text):
        return known.filter(pk=int(found[1])).first()
    return known.filter(upstream_id=text).order_by("-pk").first() if text else None
