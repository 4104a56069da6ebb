"""The whole way of the data over real HTTP, from an outlet's file to what an analyst reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from workbench import Workbench, make_workbench

from extractors.errors import ConfigurationError
from flows.settings import open_workspace
from newsroom import Edition, Expected, articles_in, expected_articles, load_articles, running_newsroom

MORNING = expected_articles(Edition.MORNING)
EVENING = expected_articles(Edition.EVENING)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """One home after the newsroom's morning and evening."""
    with running_newsroom() as newsroom:
        bench = make_workbench(newsroom, tmp_path_factory.mktemp("day"))
        morning = bench.ingest()
        assert not morning.has_failed, morning.as_dict()
        newsroom.set_edition("evening")
        evening = bench.ingest()
        assert not evening.has_failed, evening.as_dict()
        yield bench


def path_of(url: str) -> str:
    """A URL's path in the form in which two spellings of it are equal."""
    return unquote(urlsplit(url).path)


def key(outlet_id: str, path: str) -> tuple[str, str]:
    """What tells sample articles apart."""
    return outlet_id, unquote(path)


def by_key(bench: Workbench) -> dict[tuple[str, str], dict[str, Any]]:
    """The warehouse's articles."""
    return {key(row["outlet_id"], path_of(row["canonical_url"])): row for row in bench.ask("FROM articles")}


STANDING = {key(e.outlet_id, e.path): e for e in (*MORNING, *EVENING)}
"""Every article of the day as it stood last; the one that was removed as it stood before."""


@pytest.mark.parametrize("expected", [pytest.param(e, id=f"{e.outlet_id}{e.path[-40:]}") for e in STANDING.values()])
def test_every_article_comes_out_as_it_was_written(day: Workbench, expected: Expected) -> None:
    """Each field equals what the newsroom's desk wrote: text to the character, times to the second."""
    row = by_key(day)[key(expected.outlet_id, expected.path)]
    assert row["text"] == expected.text
    for field in ("title", "kicker", "standfirst", "language", "section", "published_at", "has_disclaimer"):
        assert row[field] == getattr(expected, field), field
    assert row["original_publisher"] == expected.original_publisher
    assert tuple(row["authors"]) == expected.authors
    assert set(row["tags"]) == set(expected.tags)


def test_nothing_is_there_twice_and_nothing_is_missing(day: Workbench) -> None:
    """The warehouse holds the articles of the day, each once."""
    assert len(day.ask("FROM articles")) == len(STANDING)
    assert set(by_key(day)) == set(STANDING)


def test_the_two_edits_are_revisions(day: Workbench) -> None:
    """An article that changed after publication has both states, and says which fields changed."""
    changed = {(a.site, a.article_id) for a in load_articles() if a.evening}
    edited = {
        key(a.outlet.outlet_id, a.path) for a in articles_in(Edition.EVENING) if (a.site, a.article_id) in changed
    }
    rows = by_key(day)
    assert len(edited) == 2
    assert {k for k, row in rows.items() if row["revision_count"] > 1 and row["removed_at"] is None} == edited
    for row in (rows[k] for k in edited):
        states = day.ask(f"FROM revisions WHERE article_id = '{row['article_id']}' ORDER BY revision_number")
        assert [state["kind"] for state in states] == ["first", "edit"]
        assert "text" in states[1]["changed_fields"]


def test_what_is_no_article_is_an_outcome_with_its_reason(day: Workbench) -> None:
    """Paywall stubs, live blogs, galleries, adverts and disallowed pages end in the reason that the desk foresaw."""
    foreseen = {key(a.outlet.outlet_id, a.path): a.reason for a in load_articles() if a.reason and not a.advert_url}
    links = {key(row["outlet_id"], path_of(row["requested_url"])): row["reason"] for row in day.ask("FROM links")}
    assert {k: links.get(k) for k in foreseen} == foreseen
    assert set(foreseen.values()) >= {"robots_disallowed", "paywall_stub"}
    assert "foreign_host" in day.column("SELECT DISTINCT reason FROM links")


