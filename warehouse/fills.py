"""What a migration's SQL cannot compute: rows of a new table that need Python, for files that hold articles already."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from warehouse.chains import revision_from
from warehouse.changes import Compared, write_changes
from warehouse.revisions import Revision
from warehouse.rows import Row, read

COMPARED = """
    CREATE TEMP TABLE compared AS
    SELECT ROW_NUMBER() OVER () AS number, b AS before, a AS after
    FROM core.revisions AS a
    JOIN core.revisions AS b ON b.revision_id = a.compared_with
    ANTI JOIN core.changes AS c ON c.revision_id = a.revision_id AND c.compared_with = a.compared_with
    WHERE LEN(a.changed_fields) > 0
"""
COUNT_COMPARED = "SELECT COUNT(*) AS pair_count FROM compared"
READ_COMPARED = "SELECT before, after FROM compared WHERE number > $after AND number <= $until ORDER BY number"
DROP_COMPARED = "DROP TABLE compared"
PAIRS_AT_ONCE = 500


def fill_changes(con: duckdb.DuckDBPyConnection) -> None:
    """Compare all revisions of a file of before that have not been compared, in a migration's transaction."""
    con.execute(COMPARED)
    ((pair_count,),) = con.execute(COUNT_COMPARED).fetchall()
    for start in range(0, pair_count, PAIRS_AT_ONCE):
        rows = read(con, READ_COMPARED, {"after": start, "until": start + PAIRS_AT_ONCE})
        pairs = [Compared(before=revision_of(row["before"]), after=revision_of(row["after"])) for row in rows]
        write_changes(con, pairs, {})
    con.execute(DROP_COMPARED)


def revision_of(row: Row) -> Revision:
    """The revision of a whole row of core.revisions."""
    ids = {name: str(row[name]) for name in ("revision_id", "article_id", "compared_with", "capture_id") if row[name]}
    return revision_from({**row, **ids})


FILLS: dict[str, Callable[[duckdb.DuckDBPyConnection], None]] = {"0017_texts_without_key": fill_changes}
"""By migration, what runs after its SQL, in the same transaction.

It is today's code, so it belongs to the newest migration whose tables it reads, not to the one that made the table that
it fills; and it fills what is missing, whoever has filled the rest.
"""
