"""The commands that read the published file: query, search, export."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer
from rich.console import Console

from extractors.errors import WarehouseBusyError, WarehouseError, WarehouseUnusableError
from flows.commands.options import WRONG_CALL, AsJson, Config, Home, print_json, stop
from flows.export import ExportFormat
from flows.settings import DEFAULT_CONFIG, WarehouseSettings, load_settings, resolve_home
from warehouse.partitions import PublishedFile


class Format(StrEnum):
    """Forms in which a query's result is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def query(
    sql: Annotated[str, typer.Argument(help="One SELECT, such as 'FROM articles LIMIT 5'.")],
    form: Annotated[
        Format | None, typer.Option("--format", help="How to print the result [table], or to write it.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", dir_okay=False, metavar="FILE", help="Write it here, and the query beside it."),
    ] = None,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Ask the published warehouse in SQL; nothing can be changed and no file read."""
    from flows.shown.result_files import format_of
    from flows.shown.results import print_result
    from warehouse.query import run_identified_query

    file_format = format_of(output, form) if output else None
    limits = limits_of(config)
    try:
        result, source = run_identified_query(
            resolve_home(home), sql, memory_limit=limits.memory_limit, threads=limits.threads
        )
    except (WarehouseBusyError, WarehouseUnusableError):
        raise
    except WarehouseError as error:
        stop(error, WRONG_CALL)
    if output and file_format:
        write_with_query(result, output, file_format, sql, source, as_json=as_json)
    elif as_json:
        print_json({"columns": result.column_names, "rows": result.to_pylist()})
    else:
        print_result(result, form or Format.TABLE)


class SearchFormat(StrEnum):
    """Forms in which articles that were found are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help='Words, "phrases", -without, OR, filters.')],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Articles to show, at most.")] = 10,
    form: Annotated[SearchFormat, typer.Option("--format", help="How to print them.")] = SearchFormat.TABLE,
    exact: Annotated[
        bool, typer.Option("--exact", help="Arabic words as written, without و ف ب ل ال before them.")
    ] = False,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Search titles and texts: outlet:ID, lang:en, after:2025-01-31 and before:2026 narrow it."""
    from flows.shown.search_results import print_found, query_of, summary_of
    from warehouse import search as index

    limits = limits_of(config)
    asked = query_of(words)
    try:
        found = index.search(
            resolve_home(home),
            asked,
            limit=limit,
            clitics=not exact,
            memory_limit=limits.memory_limit,
            threads=limits.threads,
        )
    except (WarehouseBusyError, WarehouseUnusableError):
        raise
    except WarehouseError as error:
        stop(error, WRONG_CALL)
    if as_json:
        print_json(summary_of(found, asked))
    else:
        print_found(found, form, asked)


def write_with_query(
    result: pa.Table, output: Path, form: str, sql: str, source: PublishedFile, *, as_json: bool
) -> None:
    """Write a result, and what was asked of which warehouse beside it."""
    from flows.runs.run import now
    from flows.shown.result_files import write_note, write_result

    written = write_result(result, output, form)
    note = write_note(output, sql, now(), source, rows=result.num_rows, **asdict(written))
    if as_json:
        print_json({"file": str(output), "query": str(note), "rows": result.num_rows, **asdict(written)})
    else:
        Console(stderr=True).print(f"{output}: {result.num_rows} rows; {note} says what was asked", highlight=False)


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", file_okay=False, help="Where the files go.")],
    form: Annotated[
        ExportFormat, typer.Option("--format", help="A file for each outlet and month, or the published file.")
    ] = ExportFormat.PARQUET,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write the published articles as files; a later export writes what has changed."""
    from flows.export import export as export_articles
    from flows.runs.run import now

    limits = limits_of(config)
    report = export_articles(
        resolve_home(home), folder, form, now=now(), memory_limit=limits.memory_limit, threads=limits.threads
    )
    if as_json:
        print_json(report.as_dict())
    else:
        Console().print(report.conclusion(), highlight=False, markup=False, soft_wrap=True)


def limits_of(config: Path | None) -> WarehouseSettings:
    """What DuckDB may use; an analyst's machine may hold a home and no configuration."""
    folder = config or DEFAULT_CONFIG
    return load_settings(folder).warehouse if config or folder.is_dir() else WarehouseSettings()