def test_another_run_changes_nothing_and_says_so(day: Workbench) -> None:
    """A run without news writes no article and no revision."""
    before = day.ask("SELECT article_id, revision_count, capture_id FROM articles ORDER BY ALL")
    report = day.ingest()
    assert (report.changed, report.has_failed) == (0, False)
    assert report.conclusion() == "Nothing new: no article was written."
    assert day.ask("SELECT article_id, revision_count, capture_id FROM articles ORDER BY ALL") == before


def test_the_reference_article_comes_out_exactly(day: Workbench) -> None:
    """Title without the site's name, standfirst apart, body to its last word, publisher kept, disclaimer gone."""
    article = next(a for a in load_articles() if a.recorded and a.republished_from and a.disclaimer)
    row = by_key(day)[key(article.outlet.outlet_id, article.path)]
    recorded = dict(article.recorded or {})
    for field in ("title", "standfirst", "original_publisher", "has_disclaimer"):
        assert row[field] == recorded[field], field
    assert row["text"].startswith(recorded["first_words"])
    assert row["text"].endswith(recorded["last_words"])
    for unwanted in ("Source:", "views expressed", "Qadrian Observatory", row["title"]):
        assert unwanted not in row["text"]


def test_every_value_can_be_traced_to_its_bytes(day: Workbench) -> None:
    """Each article names a capture whose archived record has the hash that the warehouse states."""
    from extractors.archive import read_response

    rows = day.ask(
        "SELECT c.warc_file, c.warc_offset, c.body_sha256, a.title FROM articles a JOIN captures c USING (capture_id)"
    )
    assert len(rows) == len(STANDING)
    for row in rows:
        archived = read_response(day.workspace.archive_folder, row["warc_file"], row["warc_offset"])
        assert archived.body_sha256 == row["body_sha256"]


def test_each_field_remembers_the_rule_that_gave_it(day: Workbench) -> None:
    """Provenance is there for every field that has a value."""
    fields = ["title", "text", "published_at", "language", "canonical_url"]
    for field in fields:
        missing = day.column(
            "SELECT count(*) FROM articles a "
            f"WHERE NOT EXISTS (FROM provenance p WHERE p.article_id = a.article_id AND p.field = '{field}')"
        )
        assert missing == [0], field


def test_an_outlet_that_is_down_stops_no_other(bench: Workbench) -> None:
    """The others are loaded; the failure is in the report and in the outcomes; the run has failed."""
    bench.newsroom.misbehave("gazette", ".*", "http_503")
    report = bench.ingest()
    failed = {outlet.outlet_id: outlet.has_failed for outlet in report.outlets}
    assert failed == {"sample_gazette": True, "sample_observatory_ar": False, "sample_observatory_en": False}
    assert report.has_failed
    loaded = bench.column("SELECT DISTINCT outlet_id FROM articles ORDER BY 1")
    assert loaded == ["sample_observatory_ar", "sample_observatory_en"]
    reasons = bench.column("SELECT DISTINCT reason FROM outcomes WHERE outlet_id = 'sample_gazette'")
    assert set(reasons) & {"http_5xx", "robots_unreachable"}


def test_the_next_source_is_tried_when_one_fails(bench: Workbench) -> None:
    """WordPress without its REST API is read by its feed, and both polls are on record."""
    bench.newsroom.misbehave("observatory", r".*(wp-json|rest_route).*", "http_404")
    report = bench.ingest("sample_observatory_en")
    assert not report.has_failed
    assert report.changed > 0
    polls = bench.ask("SELECT source_id, reason FROM polls ORDER BY source_id DESC")
    assert [poll["reason"] for poll in polls] == ["http_404", "polled"]


def test_a_page_that_failed_for_now_is_due_again(bench: Workbench) -> None:
    """A transient failure leaves the link pending, with its outcome; nothing is given up."""
    path = next(e.path for e in MORNING if e.outlet_id == "sample_observatory_en")
    bench.newsroom.misbehave("observatory", path, "http_503")
    bench.ingest("sample_observatory_en")
    (link,) = bench.ask(f"FROM links WHERE requested_url LIKE '%{path}'")
    assert (link["state"], link["attempt_count"], link["retry_at"] is not None) == ("pending", 1, True)
    (outcome,) = bench.ask(f"FROM outcomes WHERE link_id = '{link['link_id']}'")
    assert (outcome["stage"], outcome["reason"], outcome["http_status"]) == ("fetch", "http_5xx", 503)
    bench.newsroom.behave()
    url = bench.newsroom.observatory_url + path
    report = bench.ingest("sample_observatory_en", urls=(url,))
    assert report.changed == 1


