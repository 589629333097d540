"""Orders: from a draft to a job that was created once, whatever breaks on the way.

asking    what a person does: submit, recall, send again, abandon
carrying  what a worker does: bring the files, wait for them, create, look for the job
sending   one file on its way to the service
search    which of the service's jobs came of an order
advice    the service's refusals, and what to do about them
checking  what is in a file: a process of its own judges it

Every step is written before it is done, and only the holder of the lease writes. The request for a job
leaves once; when no answer comes, the service's list is asked, and at last a person.
"""

from jobs.orders.asking import abandon, overlap, problems, recall, send_again, submit
from jobs.orders.carrying import carry_out
from jobs.orders.checking import look_after

__all__ = [
    "abandon",
    "carry_out",
    "look_after",
    "overlap",
    "problems",
    "recall",
    "send_again",
    "submit",
]
