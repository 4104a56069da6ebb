from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from extractors.normalize.candidates import Candidate
from extractors.normalize.dates import SHORT_CHARS, day_on_page, modified_of, published_of

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


def published(*raws: str, zone: str | None = None) -> tuple[datetime, str] | None:
    """Time and precision that come of some raw times."""
    moment = published_of([Candidate("x", raw) for raw in raws], not_after=NOW, zone=zone)
    return (moment.at, moment.precision) if moment else None


@pytest.mark.parametrize(
    ("raws", "expected"),
    [
        (["2026-03-02T23:30:00-05:00"], (datetime(2026, 3, 3, 4, 30, tzinfo=UTC), "second")),
        (["2026-03-02", "2026-03-02T09:15:00Z"], (datetime(2026, 3, 2, 9, 15, tzinfo=UTC), "second")),
        (["2026-03-02"], (datetime(2026, 3, 2, tzinfo=UTC), "day")),
        (["soon", "2026-03-02T09:15:00Z"], (datetime(2026, 3, 2, 9, 15, tzinfo=UTC), "second")),
        (["2082-01-01T00:00:00Z", "2026-03-02"], (datetime(2026, 3, 2, tzinfo=UTC), "day")),
        (["2026-03-20T12:30:00Z"], None),
        (["2026-03-20T12:05:00Z"], (datetime(2026, 3, 20, 12, 5, tzinfo=UTC), "second")),
        (["0001-01-01T00:00:00Z"], None),
        ([], None),
    ],
)
def test_publication(raws: list[str], expected: tuple[datetime, str] | None) -> None:
    """In UTC; a time of day before a mere day; nothing after the capture but a few minutes of a fast clock."""
    assert published(*raws) == expected


def test_a_day_that_has_begun_only_east_of_here_is_possible() -> None:
    """It is the 21st in Auckland while the page was fetched on the 20th in UTC."""
    assert published("2026-03-21") == (datetime(2026, 3, 21, tzinfo=UTC), "day")
    assert published("2026-03-22") is None


def test_a_time_without_zone_is_read_in_the_outlets() -> None:
    """Damascus is three hours east of Greenwich."""
    found = published("2026-03-02T09:15:00", zone="Asia/Damascus")
    assert found == (datetime(2026, 3, 2, 6, 15, tzinfo=UTC), "second")


def test_a_change_before_the_publication_is_none() -> None:
    """Some systems copy a draft's time into the modified field."""
    first = published_of([Candidate("x", "2026-03-02T09:00:00Z")], not_after=NOW, zone=None)
    raws = [Candidate("x", "2026-03-01T09:00:00Z"), Candidate("y", "2026-03-02T10:00:00Z")]
    modified = modified_of(raws, published=first, not_after=NOW, zone=None)
    assert modified is not None
    assert modified.candidate.source == "y"
    assert modified_of(raws[:1], published=first, not_after=NOW, zone=None) is None


def test_the_day_of_last_resort_is_a_day_and_not_todays() -> None:
    """It is found in the URL, is no more than a day, and none after the capture."""
    tree = document_fromstring("<html><body><p>Text without a date.</p></body></html>")
    moment = day_on_page(tree, url="https://www.gazette.example/2026/03/02/harbor", not_after=NOW)
    assert moment is not None
    assert (moment.at, moment.precision) == (datetime(2026, 3, 2, tzinfo=UTC), "day")
    later = day_on_page(tree, url="https://www.gazette.example/2026/03/28/harbor", not_after=NOW)
    assert later is None


def test_a_day_is_not_looked_for_in_texts_without_end() -> None:
    """Searching a page of ten megabytes would take ten seconds."""
    page = "<html><body><pre>Tides of 2 March 2026</pre><p>{}</p></body></html>"
    found = [
        day_on_page(document_fromstring(page.format(text)), url="https://www.gazette.example/harbor", not_after=NOW)
        for text in ("x", "x" * SHORT_CHARS)
    ]
    assert [moment and moment.at for moment in found] == [datetime(2026, 3, 2, tzinfo=UTC), None]


@pytest.mark.parametrize(
    ("languages", "day"), [(("fi-FI", "sv"), datetime(2021, 1, 12, tzinfo=UTC)), (("de", "no-such"), None), ((), None)]
)
def test_a_day_in_words_is_read_in_the_pages_languages(languages: tuple[str, ...], day: datetime | None) -> None:
    """To try all others would take five seconds of each worker."""
    tree = document_fromstring('<html><body><p class="date">12 tammikuuta 2021</p><p>Words of it.</p></body></html>')
    moment = day_on_page(tree, url="https://www.gazette.example/harbor", not_after=NOW, languages=languages)
    assert (moment and moment.at) == day
