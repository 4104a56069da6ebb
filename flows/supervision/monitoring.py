"""What ``wirewatch up`` tells other programs over HTTP, served by a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from flows.health.monitor import monitor_app
from flows.settings import Workspace
from flows.supervision.addresses import ADVICE, bound_socket, page_url

START_SECONDS, STOP_SECONDS = 20.0, 2.0

MakeApp = Callable[[Workspace], ASGIApp]


@contextmanager
def serving_monitor(workspace: Workspace, make: MakeApp = monitor_app, *, advice: str = ADVICE) -> Iterator[str | None]:
    """Serve the application while the block runs; ``advice`` is given where its port is taken.

    In a thread: its answers may ask the warehouse, and that must not keep anybody from looking after the children.

    Yields:
        Where it is; None where the port is 0.

    Raises:
        ConfigurationError: The port is taken.
    """
    place = workspace.settings.monitor
    if place.port == 0:
        yield None
        return
    with bound_socket(place.host, place.port, table="monitor", advice=advice) as bound:
        config = uvicorn.Config(
            make(workspace),
            log_level="warning",
            access_log=False,
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="monitor", daemon=True)
        thread.start()
        try:
            end = time.monotonic() + START_SECONDS
            while not server.started and thread.is_alive() and time.monotonic() < end:
                time.sleep(0.01)
            yield page_url(place.host, bound.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS)
