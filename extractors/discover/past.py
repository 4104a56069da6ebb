"""What the readers of a source's past are given, and what they give back part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from extractors.discover.listings import Sifted
from extractors.fetch.protocol import Fetching
from extractors.outlets import Outlet, Source
from extractors.records import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is wanted of a source's past; ``place`` is that of the last part that was kept, empty at the beginning."""

    source: Source
    outlet: Outlet
    fetcher: Fetching
    since: datetime
    until: datetime
    place: Mapping[str, Any]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a past: what it listed, the responses that it rests on, and the place to go on from after it."""

    sifted: Sifted
    listed_count: int
    captures: Sequence[Capture]
    place: dict[str, Any]
    detail: str = ""
