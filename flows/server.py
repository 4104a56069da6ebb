"""Whether a Prefect server answers, so that a run by hand is recorded there too.

``python -m flows.server URL`` asks one, for a container's health check: exit code 1 where it does not answer.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

LOCAL_API = "http://127.0.0.1:4200/api"
ANSWER_SECONDS = 1.0


def find_server() -> bool:
    """Ask ``$PREFECT_API_URL``, else the local default, and set that variable when it answers.

    Returns:
        Whether a Prefect server is healthy there.
    """
    api = os.environ.get("PREFECT_API_URL") or LOCAL_API
    if answers(api):
        os.environ["PREFECT_API_URL"] = api
        return True
    return False


def answers(api: str, *, seconds: float = ANSWER_SECONDS) -> bool:
    """Whether the Prefect server whose API is at this URL says that it is healthy."""
    parts = urlsplit(api)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    try:
        with closing(kind(parts.hostname, parts.port, timeout=seconds)) as connection:
            connection.request("GET", f"{parts.path.rstrip('/')}/health")
            return connection.getresponse().read(16).strip() == b"true"
    except (OSError, HTTPException, ValueError):
        return False


if __name__ == "__main__":
    sys.exit(not answers(sys.argv[1], seconds=10.0))
