"""Loading extractions."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warehouse_samples import (
    NOW,
    OUTLET,
    RUN,
    SITE,
    ask,
    at,
    column,
    contents,
    make_article,
    make_capture,
    make_extraction,
    make_fetch,
    make_link,
    make_outcome,
    make_poll,
    make_verdict,
)

from extractors.errors import NO_ARTICLE_REASONS, Reason
from extractors.records import Credit, CreditKind, FieldSource, Outcome, Stage, make_article_id
from warehouse.checks import run_checks
from warehouse.connection import open_live
from warehouse.fetches import record_fetches
from warehouse.further_pages import PageFetch, record_further_pages
from warehouse.load import LoadCounts, load
from warehouse.outcomes import insert_outcomes
from warehouse.polls import record_polls
from warehouse.worklists import due_links


def broken_checks(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the checks that found something."""
    return [each.name for each in run_checks(con) if each.offending_count]


def test_an_article_comes_out_as_it_was_extracted(con: duckdb.DuckDBPyConnection) -> None:
    """Every field, lists and times among them, and where each came from."""
    extraction = make_extraction(
        1,
        kicker="Idlib",
        text="عادت العبّارة.\nولم يُصب أحد.",
        language="ar",
        image_url="https://x.example/i.jpg",
        image_caption="العبّارة",
        image_credit="A. Marsh",
        dateline="المرفأ (رويترز)",
        corrections="تصحيح: لم يُصب أحد.\nتم تحديث الخبر.",
        agency=("Reuters", "AFP"),
        original_publisher="The Gazette",
        original_url="https://gazette.example/1",
        has_disclaimer=True,
        modified_at=at(-5),
        tags=("أ", "b"),
        authors=("A", "B"),
        credits=(Credit(name="A", kind=CreditKind.PERSON), Credit(name="AFP", kind=CreditKind.AGENCY)),
        languages=("ar", "en"),
    )
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1))], now=at(-30))
    assert load(con, RUN, OUTLET, [extraction], now=at(3)) == LoadCounts(loaded=1)
    article = extraction.article
    assert article
    (row,) = ask(con, "FROM main.articles")
    same = [
        "outlet_id",
        "canonical_url",
        "language",
        "title",
        "kicker",
        "standfirst",
        "dateline",
        "text",
        "corrections",
        "byline",
        "published_at",
        "published_precision",
        "modified_at",
        "section",
        "image_url",
        "image_caption",
        "image_credit",
        "original_publisher",
        "original_url",
        "has_disclaimer",
        "is_free",
        "extractor",
    ]
    assert {name: row[name] for name in same} == {name: getattr(article, name) for name in same}
    assert (row["authors"], row["tags"], row["agency"]) == (["A", "B"], ["أ", "b"], ["Reuters", "AFP"])
    assert row["credits"] == [{"name": "A", "kind": "person"}, {"name": "AFP", "kind": "agency"}]
    assert row["languages"] == ["ar", "en"]
    assert (str(row["article_id"]), str(row["capture_id"])) == (article.article_id, extraction.capture.capture_id)
    assert (row["first_seen_at"], row["last_seen_at"], row["removed_at"]) == (at(-30), NOW, None)
    assert (row["revision_count"], row["word_count"], row["story_id"]) == (1, 5, row["article_id"])
    assert ask(con, "SELECT field, source, raw, is_current FROM main.provenance") == [
        {"field": "title", "source": "og:title", "raw": "Story 1 | Harbor Post", "is_current": True}
    ]


def test_loading_a_batch_twice_changes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    """Whatever was stored stays, to the last row; the counts say so."""
    batch = [make_extraction(1), make_extraction(2), make_verdict(3, Reason.LISTING_PAGE)]
    first = load(con, RUN, OUTLET, batch, now=NOW)
    before = contents(con)
    second = load(con, RUN, OUTLET, batch, now=NOW)
    assert first == LoadCounts(loaded=2, no_article={Reason.LISTING_PAGE: 1})
    assert second == LoadCounts(unchanged=2, no_article={Reason.LISTING_PAGE: 1})
    assert contents(con) == before


