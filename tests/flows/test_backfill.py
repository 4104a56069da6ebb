"""History from somebody else's WARC file."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from captured import FETCHED_AT, response, write_warc
from workbench import Workbench, make_workbench

from extractors.errors import ArchiveError, ConfigurationError, Reason
from flows.backfill import backfill_warcs
from flows.runs import captured_pages
from flows.runs.report import RunReport
from flows.shown.progress import SilentReporter
from flows.verify import verify
from newsroom import RunningNewsroom
from newsroom.pages_of_others import PARAGRAPHS, page
from warehouse.connection import open_live


def backfill(bench: Workbench, *files: Path) -> RunReport:
    """Run the backfill."""
    return asyncio.run(backfill_warcs(bench.workspace, files, SilentReporter()))


@pytest.fixture
def warc(tmp_path: Path, newsroom: RunningNewsroom) -> Path:
    """Two pages of one newspaper, one of a configured outlet, and what else archives hold."""
    return write_warc(
        tmp_path / "theirs",
        response("https://www.harbor-post.co.uk/news/breakwater", page("Council votes to repair the breakwater")),
        response("https://m.harbor-post.co.uk/news/quay", page("Eastern quay closed for a week")),
        response(f"{newsroom.observatory_url}/en/77777/", page("Calm in the harbor district")),
        response(f"{newsroom.observatory_url}/about-us", page("About us")),
        response("https://gone.example.org/news/1", b"<h1>Not found</h1>", status=404),
        response("https://files.example.org/report.pdf", b"%PDF-1.7", kind="application/pdf"),
    )


def test_every_response_ends_in_an_outcome_and_pages_become_articles(bench: Workbench, warc: Path) -> None:
    """Configured outlets take what is theirs; other pages belong to an outlet by registered domain."""
    report = backfill(bench, warc)
    assert not report.has_failed
    rows = {row["title"]: row for row in bench.ask("FROM articles")}
    assert {title: row["outlet_id"] for title, row in rows.items()} == {
        "Council votes to repair the breakwater": "web_harbor_post_co_uk",
        "Eastern quay closed for a week": "web_harbor_post_co_uk",
        "Calm in the harbor district": "sample_observatory_en",
    }
    council = rows["Council votes to repair the breakwater"]
    assert council["text"] == "\n".join(PARAGRAPHS)
    assert council["published_at"] == datetime(2026, 3, 3, 6, 15, tzinfo=UTC)
    assert council["first_seen_at"] == FETCHED_AT
    reasons = bench.ask("SELECT reason, count(*)::INTEGER AS n FROM outcomes GROUP BY ALL ORDER BY ALL")
    assert [(row["reason"], row["n"]) for row in reasons] == [
        ("excluded_url", 1),
        ("http_404", 1),
        ("loaded", 3),
        ("not_html", 1),
    ]


def test_a_second_backfill_writes_nothing(bench: Workbench, warc: Path) -> None:
    """Records are known by their own ids; they are neither loaded nor archived again."""
    backfill(bench, warc)
    before = bench.ask("SELECT article_id, revision_count FROM articles ORDER BY ALL")
    archived = sorted(path.stat().st_size for path in bench.workspace.archive_folder.rglob("*.warc.gz"))
    report = backfill(bench, warc)
    assert report.conclusion() == "Nothing new: no article was written."
    assert not report.has_failed
    assert bench.ask("SELECT article_id, revision_count FROM articles ORDER BY ALL") == before
    after = sorted(path.stat().st_size for path in bench.workspace.archive_folder.rglob("*.warc.gz"))
    assert after == archived


def test_two_states_of_one_page_in_one_file_are_two_revisions(bench: Workbench, tmp_path: Path) -> None:
    """An archive that holds a page twice holds its history."""
    url = "https://www.harbor-post.co.uk/news/breakwater"
    changed = (*PARAGRAPHS[:2], "The vote was postponed late on Tuesday, the mayor said, because two members were ill.")
    later = response(url, page("Vote on the breakwater postponed", paragraphs=changed))
    files = [
        write_warc(tmp_path / "one", response(url, page("Council votes to repair the breakwater"))),
        write_warc(tmp_path / "two", later),
    ]
    joined = tmp_path / "joined.warc.gz"
    joined.write_bytes(b"".join(path.read_bytes() for path in files))
    backfill(bench, joined)
    (article,) = bench.ask("FROM articles")
    assert article["revision_count"] == 2


def in_small_batches(bench: Workbench) -> Workbench:
    """The same, with a page a batch: while one is extracted, its neighbors are loaded and copied."""
    engine = bench.workspace.settings.engine.model_copy(update={"links_per_round": 1})
    settings = bench.workspace.settings.model_copy(update={"engine": engine})
    return replace(bench, workspace=replace(bench.workspace, settings=settings))


def test_batches_side_by_side_make_the_same_warehouse(bench: Workbench, warc: Path, tmp_path: Path) -> None:
    """A file that holds its records twice, and a page in two states, gives each once and in its order."""
    url = "https://www.harbor-post.co.uk/news/breakwater"
    later = write_warc(
        tmp_path / "later", response(url, page("Vote on the breakwater postponed", paragraphs=PARAGRAPHS[:2]))
    )
    joined = tmp_path / "joined.warc.gz"
    joined.write_bytes(2 * warc.read_bytes() + 2 * later.read_bytes())
    report = backfill(in_small_batches(bench), joined)
    assert not report.has_failed
    assert report.outlets[0].listed == 14
    assert report.outlets[0].other[Reason.ALREADY_KNOWN] == 7
    assert sorted(bench.ask("SELECT title, revision_count FROM articles"), key=str) == [
        {"title": "Calm in the harbor district", "revision_count": 1},
        {"title": "Eastern quay closed for a week", "revision_count": 1},
        {"title": "Vote on the breakwater postponed", "revision_count": 2},
    ]
    assert bench.column("SELECT count(*)::INTEGER FROM captures") == [7]
    found = asyncio.run(verify(bench.workspace, SilentReporter()))
    assert found.faults == []


def test_what_was_extracted_is_loaded_when_the_file_fails_behind_it(
    bench: Workbench, warc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails while pages are read costs no page that was read before."""
    taken = 0

    def failing(pages: Iterator[captured_pages.Found], most_count: int) -> list[captured_pages.Found]:
        nonlocal taken
        taken += 1
        if taken == 3:
            raise ArchiveError("warc", 0, "the disk failed")
        return take_batch(pages, most_count)

    take_batch = captured_pages.take_batch
    with monkeypatch.context() as broken:
        broken.setattr(captured_pages, "take_batch", failing)
        with pytest.raises(ArchiveError, match="the disk failed"):
            backfill(in_small_batches(bench), warc)
    with open_live(bench.workspace.home, wait_seconds=0) as con:
        assert con.execute("SELECT COUNT(*) FROM main.articles").fetchall() == [(2,)]
    backfill(bench, warc)
    assert bench.column("SELECT count(*)::INTEGER FROM articles") == [3]


