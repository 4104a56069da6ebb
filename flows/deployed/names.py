"""What a flow run is called: its verb, what it works on, and what was asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from prefect.runtime import flow_run

NAMED = 3
"""As many outlets are named; more are counted."""


def run_name(verb: str, *, of_all: str) -> Callable[[], str]:
    """Make the function by which Prefect names a flow's runs.

    Args:
        verb: What the flow does.
        of_all: What it works on where no outlet is named.
    """

    def name() -> str:
        return name_of(verb, flow_run.parameters, of_all=of_all)

    return name


def name_of(verb: str, parameters: Mapping[str, Any], *, of_all: str) -> str:
    """``ingest sohr_en since 2d``: what a list of runs shows."""
    outlets = list(parameters.get("outlets") or ())
    if outlet := parameters.get("outlet"):
        outlets = [outlet]
    urls, warc, folder = (list(parameters.get(key) or ()) for key in ("urls", "warc", "folder"))
    objects = [
        counted(outlets, "outlets"),
        counted(urls, "pages", named=0),
        counted(warc, "WARC files", named=0),
        counted(folder, "folders", named=0),
    ]
    words = [verb, " ".join(filter(None, objects)) or of_all]
    words += [f"{key} {value}" for key in ("since", "until", "limit") if (value := parameters.get(key))]
    return ("dry run: " if parameters.get("dry_run") else "") + " ".join(filter(None, words))


def counted(names: list[str], kind: str, *, named: int = NAMED) -> str:
    """``sohr_en, sohr_ar``, or ``7 outlets``; nothing for none."""
    if not names:
        return ""
    if len(names) <= named:
        return ", ".join(names)
    return f"{len(names)} {kind if len(names) > 1 else kind.removesuffix('s')}"
