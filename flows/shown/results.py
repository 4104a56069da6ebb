"""A query's result on the terminal, or as CSV, JSON Lines or Parquet for another program."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractors.errors import ConfigurationError
from flows.shown.progress import printable

ROWS_SHOWN = 100
"""Rows of a table on the terminal; the other forms print all."""

CELL_CHARS = 200

READABLE_CHARS = 12
"""A column that is folded to less than this, where its cells are longer, cannot be read."""


def print_result(result: pa.Table, form: str) -> None:
    """Print a result to standard output.

    Raises:
        ConfigurationError: Parquet was asked for and standard output is a terminal.
    """
    if form == "csv":
        pyarrow.csv.write_csv(as_text_columns(result), sys.stdout.buffer)
    elif form == "json":
        for row in result.to_pylist():
            sys.stdout.write(json.dumps(row, ensure_ascii=False, default=plain) + "\n")
    elif form == "parquet":
        if sys.stdout.isatty():
            raise ConfigurationError(
                "--format", "parquet", "is not for a terminal", "redirect it: ... > result.parquet"
            )
        pyarrow.parquet.write_table(result, sys.stdout.buffer)
    else:
        print_table(result, Console())


def print_table(result: pa.Table, console: Console) -> None:
    """Print the first rows as a table, long cells cut; where they do not fit side by side, one value a line."""
    names = [column.name for column in result.schema]
    rows = [[shown(value) for value in row.values()] for row in result.slice(0, ROWS_SHOWN).to_pylist()]
    if fits(names, rows, console.width):
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
        for column in result.schema:
            is_number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
            table.add_column(Text(column.name), overflow="fold", justify="right" if is_number else "left")
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
    else:
        for number, row in enumerate(rows, start=1):
            console.rule(f"row {number}", align="left", characters="-", style="dim")
            record = Table.grid(padding=(0, 2, 0, 0))
            for name, value in zip(names, row, strict=True):
                record.add_row(Text(name, style="bold"), Text(value))
            console.print(record)
    if result.num_rows > ROWS_SHOWN:
        console.print(f"{ROWS_SHOWN} of {result.num_rows} rows; --format csv prints all of them", highlight=False)


def fits(names: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether each column of a table gets as much room as it needs to be read."""
    columns = zip(names, *rows, strict=True)
    return sum(min(max(map(len, cells)), READABLE_CHARS) + 1 for cells in columns) <= width


def shown(value: object) -> str:
    """One cell: times in UTC to the second, lists with commas, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    text = printable(str(value))
    return text if len(text) <= CELL_CHARS else text[: CELL_CHARS - 1] + "…"


def as_text_columns(result: pa.Table) -> pa.Table:
    """Turn nested columns, which CSV cannot hold, into JSON text."""
    for index, column in enumerate(result.schema):
        if pa.types.is_nested(column.type):
            cells = [
                None if value is None else json.dumps(value, ensure_ascii=False, default=plain)
                for value in result.column(index).to_pylist()
            ]
            result = result.set_column(index, column.name, pa.array(cells, type=pa.string()))
    return result


def plain(value: object) -> str:
    """JSON's form of what JSON does not have."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
