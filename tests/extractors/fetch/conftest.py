"""What the tests of the fetch stage share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hostile_site import NOW, Site, serving

from extractors.archive import Archive


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A running site."""
    async with serving() as made:
        yield made


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive."""
    with Archive(tmp_path / "archive", now=lambda: NOW) as made:
        yield made
