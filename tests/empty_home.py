"""A home whose warehouse is made already, and empty: making one takes most of a second of each test that needs one."""

from __future__ import annotations

import shutil
from pathlib import Path

from warehouse.connection import live_path


def plant_warehouse(made: Path, home: Path) -> None:
    """Put a copy of a warehouse's file into a home that has none."""
    live_path(home).parent.mkdir(parents=True)
    shutil.copyfile(made, live_path(home))
