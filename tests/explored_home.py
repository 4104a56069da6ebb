"""A small published home with all that `wirewatch explore` shows: an edit, a copy, Arabic, a page that means harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from captured import response
from warehouse_samples import NOW, OUTLET, RUN, SITE, at, make_extraction, make_fetch, make_link, make_poll

from extractors.archive import Archive
from extractors.records import Extraction, FetchResult, OutletCard
from warehouse.connection import open_live
from warehouse.fetches import record_fetches
from warehouse.load import load
from warehouse.polls import record_polls
from warehouse.publish import publish
from warehouse.sources import upsert_outlets

GAZETTE = "gazette"
TRAP = "window.trapped = true"
HOSTILE_TITLE = f"<script>{TRAP}</script> **bold** [link](javascript:alert(1)) $x^2$ <img src=x onerror='{TRAP}'>"
HOSTILE_PAGE = f"""<!doctype html><html><head><title>Ferry</title>
<meta http-equiv="refresh" content="0;url=http://192.0.2.1/refresh">
<link rel="preconnect" href="http://192.0.2.1/"><link rel="stylesheet" href="http://192.0.2.1/style.css">
<base href="http://192.0.2.1/"></head><body onload="{TRAP}">
<script>parent.{TRAP}; top.{TRAP}</script><h1 style="background:url(http://192.0.2.1/b.png)">Ferry number 1 is late</h1>
<p dir="ltr" onclick="{TRAP}">The ferry number 1 came in late.</p><img src="http://192.0.2.1/a.png" onerror="{TRAP}">
<iframe src="http://192.0.2.1/"></iframe><svg><script>{TRAP}</script></svg><form action="http://192.0.2.1/"><input></form>
<a href="http://192.0.2.1/click" ping="http://192.0.2.1/ping">read on</a><xmp><img src=x onerror={TRAP}></xmp>
<noscript><p title="</noscript><img src=x onerror={TRAP}>"></noscript></body></html>"""
BEFORE = "The ferry number 1 came in late.\nEleven were hurt."
AFTER = "The ferry number 1 came in late.\nNine were hurt."
EDITED_TITLE = "Ferry number 1 is found"
ARABIC = "تأخرت العبّارة ساعتين.\nولم يصب أحد."
ARABIC_TITLE = "تأخر العبّارة عن الميناء"
LONG = (
    "The harbor office said on Monday that the ferry had waited for an hour outside the breakwater while a barge was "
    "towed away, and that nobody on board had been hurt or taken ill in the meantime. Passengers told of cold tea."
)


def make_home(home: Path) -> None:
    """Load and publish everything."""
    first = archived(home, make_extraction(1, title="Ferry number 1 is late", text=BEFORE), HOSTILE_PAGE)
    edited = archived(home, make_extraction(1, fetched_at=at(90), title=EDITED_TITLE, text=AFTER), HOSTILE_PAGE)
    others = [
        make_extraction(2, title=HOSTILE_TITLE, text=f"A gale {HOSTILE_TITLE} passed.", section="<b>x</b>"),
        make_extraction(3, title=ARABIC_TITLE, text=ARABIC, standfirst=None, language="ar", languages=("ar",)),
        make_extraction(4, title="Barge holds up ferry", text=LONG),
    ]
    copy = make_extraction(
        5,
        outlet_id=GAZETTE,
        title="Barge holds up ferry again",
        text=LONG,
        canonical_url="javascript:alert(1)",
        published_at=NOW + timedelta(minutes=30),
    )
    with open_live(home, wait_seconds=5) as con:
        upsert_outlets(con, [card(OUTLET, "The Harbor Post"), card(GAZETTE, "<i>The Gazette</i>")])
        record_polls(con, RUN, OUTLET, [make_poll(*(make_link(number) for number in (1, 2, 3, 4, 9)))], now=NOW)
        fetched = FetchResult(link=make_link(1), capture=first.capture)
        record_fetches(con, RUN, OUTLET, [fetched, *(make_fetch(number) for number in (2, 3, 4))], now=NOW)
        load(con, RUN, OUTLET, [first, *others], now=NOW)
        load(con, RUN, OUTLET, [edited], now=at(91))
        load(con, RUN, GAZETTE, [copy], now=at(92))
    publish(home, wait_seconds=5)


def publish_another(home: Path) -> None:
    """A run loads one more article and publishes."""
    with open_live(home, wait_seconds=5) as con:
        load(con, RUN, OUTLET, [make_extraction(6, title="Tide turns", fetched_at=at(200))], now=at(200))
    publish(home, wait_seconds=5)


def archived(home: Path, extraction: Extraction, page: str) -> Extraction:
    """An extraction whose capture points at a response that is in the archive."""
    capture = extraction.capture
    raw = replace(response(capture.final_url, page.encode()), capture_id=capture.capture_id)
    with Archive(home / "archive", now=lambda: capture.fetched_at) as archive:
        place = archive.append(raw)
    kept = replace(
        capture,
        warc_file=place.warc_file,
        warc_offset=place.warc_offset,
        body_sha256=sha256(page.encode()).hexdigest(),
        body_bytes=len(page.encode()),
    )
    return replace(extraction, capture=kept)


def card(outlet_id: str, name: str) -> OutletCard:
    """An outlet as its file describes it."""
    return OutletCard(outlet_id=outlet_id, name=name, homepage=SITE, country=None, languages=(), aliases=())