def test_a_url_that_no_outlet_accepts_is_refused(bench: Workbench) -> None:
    """A person who asks for a page hears at once that it is nobody's."""
    with pytest.raises(ConfigurationError, match="is no article of a configured outlet"):
        bench.ingest(urls=("https://elsewhere.example/a",))


def test_sources_are_polled_when_they_are_due(bench: Workbench) -> None:
    """Without names, a second run right after the first polls nothing, and says why."""
    first = bench.tick(limit=2)
    assert first.changed > 0
    bench.newsroom.forget_requests()
    second = bench.tick(limit=2)
    asked = {request.path for request in bench.newsroom.requests}
    assert not any("wp-json" in path or path.startswith("/rss") for path in asked)
    assert all("not_due" in outlet.as_dict()["not_loaded"] for outlet in second.outlets)


def test_a_limit_bounds_the_pages_of_an_outlet(bench: Workbench) -> None:
    """``limit`` pages are fetched now; the rest stays due and comes with the next run."""
    first = bench.ingest("sample_observatory_ar", limit=3)
    assert first.outlets[0].fetched == 3
    second = bench.ingest("sample_observatory_ar")
    wanted = [e for e in MORNING if e.outlet_id == "sample_observatory_ar"]
    assert first.changed + second.changed == len(wanted)


def test_books_balance(day: Workbench) -> None:
    """Every discovered link has exactly one current state, so that coverage adds up."""
    (row,) = day.ask(
        "SELECT count(*) AS links, count(*) FILTER (state = 'done') AS done, "
        "count(*) FILTER (state <> 'done') AS open FROM links"
    )
    assert row["links"] == row["done"] + row["open"]
    assert row["open"] == 0


def test_a_path_that_holds_spaces_and_letters_of_any_script_is_a_home(newsroom: Any, tmp_path: Path) -> None:
    """A home is any folder that a person makes."""
    bench = make_workbench(newsroom, tmp_path / "بيانات our home's")
    assert bench.ingest("sample_observatory_ar", limit=1).changed == 1
    assert len(bench.ask("FROM articles")) == 1


def test_a_missed_expectation_fails_the_run_after_loading(newsroom: Any, tmp_path: Path) -> None:
    """What could be loaded is loaded and published; the run says which promise was missed."""
    make_workbench(newsroom, tmp_path)
    path = tmp_path / "config" / "outlets" / "sample_observatory_ar.toml"
    text = path.read_text(encoding="utf-8")
    assert "[expect]" in text
    path.write_text(re.sub(r"(?m)^min_fill = .*$", "min_fill = { authors = 1.0 }", text), encoding="utf-8")
    workspace = open_workspace(tmp_path / "config", tmp_path / "home")
    bench = Workbench(newsroom, workspace)
    report = bench.ingest("sample_observatory_ar")
    assert report.has_failed
    assert report.missed == [
        "sample_observatory_ar: authors is there in 0% of the last week's articles; min_fill is 100%"
    ]
    assert len(bench.ask("FROM articles")) == report.changed > 0
    (run,) = bench.ask("SELECT status, finished_at, summary FROM runs")
    assert (run["status"], run["finished_at"] is not None) == ("missed", True)
    assert json.loads(run["summary"])["missed"] == report.missed


def test_an_article_that_is_taken_down_keeps_its_text(bench: Workbench) -> None:
    """Asked again, a page that answers 410 sets ``removed_at`` and leaves what was said; the run has not failed."""
    gone = next(a for a in load_articles() if a.removed_in)
    bench.ingest("sample_observatory_en")
    bench.newsroom.set_edition("evening")
    report = bench.ingest(urls=(bench.newsroom.observatory_url + gone.path,))
    assert not report.has_failed
    (article,) = bench.ask("FROM articles WHERE removed_at IS NOT NULL")
    assert (article["title"], bool(article["text"])) == (gone.headline, True)
    kinds = bench.column(
        f"SELECT kind FROM revisions WHERE article_id = '{article['article_id']}' ORDER BY captured_at"
    )
    assert kinds == ["first", "removed"]
