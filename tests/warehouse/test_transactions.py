"""Transactions and the counter of writes."""

from __future__ import annotations

import duckdb
import pytest
from warehouse_samples import column

from warehouse.transactions import change_count, transaction


def test_a_committed_block_moves_the_counter(con: duckdb.DuckDBPyConnection) -> None:
    """By one, whatever it wrote."""
    before = change_count(con)
    with transaction(con):
        con.execute("INSERT INTO core.texts VALUES (1, 'a', 'a', 1, 1, 1)")
        con.execute("INSERT INTO core.texts VALUES (2, 'b', 'b', 1, 1, 1)")
    assert change_count(con) == before + 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_nothing(con: duckdb.DuckDBPyConnection, error: type[BaseException]) -> None:
    """Neither rows nor a moved counter, and the next transaction works."""
    before = change_count(con)

    def fail() -> None:
        with transaction(con):
            con.execute("INSERT INTO core.texts VALUES (1, 'a', 'a', 1, 1, 1)")
            raise error

    with pytest.raises(error):
        fail()
    assert (change_count(con), column(con, "SELECT COUNT(*) FROM core.texts")) == (before, [0])
    with transaction(con):
        con.execute("INSERT INTO core.texts VALUES (1, 'a', 'a', 1, 1, 1)")
