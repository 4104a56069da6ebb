"""Notices about outlets to one message in plain words: what, since when, what shows it, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from warehouse.health.notices import Finding, Notice, NoticeKind

MOST_OUTLETS = 20
"""Outlets with all that is known of them; when the network is down, hundreds fail at once."""
ORDER: tuple[NoticeKind, ...] = ("failing", "warning", "flapping", "ok")
WORDS = {"failing": "failing", "warning": "unusual", "flapping": "changing to and fro", "ok": "well again"}

PAGES_ADVICE = (
    "compare one of these pages with its article; if the site's layout has changed, add a [[layouts]] to "
    "outlets/{id}.toml of the configuration and run `wirewatch reextract {id}`"
)
ADVICE = {
    "silence": "look whether the site answers and publishes; `wirewatch outlets check {id}` shows both",
    "volume": "look whether the site publishes less; `wirewatch outlets check {id}` shows what its sources list",
    "sources": "`wirewatch outlets check {id}` asks every source; `wirewatch outlets add` finds a site's new ones",
    "failures": "open one of these pages; `wirewatch outlets check {id}` shows how the site answers",
    "no_article": "open one of these pages: a consent wall, a paywall, a new layout, or lists taken for articles",
    "language": "look whether a source lists another edition; [urls] include and exclude keep it out",
    "section": "look whether a source lists other parts of the site, or sections have new names",
}


def title_of(notices: Sequence[Notice]) -> str:
    """``wirewatch: The Harbor Post is failing``, or how many of each."""
    if len(notices) == 1:
        return f"wirewatch: {notices[0].outlet_name} is {WORDS[notices[0].state]}"
    counts = Counter(notice.state for notice in notices)
    return "wirewatch: " + ", ".join(f"{counts[state]} {WORDS[state]}" for state in ORDER if counts[state])


def message_of(notices: Sequence[Notice], *, settle: timedelta) -> str:
    """The whole message, the worst first."""
    ordered = sorted(notices, key=lambda notice: (ORDER.index(notice.state), notice.outlet_id))
    parts = ["\n".join(lines_of(notice, settle)) for notice in ordered[:MOST_OUTLETS]]
    if rest := ordered[MOST_OUTLETS:]:
        parts.append("Likewise: " + ", ".join(f"{each.outlet_id} ({WORDS[each.state]})" for each in rest))
    return "\n\n".join([*parts, "`wirewatch status` shows every outlet."])


def lines_of(notice: Notice, settle: timedelta) -> list[str]:
    """One outlet."""
    who = f"{notice.outlet_name} ({notice.outlet_id})" if notice.outlet_name != notice.outlet_id else notice.outlet_id
    since = clock(notice.since)
    if notice.state == "ok":
        before = WORDS[notice.worst] if notice.worst != "ok" else ""
        was = [f"  it was {before} from {clock(notice.worst_at)} on: {'; '.join(notice.meanwhile)}"] if before else []
        return [f"{who} is well again since {since}.", *was]
    if notice.state == "flapping":
        hours = settle.total_seconds() / 3600
        head = f"{who} changes to and fro: {notice.change_count} times in 24 hours, last at {since}."
        told = f"  You hear of it again when it has kept one state for {hours:g} hours."
        return [head, *findings_of(notice), told]
    return [f"{who} is {WORDS[notice.state]} since {since}.", *findings_of(notice)]


def findings_of(notice: Notice) -> list[str]:
    """What is wrong, what shows it, and what to do about it, each advice once."""
    lines: list[str] = []
    advices: dict[str, None] = {}
    for finding in notice.findings:
        lines.append(f"  - {finding.sentence}")
        lines += [f"      {sample}" for sample in finding.samples]
        advices[advice_on(finding).format(id=notice.outlet_id)] = None
    return lines + [f"  What to do: {advice}." for advice in advices]


def advice_on(finding: Finding) -> str:
    """What a person may do about a finding."""
    return ADVICE.get(finding.check_name, PAGES_ADVICE)


def clock(moment: datetime) -> str:
    """A time for a person."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
