"""The published file to how every outlet is doing: a table and sentences for a person, values for a machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.settings import Workspace
from flows.shown.progress import printable
from warehouse.health.overview import Overview, read_overview
from warehouse.health.verdicts import RANKS

FILLS = ("published_at", "authors", "standfirst", "section", "tags", "language", "image_url")
STYLES = {"failing": "red", "warning": "yellow", "ok": "green"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What ``wirewatch status`` shows; ``unwatched`` are outlets of the configuration that no run has met."""

    now: datetime
    overview: Overview
    unwatched: tuple[str, ...]
    is_stale: bool

    @property
    def has_failed(self) -> bool:
        """Whether the command ends with exit code 1: an outlet fails, or misses a promise, or runs have stopped."""
        return self.is_stale or any(outlet["state"] == "failing" for outlet in self.overview.outlets)


def read_status(workspace: Workspace, *, now: datetime, outlet_ids: Sequence[str] = ()) -> Status:
    """How the outlets that are configured, or the named ones, are doing.

    Raises:
        ConfigurationError: There is no such outlet.
        WarehouseUnusableError: Nothing has been published yet.
    """
    wanted = [outlet.outlet_id for outlet in workspace.select(outlet_ids)]
    options = workspace.settings.warehouse
    overview = read_overview(workspace.home, now=now, memory_limit=options.memory_limit, threads=options.threads)
    known = {outlet["outlet_id"]: outlet for outlet in overview.outlets}
    chosen = Overview(
        published_at=overview.published_at,
        published_bytes=overview.published_bytes,
        outlets=tuple(known[outlet_id] for outlet_id in wanted if outlet_id in known),
        checks=overview.checks,
        runs=overview.runs,
    )
    started = overview.runs["started_at"]
    longest = timedelta(hours=workspace.settings.monitor.max_hours_since_run)
    return Status(
        now=now,
        overview=chosen,
        unwatched=tuple(outlet_id for outlet_id in wanted if outlet_id not in known),
        is_stale=started is None or now - started > longest,
    )


def show_status(status: Status, console: Console) -> None:
    """Print the table, what is wrong, and how old all of it is."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("outlet", overflow="fold", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for name in ("since", "success", "silence", "a day (usual)", "filled", "wait"):
        table.add_column(name, justify="right", no_wrap=name != "filled")
    for outlet in status.overview.outlets:
        state = outlet["state"] or "not judged"
        table.add_row(
            Text(outlet["outlet_id"]),
            Text(state, style=STYLES.get(state, "")),
            ago(outlet["since"], status.now),
            ago(outlet["last_success_at"], status.now),
            ago(outlet["last_article_at"], status.now),
            volume_of(outlet, status.overview.checks.get(outlet["outlet_id"], ())),
            least_filled(outlet),
            str(outlet["waiting_count"]),
        )
    console.print(table)
    for line in status_lines(status):
        console.print(printable(line), markup=False, highlight=False, soft_wrap=True)


def status_lines(status: Status) -> list[str]:
    """A paragraph for each outlet that is not well, what failed at all, and how old the answer is."""
    lines: list[str] = []
    for outlet in sorted(status.overview.outlets, key=lambda each: -RANKS.get(each["state"] or "ok", 0)):
        checks = status.overview.checks.get(outlet["outlet_id"], ())
        wrong = [check for check in checks if RANKS[check["state"]] > 0]
        for check in sorted(wrong, key=lambda each: -RANKS[each["state"]]):
            lines += [f"{outlet['outlet_id']}: {check['sentence']}", *(f"  {sample}" for sample in check["samples"])]
        if not wrong:  # a warehouse that was just rebuilt knows the changes only
            lines += [f"{outlet['outlet_id']}: {sentence}" for sentence in outlet["reasons"] or ()]
        if outlet["failures"]:
            counts = ", ".join(f"{count} {reason}" for reason, count in outlet["failures"].items())
            lines.append(f"{outlet['outlet_id']}: failures of the last 24 hours: {counts}")
        if outlet["resting_host"]:
            until = f"{outlet['resting_until']:%Y-%m-%d %H:%M} UTC"
            lines.append(
                f"{outlet['outlet_id']}: {outlet['resting_host']} rests until {until} ({outlet['resting_reason']})"
            )
        young = [check for check in checks if check["state"] == "learning"]
        if young:
            lines.append(
                f"{outlet['outlet_id']}: {len(young)} of {len(checks)} checks have too little history to judge"
            )
    lines += [f"{outlet_id}: no run has met it yet" for outlet_id in status.unwatched]
    return [*lines, "", *conclusion(status)]


def conclusion(status: Status) -> list[str]:
    """How many are well, and how old the answer is."""
    states = [outlet["state"] for outlet in status.overview.outlets]
    counts = [f"{states.count(state)} {state}" for state in ("failing", "warning", "ok") if state in states]
    published = f"As published {ago(status.overview.published_at, status.now)} ago"
    lines = [f"{published}: {', '.join(counts) or 'no outlet was judged yet'}."]
    if status.is_stale:
        started = status.overview.runs["started_at"]
        when = f"for {ago(started, status.now)}" if started else "yet"
        lines.append(f"No run has started {when}; is `wirewatch up` or the timer still there?")
    return lines


def status_summary(status: Status) -> dict[str, Any]:
    """The same for a machine, with every check."""
    overview = status.overview
    return {
        "failed": status.has_failed,
        "published_at": overview.published_at,
        "runs": {**overview.runs, "is_stale": status.is_stale},
        "outlets": [
            {**outlet, "checks": list(overview.checks.get(outlet["outlet_id"], ()))} for outlet in overview.outlets
        ],
        "unwatched": list(status.unwatched),
    }


def volume_of(outlet: Mapping[str, Any], checks: Sequence[Mapping[str, Any]]) -> str:
    """``12.4 (13.1)``: articles a day in the last week, and what is usual on its weekdays."""
    for check in checks:
        if check["check_name"] == "volume" and check["usual"] is not None:
            return f"{check['figure']:.1f} ({check['usual']:.1f})"
    return f"{outlet['articles_7d'] / 7:.1f} (?)"


def least_filled(outlet: Mapping[str, Any]) -> str:
    """The fields that the fewest of the last week's articles have: ``authors 12%``."""
    fills = {name: outlet[f"{name}_fill"] for name in FILLS if outlet[f"{name}_fill"] is not None}
    least = sorted((share, name) for name, share in fills.items() if share < 1)[:2]
    return ", ".join(f"{name} {share:.0%}" for share, name in least) or ("all" if fills else "-")


def ago(moment: datetime | None, now: datetime) -> str:
    """``5m``, ``3h``, ``2d``; a dash for never."""
    if moment is None:
        return "-"
    minutes = max(0.0, (now - moment).total_seconds() / 60)
    if minutes < 120:
        return f"{minutes:.0f}m"
    return f"{minutes / 60:.0f}h" if minutes < 48 * 60 else f"{minutes / 1440:.0f}d"
