"""How Tuneboard itself does, for those who keep it running.

heart       a process's sign of life, and what it has counted, written down every few seconds
"""

from jobs.vitals.heart import Heart

__all__ = ["Heart"]
