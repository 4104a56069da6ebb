"""An empty warehouse for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from empty_home import plant_warehouse

from warehouse.connection import open_live


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that nothing was written to."""
    return tmp_path / "home"


@pytest.fixture
def con(home: Path, empty_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The loader's connection to a warehouse of the test's own."""
    plant_warehouse(empty_warehouse, home)
    with open_live(home, wait_seconds=0) as connection:
        yield connection
