"""A dead-man's signal: an address that is asked for after each good run; its silence tells that runs stopped."""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
import os
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from extractors.errors import ConfigurationError
from extractors.outlets import check_http_url
from flows.runs.deadlines import within
from flows.runs.run import Run
from flows.settings import NotifySettings

LOG = logging.getLogger(__name__)


async def signal_life(run: Run) -> None:
    """Ask for the heartbeat's address, if there is one; that it does not answer is told, and fails no run.

    Only runs that go to the outlets give a sign: a reextraction by hand must not hide that the schedule has died.
    """
    options = run.workspace.settings.notify
    if run.report.command != "ingest":
        return
    try:
        url = heartbeat_url(options)
        if url:
            await asyncio.to_thread(within, options.heartbeat_timeout_seconds, lambda: ask(url, options))
    except (ConfigurationError, OSError, HTTPException, ValueError) as error:
        problem = str(error) or type(error).__name__
        LOG.warning("the heartbeat was not heard: %s", problem)


def heartbeat_url(options: NotifySettings) -> str:
    """The address, from the environment first; empty for none.

    Raises:
        ConfigurationError: The variable holds something else.
    """
    url = os.environ.get(options.heartbeat_from, "").strip()
    try:
        return check_http_url(url) if url else options.heartbeat_url
    except ValueError as error:
        # Without its value, which may be a secret.
        raise ConfigurationError("the environment", options.heartbeat_from, str(error), "set it to a URL") from None


def ask(url: str, options: NotifySettings) -> None:
    """GET an address; its body is not read, and no redirect followed.

    The guard of ``extractors.fetch`` does not stand before this one: no feed names this address but the operator, who
    may well have the receiver in a private network.

    Raises:
        HTTPException: It answered, but with an error.
        OSError: It did not answer.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=options.heartbeat_timeout_seconds)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        agent = f"wirewatch/{importlib.metadata.version('wirewatch')}"
        connection.request("GET", path, headers={"User-Agent": agent})
        status = connection.getresponse().status
    finally:
        connection.close()
    if status >= 300:
        raise HTTPException(f"it answered with status {status}")
