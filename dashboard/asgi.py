"""The one web server's application: /live is the stream of bells, all else Django in threads."""

import os

from django.core.wsgi import get_wsgi_application

from dashboard.bridge import Bridge
from jobs.live import Receive, Scope, Send, stream

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

THREADS = 8

pages = get_wsgi_application()
pages_in_threads = Bridge(pages, THREADS)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" and scope["path"] == "/live":
        await stream(scope, receive, send)
    else:
        await pages_in_threads(scope, receive, send)
