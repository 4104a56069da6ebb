"""Every error says what happened and survives the way between processes."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest

from extractors import errors
from extractors.errors import (
    NO_ARTICLE_REASONS,
    NOTHING_TO_DO_REASONS,
    SUCCESS_REASONS,
    TRANSIENT_REASONS,
    ArchiveError,
    BodyError,
    ConfigurationError,
    DiscoverError,
    FetchError,
    NotAskedError,
    PermanentFetchError,
    Reason,
    TransientFetchError,
    UnresolvedHostError,
    WarehouseBusyError,
    WarehouseError,
    WarehouseUnusableError,
    WirewatchError,
)
from extractors.records import Capture

URL = "https://news.example/1"
CAPTURE = Capture(
    capture_id="0f0e7f4e-9d55-4a3c-8f43-0a4f2f4f7c11",
    outlet_id="sample",
    requested_url=URL,
    final_url=URL,
    http_status=404,
    headers=(("ETag", '"1"'),),
    fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
    body_sha256="00",
    body_bytes=0,
    warc_file="2026/11/a.warc.gz",
    warc_offset=7,
)
EXAMPLES = [
    WirewatchError("something"),
    ConfigurationError("outlets/a.toml", "sources[0].url", "is missing", "add it"),
    FetchError(Reason.TIMEOUT, URL),
    TransientFetchError(Reason.HTTP_429, URL, "429 Too Many Requests", 429, 30.0),
    PermanentFetchError(Reason.HTTP_404, URL, "404 Not Found", 404, None, CAPTURE),
    DiscoverError(Reason.NOT_A_FEED, URL, "is HTML"),
    ArchiveError("2026/11/a.warc.gz", 7, "ends in the middle of a record"),
    BodyError(Reason.TOO_LARGE, "decodes to more than 10 bytes"),
    WarehouseError("warehouse.duckdb", "cannot be read", "run wirewatch ingest"),
    WarehouseBusyError("live/warehouse.duckdb", "process 7 loads"),
    WarehouseUnusableError("live/warehouse.duckdb", "is newer than this code"),
    UnresolvedHostError(Reason.CONNECT_ERROR, URL, "the name news.example cannot be resolved"),
    NotAskedError(Reason.CHALLENGE, URL, "not asked: the host is left alone", None, 21_600.0),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_errors_survive_pickling(error: WirewatchError) -> None:
    """Type, text and every value come out as they went in."""
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error) != ""
    assert copy.__dict__ == error.__dict__
    assert copy.args == error.args


def test_every_error_has_an_example() -> None:
    """A new class of error is pickled by the test above, or this one fails."""
    defined = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, WirewatchError)}
    assert defined == {type(error) for error in EXAMPLES}


def test_every_error_is_in_the_drawn_tree() -> None:
    """The module's docstring shows what is there."""
    drawn = errors.__doc__ or ""
    assert all(type(error).__name__ in drawn for error in EXAMPLES)


def test_the_groups_of_reasons_do_not_overlap() -> None:
    """A reason is of one kind."""
    groups = [TRANSIENT_REASONS, NOTHING_TO_DO_REASONS, NO_ARTICLE_REASONS, SUCCESS_REASONS]
    assert sum(map(len, groups)) == len(frozenset().union(*groups))


def test_messages_name_the_value() -> None:
    """Whoever reads an error knows where to look."""
    assert str(EXAMPLES[1]) == "outlets/a.toml: sources[0].url: is missing; add it"
    assert str(EXAMPLES[3]) == "http_429 at https://news.example/1: 429 Too Many Requests"
    assert str(EXAMPLES[6]) == "2026/11/a.warc.gz at offset 7: ends in the middle of a record"