def test_a_damaged_tail_is_an_outcome_and_costs_nothing_before_it(bench: Workbench, warc: Path, tmp_path: Path) -> None:
    """A download that broke off is loaded as far as it goes, and says where it ends."""
    broken = tmp_path / "broken.warc.gz"
    broken.write_bytes(warc.read_bytes()[:-60])
    backfill(bench, broken)
    assert bench.column("SELECT count(*)::INTEGER FROM articles") == [3]
    assert bench.column("SELECT count(*)::INTEGER FROM outcomes WHERE reason = 'archive_error'") == [1]


@pytest.mark.parametrize(("name", "content"), [("missing.warc.gz", None), ("page.html", b"<html>")])
def test_what_is_no_warc_is_refused_before_anything_is_done(
    new_bench: Workbench, tmp_path: Path, name: str, content: bytes | None
) -> None:
    """The error names the file; no run is recorded."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=name):
        backfill(new_bench, path)
    assert not new_bench.workspace.home.exists()


def test_a_compressed_file_without_a_record_is_an_outcome(bench: Workbench, tmp_path: Path) -> None:
    """What cannot be read is on record with its place, although no page can be named."""
    path = tmp_path / "text.gz"
    path.write_bytes(gzip.compress(b"no record"))
    report = backfill(bench, path)
    assert report.has_failed
    assert bench.ask("SELECT reason, requested_url FROM outcomes") == [
        {"reason": "archive_error", "requested_url": "text.gz#0"}
    ]


def test_a_home_made_by_backfill_is_one_for_ingest(newsroom: RunningNewsroom, tmp_path: Path, warc: Path) -> None:
    """History first and live runs later share one warehouse."""
    bench = make_workbench(newsroom, tmp_path)
    backfill(bench, warc)
    assert bench.ingest("sample_observatory_ar", limit=1).changed == 1
