from collections import Counter
from io import StringIO

import pytest
from rich.console import Console

from extractors.errors import Reason
from flows.deployed.summary import summary_of
from flows.runs.report import OutletReport, RunReport


def outlet(*, sources: list[tuple[str, Reason, str]] | None = None, fetched: int = 0, **counts: int) -> OutletReport:
    """A report with the given reasons in ``other``."""
    other = Counter({Reason(name): count for name, count in counts.items()})
    polled = [("feed:x", Reason.POLLED, "")]
    return OutletReport(outlet_id="x", sources=polled if sources is None else sources, fetched=fetched, other=other)


@pytest.mark.parametrize(
    ("report", "has_failed"),
    [
        (outlet(), False),
        (outlet(fetched=3, http_404=1), False),
        (outlet(http_403=4), True),
        (outlet(timeout=1), False),
        (outlet(http_404=5, http_410=1), False),
        (outlet(sources=[], http_403=1), True),
        (outlet(sources=[], timeout=1, not_due=1), False),
        (outlet(sources=[], archive_error=1), True),
        (outlet(http_403=4, not_modified=1), False),
        (outlet(foreign_host=4, robots_disallowed=2), False),
        (outlet(fetched=2, listing_page=2), False),
        (outlet(sources=[("a", Reason.TIMEOUT, ""), ("b", Reason.NOT_A_FEED, "")]), True),
        (outlet(sources=[("a", Reason.TIMEOUT, ""), ("b", Reason.NOT_MODIFIED, "")]), False),
        (outlet(sources=[]), False),
        (OutletReport(outlet_id="x", problem="ValueError: broken"), True),
    ],
)
def test_an_outlet_has_failed_when_nothing_could_be_had(report: OutletReport, has_failed: bool) -> None:
    """Single failures are outcomes; an outlet fails when no source answers or none of its pages can be had."""
    assert report.has_failed is has_failed
    assert RunReport(run_id="r", command="ingest", outlets=[report]).has_failed is has_failed


def test_a_failed_source_is_told_in_one_line_with_its_reason() -> None:
    """The line says why each source failed and what was seen, and a cause that they share once."""
    report = outlet(sources=[("feed:a", Reason.CONNECT_ERROR, "no such host"), ("feed:b", Reason.HTTP_404, "")])
    assert report.sentence() == "x: no source answered: connect_error (no such host); http_404"
    same = outlet(sources=[("feed:a", Reason.TIMEOUT, ""), ("feed:b", Reason.TIMEOUT, "")])
    assert same.sentence() == "x: no source answered: timeout"


def test_a_run_without_news_says_so() -> None:
    """Nothing new is said in words, not by an empty table."""
    run = RunReport(run_id="r", command="ingest", outlets=[outlet(not_modified=1)])
    assert run.conclusion() == "Nothing new: no article was written."
    assert run.outlets[0].sentence() == "x: nothing new; not loaded: 1 not_modified"


def test_a_missed_check_fails_the_run() -> None:
    """Books that do not balance are never exit code 0."""
    run = RunReport(run_id="r", command="ingest", outlets=[outlet()], missed=["coverage: 1 row"])
    assert run.has_failed
    assert "- missed: coverage: 1 row" in summary_of(run)


def test_the_summary_counts_every_reason() -> None:
    """The machine-readable summary holds what the table shows."""
    run = RunReport(run_id="r", command="ingest", outlets=[outlet(fetched=2, http_404=1, too_short=3)])
    assert run.as_dict()["outlets"][0]["not_loaded"] == {"http_404": 1, "too_short": 3}
    assert "| 1 http_404 | 0.0 s | 0 | 0 | 3 too_short |" in summary_of(run)


@pytest.mark.parametrize("rechecked", [0, 123])
def test_the_table_fits_eighty_columns(rechecked: int) -> None:
    """Nothing is cut off, and rechecks have a column where there are any."""
    report = RunReport(run_id="1", command="ingest")
    for outlet_id in ("sample_gazette", "sample_observatory_ar"):
        report.outlets.append(OutletReport(outlet_id=outlet_id, listed=1200, rechecked=rechecked, seconds=123.4))
    console = Console(width=80, record=True, file=StringIO())
    console.print(report.as_table())
    shown = console.export_text()
    assert "…" not in shown
    assert ("rechecked" in shown) is bool(rechecked)
    assert "123.4s" in shown