CHANGES: dict[str, Any] = {
    "title": "Story 1, corrected",
    "kicker": "Ports",
    "standfirst": None,
    "dateline": "PORT AMAL (AP)",
    "text": "Other words.",
    "corrections": "Correction: nobody was hurt.",
    "byline": None,
    "authors": (),
    "credits": (Credit(name="Ana Marsh", kind=CreditKind.PERSON), Credit(name="The Gazette", kind=CreditKind.OUTLET)),
    "agency": ("AP",),
    "published_at": at(-1),
    "canonical_url": f"{SITE}/1/new/",
    "language": "fr",
    "section": "Sea",
    "tags": ("weather", "ferry"),
    "image_url": "https://x.example/i.jpg",
    "image_caption": "The ferry",
    "image_credit": "A. Marsh",
    "original_publisher": "The Gazette",
    "original_url": "https://gazette.example/1",
    "has_disclaimer": True,
    "is_free": False,
}


def as_stored(value: object) -> object:
    """A field's value as a row has it."""
    if isinstance(value, Credit):
        return {"name": value.name, "kind": value.kind.value}
    return [as_stored(each) for each in value] if isinstance(value, tuple) else value


def test_each_changed_field_makes_a_revision(con: duckdb.DuckDBPyConnection) -> None:
    """The current article shows the new value, and ``changes`` what it was and became."""
    numbered = list(enumerate(CHANGES.items(), start=1))
    load(con, RUN, OUTLET, [make_extraction(n) for n, _ in numbered], now=NOW)
    edited = [make_extraction(n, fetched_at=at(60), **{field: value}) for n, (field, value) in numbered]
    assert load(con, RUN, OUTLET, edited, now=at(60)) == LoadCounts(revised=len(CHANGES))
    articles = {str(row["article_id"]): row for row in ask(con, "FROM main.articles")}
    changes = {str(row["article_id"]): row for row in ask(con, "FROM main.changes")}
    assert column(con, "SELECT COUNT(*) FROM main.changes") == [len(CHANGES)]
    for extraction, (field, value) in zip(edited, CHANGES.items(), strict=True):
        assert extraction.article
        article, change = articles[extraction.article.article_id], changes[extraction.article.article_id]
        assert article[field] == as_stored(value), field
        assert (change["field"], change["kind"], change["captured_at"]) == (field, "edit", at(60))
        assert change["before"] != change["after"], field
    assert broken_checks(con) == []


@pytest.mark.parametrize(
    "same",
    [
        {"modified_at": at(30)},
        {"extractor": "newer"},
        {"provenance": ()},
        {"declared_language": None},
        {"languages": ()},
    ],
)
def test_what_is_no_content_makes_no_revision(con: duckdb.DuckDBPyConnection, same: dict[str, Any]) -> None:
    """A moved modified_at is kept on the article; a new extractor that reads the same is no news."""
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    counts = load(con, RUN, OUTLET, [make_extraction(1, fetched_at=at(60), **same)], now=at(60))
    assert counts == LoadCounts(unchanged=1)
    (row,) = ask(con, "SELECT revision_count, modified_at, last_seen_at FROM main.articles")
    assert row == {"revision_count": 1, "modified_at": same.get("modified_at"), "last_seen_at": at(60)}


def test_two_captures_of_one_article_in_a_batch_are_taken_in_time(con: duckdb.DuckDBPyConnection) -> None:
    """Whatever their order in the batch."""
    late = make_extraction(1, fetched_at=at(60), title="Late")
    early = make_extraction(1, fetched_at=at(0), title="Early")
    assert load(con, RUN, OUTLET, [late, early], now=at(61)) == LoadCounts(loaded=1, revised=1)
    assert column(con, "SELECT title FROM main.revisions ORDER BY revision_number") == ["Early", "Late"]
    assert column(con, "SELECT title FROM main.articles") == ["Late"]
    assert broken_checks(con) == []


