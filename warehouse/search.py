"""A person's words to the best articles of the published file: ``main.search`` with its complaints as errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from extractors.errors import WarehouseError, WarehouseUnusableError
from warehouse.connection import open_published, published_path

SEARCH = "FROM main.search($words, max_results := $limit, clitics := $clitics)"
COMPLAINT = "search: "
"""How what the macros complain of begins."""


def search(
    home: Path,
    words: str,
    *,
    limit: int = 10,
    clitics: bool = True,
    memory_limit: str = "1GB",
    threads: int = 2,
) -> pa.Table:
    """Find articles in the published file, best first.

    Args:
        home: Folder of the warehouse.
        words: Words, "phrases", ``-without``, ``OR`` and filters, as the README describes them.
        limit: How many articles at most; each costs some milliseconds for its snippet.
        clitics: Whether an Arabic word also stands for its forms with و ف ب ل ال before it.
        memory_limit: DuckDB's limit, such as "1GB".
        threads: DuckDB's threads.

    Returns:
        The columns of ``main.search``; times in UTC.

    Raises:
        WarehouseUnusableError: Nothing has been published yet, or by a wirewatch without search.
        WarehouseError: The words are wrong: an unknown filter or outlet, no date, nothing to look for.
    """
    path = published_path(home)
    con = open_published(home, memory_limit=memory_limit, threads=threads)
    try:
        with readable_complaints(path):
            return con.sql(SEARCH, params={"words": words, "limit": limit, "clitics": clitics}).to_arrow_table()
    finally:
        con.close()


@contextmanager
def readable_complaints(path: Path) -> Iterator[None]:
    """Turn what the macros of search complain of into errors that say what to write.

    Raises:
        WarehouseUnusableError: The published file is of a wirewatch without search.
        WarehouseError: The words are wrong.
    """
    try:
        yield
    except duckdb.CatalogException as error:
        problem = "has no search index: an older wirewatch published it"
        raise WarehouseUnusableError(str(path), problem, "run `wirewatch ingest`, which publishes it anew") from error
    except duckdb.InvalidInputException as error:
        _, found, complaint = str(error).partition(COMPLAINT)
        raise WarehouseError(COMPLAINT.strip(": "), complaint if found else str(error)) from error
