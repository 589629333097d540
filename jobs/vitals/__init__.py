"""How Tuneboard itself does, for those who keep it running.

heart       a process's sign of life, and what it has counted, written down every few seconds
checks      is it ready: database, broker, beat, polling
figures     how far behind listening is
overview    all of it for administrators
exposition  all of it for Prometheus
"""

from jobs.vitals.checks import checks
from jobs.vitals.exposition import exposition
from jobs.vitals.heart import Heart
from jobs.vitals.overview import overview

__all__ = ["Heart", "checks", "exposition", "overview"]
