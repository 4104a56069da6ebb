"""One transaction as a ``with`` block; each committed one moves the counter by which publishing sees a change."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

COUNT_CHANGE = "UPDATE core.change_counter SET change_count = change_count + 1"
READ_CHANGE_COUNT = "SELECT change_count FROM core.change_counter"


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit everything inside the block, or nothing."""
    con.begin()
    try:
        yield
        con.execute(COUNT_CHANGE)
        con.commit()
    # A cancelled task or Ctrl-C must leave no transaction open either.
    except BaseException:
        # A commit that the disk refused has ended its transaction by itself; why it did is what must be heard.
        with contextlib.suppress(duckdb.Error):
            con.rollback()
        raise


def change_count(con: duckdb.DuckDBPyConnection) -> int:
    """How often the warehouse was written."""
    row = con.execute(READ_CHANGE_COUNT).fetchone()
    assert row is not None
    return int(row[0])
