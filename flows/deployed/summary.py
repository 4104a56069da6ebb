"""A run's report as the Markdown of an artifact: a sentence, a table with a row for each outlet, what was missed."""

from __future__ import annotations

import re
from collections import Counter

from extractors.errors import Reason
from flows.runs.report import OutletReport, RunReport, describe, is_failure
from flows.shown.progress import printable

COLUMNS = (
    "outlet",
    "discovered",
    "fetched",
    "new",
    "revised",
    "failed, by reason",
    "duration",
    "rechecked",
    "unchanged",
    "not loaded, by reason",
)
SPECIAL = re.compile(r"([\\`*\[\]<>|~&])")
"""What Markdown or HTML would read as something else than text."""


def summary_of(report: RunReport) -> str:
    """Write a run's summary; outlets of which nothing was due are one line together."""
    idle = [outlet for outlet in report.outlets if is_idle(outlet)]
    worked = [outlet for outlet in report.outlets if not is_idle(outlet)]
    lines = [f"### {report.command}: {plain_text(report.conclusion())}", ""]
    if worked:
        lines += [table_row(COLUMNS), table_row(["---"] * len(COLUMNS))]
        lines += [table_row(cells_of(outlet)) for outlet in worked]
    if idle:
        lines += ["", f"Of {len(idle)} outlets nothing was due."]
    lines += ["", *(f"- missed: {plain_text(missed)}" for missed in report.missed)]
    return "\n".join([*lines, "", f"Run `{report.run_id}` of the view `runs`."])


def is_idle(outlet: OutletReport) -> bool:
    """Whether nothing of an outlet was due."""
    return not outlet.sources and not outlet.problem and set(outlet.other) == {Reason.NOT_DUE}


def cells_of(outlet: OutletReport) -> list[str]:
    """An outlet's row; each reason with its count."""
    failed = Counter({reason: count for reason, count in outlet.other.items() if is_failure(reason)})
    rest = Counter({reason: count for reason, count in outlet.other.items() if not is_failure(reason)})
    trouble = plain_text(outlet.trouble() or describe(failed)) or "-"
    return [
        plain_text(outlet.outlet_id),
        *map(str, (outlet.listed, outlet.fetched, outlet.loaded, outlet.revised)),
        f"**{trouble}**" if outlet.has_failed else trouble,
        f"{outlet.seconds:.1f} s",
        *map(str, (outlet.rechecked, outlet.unchanged)),
        plain_text(describe(rest)) or "-",
    ]


def table_row(cells: list[str] | tuple[str, ...]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def plain_text(text: str) -> str:
    """Text from outside as text: what a server says of itself is neither markup nor a link."""
    return SPECIAL.sub(r"\\\1", " ".join(printable(text).split()))
