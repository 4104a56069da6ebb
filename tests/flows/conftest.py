from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from empty_home import plant_warehouse
from terminal import Terminal
from workbench import Workbench, make_workbench

from newsroom import RunningNewsroom, running_newsroom


@pytest.fixture
def newsroom() -> Iterator[RunningNewsroom]:
    """The sample outlets in the morning."""
    with running_newsroom() as running:
        yield running


@pytest.fixture
def new_bench(newsroom: RunningNewsroom, tmp_path: Path) -> Workbench:
    """A newsroom, and no home yet."""
    return make_workbench(newsroom, tmp_path)


@pytest.fixture
def bench(new_bench: Workbench, empty_warehouse: Path) -> Workbench:
    """A newsroom and a home with an empty warehouse."""
    plant_warehouse(empty_warehouse, new_bench.workspace.home)
    return new_bench


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal."""
    return Terminal(capsys, monkeypatch)
