"""One running newsroom for all tests of it, put back into its morning before each."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from newsroom import RunningNewsroom, running_newsroom


@pytest.fixture(scope="session")
def served() -> Iterator[RunningNewsroom]:
    """The server."""
    with running_newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def newsroom(served: RunningNewsroom) -> RunningNewsroom:
    """The server in the morning, well-behaved, with an empty log."""
    served.set_edition("morning")
    served.behave()
    served.forget_requests()
    return served


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    """One client for all, since making one reads every root certificate; it follows no redirects and no environment."""
    with httpx.Client(trust_env=False, timeout=10) as client:
        yield client
