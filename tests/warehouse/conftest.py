"""An empty warehouse for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from warehouse.connection import live_path, open_live


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that nothing was written to."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty warehouse, migrated once for all tests."""
    made = tmp_path_factory.mktemp("empty")
    with open_live(made, wait_seconds=0):
        pass
    return live_path(made)


@pytest.fixture
def con(home: Path, empty_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The loader's connection to a warehouse of the test's own."""
    live_path(home).parent.mkdir(parents=True)
    shutil.copyfile(empty_warehouse, live_path(home))
    with open_live(home, wait_seconds=0) as connection:
        yield connection
