"""What the other stages ask of the fetch stage: a URL and what is wanted there become a capture with its body."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from extractors.outlets import Outlet
from extractors.records import Fetched, Validators


class Accept(StrEnum):
    """What the caller wants of a URL; decides the ``Accept`` header, the hosts and the content types let through."""

    PAGE = "page"
    FEED = "feed"
    JSON = "json"


class Fetching(Protocol):
    """Whoever can fetch: ``extractors.fetch.client.Fetcher``, or a test's own."""

    async def fetch(
        self, url: str, *, outlet: Outlet, accept: Accept, validators: Validators | None = None
    ) -> Fetched | None:
        """Fetch one URL of an outlet, politely, and archive the response.

        Args:
            url: Absolute http or https URL. A page must be on the outlet's hosts; a feed or REST URL may also be on
                the host of the homepage or of any configured source.
            outlet: Whose URL it is.
            accept: What is wanted there.
            validators: Of an earlier answer; sent only to the URL that they belong to.

        Returns:
            The capture and its decoded body, or ``None`` where the server says that nothing has changed since the
            validators were given out (304).

        Raises:
            TransientFetchError: A later attempt may succeed; ``reason`` is one of ``TRANSIENT_REASONS``.
            PermanentFetchError: The same request will fail the same way.
            ArchiveError: The response came and could not be archived; nothing more should be fetched.
        """
        ...
