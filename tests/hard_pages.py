"""Reads pages as the worker processes do, but for addresses that bring a worker down: what no sample page may do.

A module of its own, since a worker imports by name the function that it is handed.
"""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from extractors.errors import Reason
from extractors.extract import PageTask
from extractors.records import Extraction


def read_hard_page(archive_folder: Path, task: PageTask) -> Extraction:  # noqa: ARG001 - as ``extract_page``
    """Give ``too_short`` for any page; die or hang where the address says so."""
    url = task.capture.requested_url
    if "dies" in url:
        os._exit(3)
    if "killed" in url:
        os.kill(os.getpid(), signal.SIGKILL)
    if "hangs" in url:
        re.fullmatch(r"(a|aa)+", "a" * 200 + "b")  # holds the interpreter lock for longer than the sun shines
    return Extraction(capture=task.capture, link_id=task.link_id, article=None, reason=Reason.TOO_SHORT, detail="read")
