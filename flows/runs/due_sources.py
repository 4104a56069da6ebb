"""Which of an outlet's sources are to be polled now, each by its own schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from extractors.discover.polling import ADDITIONS
from extractors.outlets import Outlet, Source
from warehouse.intervals import Bounds, Schedule, is_due
from warehouse.ticks import Standing


def due_sources(sources: Sequence[Source], schedules: Mapping[str, Schedule], *, at: datetime) -> tuple[Source, ...]:
    """Choose the sources to poll, in their order.

    Sources are each other's stand-ins: behind one whose last poll was enough, and which is not due, none is polled,
    however long ago it was. Behind one that fails or brings nothing, the next is polled at its own interval, while the
    first one's grows. What is chosen is polled until one is enough, so stand-ins behind one that is due are chosen too.

    Args:
        sources: The outlet's sources.
        schedules: How each stands, by ``source_id``.
        at: Aware time.
    """
    due: list[Source] = []
    is_covered = False
    for source in sources:
        schedule = schedules.get(source.source_id)
        if is_covered and source.kind not in ADDITIONS:
            continue
        if is_due(schedule, bounds_of(source), at=at):
            due.append(source)
        elif schedule is not None and schedule.is_enough:
            is_covered = True
    return tuple(due)


def is_idle(outlet: Outlet, standing: Standing, *, at: datetime) -> bool:
    """Whether there is nothing to do for an outlet: it has sources, none of them is due, and nothing waits."""
    return bool(outlet.sources) and not standing.has_work and not due_sources(outlet.sources, standing.schedules, at=at)


def bounds_of(source: Source) -> Bounds:
    """The bounds of a source's interval, by its outlet's file."""
    return Bounds(shortest_minutes=source.every_minutes, longest_minutes=source.longest_minutes)
