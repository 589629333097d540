"""The one web server's application: /live is the stream of bells, all else Django in threads.

From its start to its end the server gives signs of life.
"""

import asyncio
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
pages = get_wsgi_application()

# Tables can be imported from here on.
from dashboard.bridge import Bridge  # noqa: E402
from jobs.live import Receive, Scope, Send, stream  # noqa: E402
from jobs.models import Process  # noqa: E402
from jobs.vitals import Heart  # noqa: E402

THREADS = 8

pages_in_threads = Bridge(pages, THREADS)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await beat(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live":
        await stream(scope, receive, send)
    else:
        await pages_in_threads(scope, receive, send)


async def beat(receive: Receive, send: Send) -> None:
    """As long as the server lives."""
    heart = Heart(Process.Kind.WEB)
    await receive()
    heart.begin()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await asyncio.to_thread(heart.end)
    await send({"type": "lifespan.shutdown.complete"})