def test_an_old_capture_takes_its_place_and_replaces_nothing(con: duckdb.DuckDBPyConnection) -> None:
    """A backfill after live runs adds the past, with the numbers of the later revisions moved."""
    load(con, RUN, OUTLET, [make_extraction(1, fetched_at=at(60), title="B", modified_at=at(50))], now=at(60))
    load(con, RUN, OUTLET, [make_extraction(1, fetched_at=at(90), title="C", modified_at=at(80))], now=at(90))
    old = make_extraction(1, fetched_at=at(-999), title="A", modified_at=at(-1000))
    assert load(con, RUN, OUTLET, [old], now=at(99)).revised == 1
    (row,) = ask(con, "SELECT title, modified_at, first_seen_at, last_seen_at, revision_count FROM main.articles")
    assert row == {
        "title": "C",
        "modified_at": at(80),
        "first_seen_at": at(-999),
        "last_seen_at": at(90),
        "revision_count": 3,
    }
    rows = ask(con, "SELECT title, kind, revision_number FROM main.revisions ORDER BY revision_number")
    assert [(row["title"], row["kind"]) for row in rows] == [("A", "first"), ("B", "edit"), ("C", "edit")]
    assert ask(con, "SELECT before, after FROM main.changes ORDER BY captured_at") == [
        {"before": "A", "after": "B"},
        {"before": "B", "after": "C"},
    ]
    assert broken_checks(con) == []


def test_an_old_capture_does_not_hide_that_a_newer_one_saw_nothing_new(con: duckdb.DuckDBPyConnection) -> None:
    """A, still A, and in between B: the article reads A, with its provenance."""
    load(con, RUN, OUTLET, [make_extraction(1, title="A")], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1, title="A", fetched_at=at(90))], now=at(90))
    load(con, RUN, OUTLET, [make_extraction(1, title="B", fetched_at=at(40))], now=at(99))
    assert column(con, "SELECT title FROM main.articles") == ["A"]
    assert column(con, "SELECT title FROM main.revisions ORDER BY revision_number") == ["A", "B", "A"]
    assert column(con, "SELECT field FROM main.provenance WHERE is_current") == ["title"]
    assert broken_checks(con) == []


def test_an_identity_that_is_learned_later_makes_no_twin(con: duckdb.DuckDBPyConnection) -> None:
    """By its address first, by its CMS id later, then under another address: one article, its first id kept."""
    load(con, RUN, OUTLET, [make_extraction(1, identity=f"url:{SITE}/1/")], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1, fetched_at=at(5), title="Edited")], now=at(5))
    moved = make_extraction(2, identity="cms:1", fetched_at=at(9), title="Moved")
    assert load(con, RUN, OUTLET, [moved], now=at(9)) == LoadCounts(revised=1)
    (row,) = ask(con, "SELECT article_id, title, canonical_url FROM main.articles")
    assert (str(row["article_id"]), row["title"], row["canonical_url"]) == (
        make_article_id(OUTLET, f"url:{SITE}/1/"),
        "Moved",
        f"{SITE}/2/",
    )
    assert broken_checks(con) == []


def test_twins_in_one_batch_are_one_article(con: duckdb.DuckDBPyConnection) -> None:
    """The same address under two identities within a batch."""
    batch = [
        make_extraction(1, identity=f"url:{SITE}/1/"),
        make_extraction(2, fetched_at=at(1), normalized_url=f"{SITE}/1/", identity="cms:1", title="Edited"),
    ]
    assert load(con, RUN, OUTLET, batch, now=at(1)) == LoadCounts(loaded=1, revised=1)
    assert column(con, "SELECT title FROM main.articles") == ["Edited"]
    assert broken_checks(con) == []


def test_the_same_text_is_stored_once(con: duckdb.DuckDBPyConnection) -> None:
    """Under its hash, for every article that has it; an outlet's articles are its own."""
    load(con, RUN, OUTLET, [make_extraction(n, text="The same.") for n in (1, 2)], now=NOW)
    elsewhere = make_extraction(1, text="The same.", outlet_id="another")
    load(con, RUN, "another", [replace(elsewhere, link_id=make_link(1, outlet_id="another").link_id)], now=NOW)
    assert ask(con, "SELECT text_sha256, char_count, word_count, sentence_count FROM core.texts") == [
        {"text_sha256": hashlib.sha256(b"The same.").hexdigest(), "char_count": 9, "word_count": 2, "sentence_count": 1}
    ]
    assert column(con, "SELECT COUNT(*) FROM main.articles") == [3]


