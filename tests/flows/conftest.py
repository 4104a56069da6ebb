from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal
from workbench import Workbench, make_workbench

from newsroom import RunningNewsroom, running_newsroom


@pytest.fixture
def newsroom() -> Iterator[RunningNewsroom]:
    """The sample outlets in the morning."""
    with running_newsroom() as running:
        yield running


@pytest.fixture
def bench(newsroom: RunningNewsroom, tmp_path: Path) -> Workbench:
    """A newsroom and an empty home."""
    return make_workbench(newsroom, tmp_path)


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal."""
    return Terminal(capsys, monkeypatch)
