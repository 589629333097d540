"""The whole stack as one process tree: `manage.py up`.

checks       what must hold before anything starts; each failure is one sentence
parts        broker, web server and sandbox: how each runs, and tells that it is up
clockwork    Celery's worker and beat, and how a worker shows that it is stuck
child        one process: forked from us, bound to our life, with a page of memory between us
supervisor   starts the parts, starts them again when they die, stops them in reverse order
first_start  what an empty installation needs: tables, somebody to sign in, the sandbox's account
run          the order of it all

Python parts are forked from this process once it has imported all that they need: they start at once,
and share one image in memory. Only the broker and the sandbox are programs of their own.
"""
