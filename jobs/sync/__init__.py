"""Listens: the only writer of what a job has become.

rounds    one account: what is most urgent there, again and again, while we hold it
discover  the account's list: the state of many jobs from one request, unknown and forgotten jobs
readings  many of its jobs at once: threads ask, one writes
inventory what else an account holds: its files and models
known     what we know of jobs before they are asked about
refresh   one job: read everything new
events    the job's log, read up to what is known, in whichever order it comes
store     replies -> rows, in one transaction; where the API's vocabulary meets ours
telemetry what is only ever added: events, points, checkpoints, files; idempotent
progress  what the events say of a job's steps, pace and losses
schedule  when to listen next; pure
"""

from jobs.sync.rounds import listen

__all__ = ["listen"]
