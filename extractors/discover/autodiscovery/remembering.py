"""A fetcher that asks for each address once: a search comes by the same ones by several ways."""

from __future__ import annotations

from extractors.errors import FetchError
from extractors.fetch.protocol import Accept, Fetching
from extractors.outlets import Outlet
from extractors.records import Fetched, Validators


class RememberingFetcher:
    """Asks another fetcher, and keeps its answers and failures for the time of one search.

    Args:
        fetcher: Who asks.
    """

    def __init__(self, fetcher: Fetching) -> None:
        self._fetcher = fetcher
        self._known: dict[tuple[str, Accept], Fetched | FetchError] = {}

    async def fetch(
        self, url: str, *, outlet: Outlet, accept: Accept, validators: Validators | None = None
    ) -> Fetched | None:
        """As ``Fetching.fetch``; an address that was asked for is answered from memory."""
        known = self._known.get((url, accept))
        if isinstance(known, FetchError):
            raise known
        if known is not None:
            return known
        try:
            fetched = await self._fetcher.fetch(url, outlet=outlet, accept=accept, validators=validators)
        except FetchError as error:
            self._known[url, accept] = error
            raise
        if fetched is not None:
            self._known[url, accept] = fetched
        return fetched