def test_a_reextraction_is_told_from_an_edit(con: duckdb.DuckDBPyConnection) -> None:
    """The same capture, read by a better extractor, is the current revision and none of the outlet's doing."""
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    better = make_extraction(1, standfirst="Found now.", extractor="wirewatch/next")
    assert load(con, "run-2", OUTLET, [better], now=at(60)).revised == 1
    assert column(con, "SELECT kind FROM main.revisions ORDER BY revision_number") == ["first", "reextracted"]
    assert ask(con, "SELECT standfirst, extractor FROM main.articles") == [
        {"standfirst": "Found now.", "extractor": "wirewatch/next"}
    ]
    assert broken_checks(con) == []


def test_a_page_that_is_no_article_is_an_outcome(con: duckdb.DuckDBPyConnection) -> None:
    """Whatever its verdict: it is counted and its link is done; articles stays empty."""
    reasons = [*sorted(NO_ARTICLE_REASONS), Reason.EXTRACT_ERROR]
    verdicts = [replace(make_verdict(n, reason), detail=f"because of {reason}") for n, reason in enumerate(reasons)]
    assert load(con, RUN, OUTLET, verdicts, now=NOW) == LoadCounts(no_article=dict.fromkeys(reasons, 1))
    assert ask(con, "SELECT stage, reason, detail, article_id FROM main.outcomes ORDER BY reason") == [
        {"stage": "extract", "reason": reason, "detail": f"because of {reason}", "article_id": None}
        for reason in sorted(reasons)
    ]
    assert ask(con, "SELECT state, reason, stage FROM main.links ORDER BY reason") == [
        {"state": "done", "reason": reason, "stage": "extract"} for reason in sorted(reasons)
    ]
    assert column(con, "SELECT COUNT(*) FROM main.articles") == [0]


def test_a_later_wall_takes_no_article_away(con: duckdb.DuckDBPyConnection) -> None:
    """The article stays as it was read, and its link loaded; the outcome says what was seen instead."""
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    load(con, RUN, OUTLET, [make_verdict(1, Reason.CONSENT_WALL, fetched_at=at(60))], now=at(60))
    assert column(con, "SELECT title FROM main.articles") == ["Story 1"]
    assert ask(con, "SELECT reason, article_id IS NOT NULL AS is_loaded FROM main.links") == [
        {"reason": "loaded", "is_loaded": True}
    ]
    assert column(con, "SELECT reason FROM main.outcomes ORDER BY occurred_at") == ["loaded", "consent_wall"]


