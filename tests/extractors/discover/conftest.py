"""A site in memory that answers the discover stage, and outlets to ask it for."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from extractors.errors import FetchError, PermanentFetchError, Reason
from extractors.fetch import Accept
from extractors.outlets import Outlet
from extractors.records import Capture, Fetched, Validators
from extractors.toml_records import make_record

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def make_fetched(url: str, body: bytes, headers: Mapping[str, str]) -> Fetched:
    """A response as the fetch stage hands it over."""
    capture = Capture(
        capture_id=str(uuid.uuid4()),
        outlet_id="example",
        requested_url=url,
        final_url=url,
        http_status=200,
        headers=tuple(headers.items()),
        fetched_at=NOW,
        body_sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
        warc_file="a.warc.gz",
        warc_offset=0,
    )
    return Fetched(capture=capture, body=body)


class Site:
    """Answers by URL: bytes, an error to raise, or a function of the URL; anything else is a 404."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | FetchError | Callable[[str], bytes]] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.etags: dict[str, str] = {}
        self.asked: list[str] = []
        self.accepted: list[Accept] = []
        self.sent_validators: list[Validators | None] = []

    async def fetch(
        self, url: str, *, outlet: Outlet, accept: Accept, validators: Validators | None = None
    ) -> Fetched | None:
        """Answer like ``extractors.fetch.client.Fetcher``."""
        assert outlet.outlet_id == "example"
        self.asked.append(url)
        self.accepted.append(accept)
        self.sent_validators.append(validators)
        answer = self.answers.get(url, self.answers.get(url.partition("?")[0]))
        if answer is None:
            raise PermanentFetchError(Reason.HTTP_404, url, "not found", 404)
        if isinstance(answer, FetchError):
            raise answer
        body = answer(url) if callable(answer) else answer
        headers = {**self.headers.get(url, {}), **({"ETag": self.etags[url]} if url in self.etags else {})}
        if validators is not None and validators.url == url and validators.etag == headers.get("ETag"):
            return None
        return make_fetched(url, body, headers)


@pytest.fixture
def site() -> Site:
    """A site without pages."""
    return Site()


@pytest.fixture
def now() -> datetime:
    """The time of every poll."""
    return NOW


@pytest.fixture
def make_outlet() -> Callable[..., Outlet]:
    """Make an outlet with some sources and URL rules."""

    def make(*sources: Mapping[str, Any], homepage: str = "https://www.example.org/", **urls: Any) -> Outlet:
        record = {
            "outlet_id": "example",
            "name": "Example",
            "homepage": homepage,
            "sources": list(sources),
            "urls": {"hosts": ["www.example.org"], **urls},
        }
        return make_record(Outlet, record, file="example.toml")

    return make