def test_loading_an_old_capture_leaves_a_due_link_due(con: duckdb.DuckDBPyConnection) -> None:
    """What became due for a newer response waits for that one."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1))], now=NOW)
    record_fetches(con, RUN, OUTLET, [make_fetch(1)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1, title="Edited"))], now=at(5))
    load(con, RUN, OUTLET, [make_extraction(1, fetched_at=at(-500), title="Older")], now=at(6))
    assert len(due_links(con, OUTLET, limit=None, now=at(6))) == 1


def test_a_batch_that_fails_leaves_nothing(con: duckdb.DuckDBPyConnection) -> None:
    """Articles, outcomes and link states are one transaction."""
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    before = contents(con)
    bad = replace(make_capture(f"{SITE}/3/"), capture_id="not a uuid")
    batch = [make_extraction(2), make_extraction(1, title="Edited", fetched_at=at(5))]
    with pytest.raises(duckdb.ConversionException):
        load(con, RUN, OUTLET, [*batch, replace(make_extraction(3), capture=bad)], now=at(5))
    assert contents(con) == before
    assert load(con, RUN, OUTLET, batch, now=at(5)) == LoadCounts(loaded=1, revised=1)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(categories=None), max_size=40), st.text(st.characters(categories=None), max_size=10))
def test_anybodys_text_is_stored(con: duckdb.DuckDBPyConnection, text: str, tag: str) -> None:
    """Whatever a page holds, NUL and halves of surrogate pairs among it, loads, and loads once."""
    number = int.from_bytes(hashlib.sha256(ascii((text, tag)).encode()).digest()[:6], "big")
    provenance = (FieldSource(field="title", source="x", raw=text),)
    extraction = make_extraction(number, text=text, title=text, tags=(tag,), provenance=provenance)
    load(con, RUN, OUTLET, [extraction], now=NOW)
    assert load(con, RUN, OUTLET, [extraction], now=NOW).unchanged == 1
    (shown,) = column(con, f"SELECT text FROM main.articles WHERE canonical_url = '{SITE}/{number}/'")
    assert shown == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def load_and_wait(home: Path, pipe: Connection) -> None:
    """Load in a process of its own that writes everything and then, just before the commit, waits for its end."""

    def write_and_wait(con: duckdb.DuckDBPyConnection, run_id: str, outcomes: Sequence[Outcome]) -> None:
        insert_outcomes(con, run_id, outcomes)
        pipe.send(os.getpid())
        pipe.recv()

    with open_live(home, wait_seconds=5) as con, pytest.MonkeyPatch.context() as patch:
        patch.setattr("warehouse.load.insert_outcomes", write_and_wait)
        batch = [make_extraction(1, fetched_at=at(60), title="Edited"), make_extraction(2)]
        load(con, "killed", OUTLET, batch, now=NOW)


def test_kill_9_in_a_load_loses_and_doubles_nothing(home: Path) -> None:
    """The transaction of the killed process is gone whole; loading again gives each article once."""
    with open_live(home, wait_seconds=5) as con:
        load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
        before = contents(con)
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=load_and_wait, args=(home, theirs))
    process.start()
    try:
        assert ours.poll(60)
        os.kill(ours.recv(), signal.SIGKILL)
    finally:
        process.kill()
        process.join(30)
    with open_live(home, wait_seconds=5) as con:
        assert contents(con) == before
        batch = [make_extraction(1, fetched_at=at(60), title="Edited"), make_extraction(2)]
        assert load(con, RUN, OUTLET, batch, now=NOW) == LoadCounts(loaded=1, revised=1)
        assert column(con, "SELECT title FROM main.articles ORDER BY ALL") == ["Edited", "Story 2"]
        assert broken_checks(con) == []


def test_the_free_words_of_a_stub_are_kept(con: duckdb.DuckDBPyConnection) -> None:
    """A stub is no article; what can be read of it is there until the whole article is."""
    stub = replace(make_verdict(1, Reason.PAYWALL_STUB), shown_text="Eleven men stand on a staircase.")
    for _ in range(2):
        load(con, RUN, OUTLET, [stub], now=NOW)
    assert ask(con, "SELECT text, is_free, word_count FROM main.stubs") == [
        {"text": "Eleven men stand on a staircase.", "is_free": False, "word_count": 6}
    ]
    assert column(con, "SELECT COUNT(*) FROM main.articles") == [0]
    record_fetches(con, RUN, OUTLET, [make_fetch(1, fetched_at=at(9))], now=at(9))
    load(con, RUN, OUTLET, [make_extraction(1, fetched_at=at(9))], now=at(9))
    assert column(con, "SELECT COUNT(*) FROM main.stubs") == [0]
    assert broken_checks(con) == []


def test_an_article_of_which_a_page_is_missing_does_not_replace_a_whole_one(con: duckdb.DuckDBPyConnection) -> None:
    """What was loaded stands, and the attempt says why; a whole reading is a revision again."""
    first = make_extraction(1)
    second = make_capture(f"{SITE}/1/2/")
    outcome = replace(make_outcome(Reason.FURTHER_PAGE, stage=Stage.FETCH), link_id=first.link_id)
    record_fetches(con, RUN, OUTLET, [make_fetch(1)], now=NOW)
    record_further_pages(con, RUN, [PageFetch(first=first.capture, number=2, outcome=outcome, capture=second)], now=NOW)
    load(con, RUN, OUTLET, [replace(first, article=make_article(1, page_count=2))], now=NOW)
    half = make_extraction(1, fetched_at=at(60), text="Half.", is_complete=False)
    assert load(con, RUN, OUTLET, [half], now=at(60)) == LoadCounts(no_article={Reason.INCOMPLETE: 1})
    assert ask(con, "SELECT text, is_complete, revision_count FROM main.articles") == [
        {"text": make_article(1).text, "is_complete": True, "revision_count": 1}
    ]
    assert column(con, "SELECT reason FROM main.links") == ["loaded"]
    whole = make_extraction(1, fetched_at=at(90), text="Other.", page_count=2)
    assert load(con, RUN, OUTLET, [whole], now=at(90)) == LoadCounts(revised=1)
    assert broken_checks(con) == []
