"""Records to Arrow tables that DuckDB reads by name, and rows back to records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from operator import attrgetter
from typing import Any

import duckdb
import pyarrow as pa

from extractors.records import Capture, Hints

TIME = pa.timestamp("us", tz="UTC")
TEXT = pa.string()
STRINGS = pa.list_(TEXT)
INTEGER = pa.int32()


def columns(**types: pa.DataType) -> pa.Schema:
    """An Arrow schema, as ``name=type``."""
    return pa.schema(types)


HINTS = columns(
    hint_id=TEXT,
    title=TEXT,
    standfirst=TEXT,
    body_html=TEXT,
    language=TEXT,
    authors=STRINGS,
    published=TEXT,
    modified=TEXT,
    cms_id=TEXT,
    section=TEXT,
    tags=STRINGS,
    image_url=TEXT,
)
CAPTURES = columns(
    capture_id=TEXT,
    run_id=TEXT,
    outlet_id=TEXT,
    requested_url=TEXT,
    final_url=TEXT,
    http_status=INTEGER,
    headers=pa.list_(pa.struct([("name", TEXT), ("value", TEXT)])),
    fetched_at=TIME,
    body_sha256=TEXT,
    body_bytes=pa.int64(),
    warc_file=TEXT,
    warc_offset=pa.int64(),
)
KEYS = columns(key=TEXT)

INSERT_HINTS = """
    INSERT INTO core.hints BY NAME
    SELECT
        hint_id, title, standfirst, body_html, language, authors,
        published, modified, cms_id, section, tags, image_url
    FROM incoming
    ON CONFLICT DO NOTHING
"""
INSERT_CAPTURES = """
    INSERT INTO raw.captures BY NAME
    SELECT
        capture_id, run_id, outlet_id, requested_url, final_url, http_status, headers,
        fetched_at, body_sha256, body_bytes, warc_file, warc_offset
    FROM incoming
    ON CONFLICT DO NOTHING
"""

Row = dict[str, Any]
"""One row by column name: an Arrow edge, typed again by the record that is made of it."""


def row_of(record: Any) -> Row:  # noqa: ANN401 - any dataclass
    """A record's fields by name, as they are: ``dataclasses.asdict`` copies each value, at ten times the cost."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def arrow_table(schema: pa.Schema, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table; half a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD."""
    try:
        return pa.Table.from_pylist(list(rows), schema=schema)
    except UnicodeEncodeError:
        return pa.Table.from_pylist([storable(row) for row in rows], schema=schema)


def storable(value: Any) -> Any:  # noqa: ANN401 - walks whatever a row holds
    """A value whose strings can be written in UTF-8; JSON's escapes can spell ones that cannot."""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return value
    if isinstance(value, Mapping):
        return {key: storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    return value


def arrow_records(schema: pa.Schema, records: Sequence[Any], **others: Sequence[Any]) -> pa.Table:
    """Records as an Arrow table, a column for each field: half the time that rows take.

    Args:
        schema: Its columns; those that are not in ``others`` are the records' fields.
        records: Dataclasses.
        others: Columns that are no fields, or not as they are.
    """
    arrays = [
        arrow_array(others[field.name] if field.name in others else list(map(attrgetter(field.name), records)), field)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def arrow_array(values: Sequence[Any], field: pa.Field[Any]) -> pa.Array[Any]:
    """One column; half a surrogate pair becomes U+FFFD."""
    try:
        array: pa.Array[Any] = pa.array(values, field.type)
    except UnicodeEncodeError:
        array = pa.array([storable(value) for value in values], field.type)
    return array


@contextmanager
def registered(con: duckdb.DuckDBPyConnection, **tables: pa.Table) -> Iterator[None]:
    """Let SQL read Arrow tables by name for the length of a block."""
    for name, table in tables.items():
        con.register(name, table)
    try:
        yield
    finally:
        for name in tables:
            con.unregister(name)


def write(con: duckdb.DuckDBPyConnection, sql: str, schema: pa.Schema, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run one statement over ``rows``, which it reads as ``incoming``; nothing is run for no rows."""
    if rows:
        with registered(con, incoming=arrow_table(schema, rows)):
            con.execute(sql)


def write_records(
    con: duckdb.DuckDBPyConnection, sql: str, schema: pa.Schema, records: Sequence[Any], **others: Sequence[Any]
) -> None:
    """Run one statement over records, which it reads as ``incoming``; see :func:`arrow_records`."""
    if records:
        with registered(con, incoming=arrow_records(schema, records, **others)):
            con.execute(sql)


def read(con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
    """Rows of a query, by way of Arrow: fetchall() needs pytz for times with a zone."""
    relation = con.sql(sql, params=dict(parameters)) if parameters else con.sql(sql)
    return relation.to_arrow_table().to_pylist()


def read_by_keys(
    con: duckdb.DuckDBPyConnection, sql: str, keys: Iterable[str], parameters: Mapping[str, Any] | None = None
) -> list[Row]:
    """Rows of a query that reads the wanted keys as ``wanted``; none for no key."""
    rows = [{"key": key} for key in sorted(set(keys))]
    if not rows:
        return []
    with registered(con, wanted=arrow_table(KEYS, rows)):
        return read(con, sql, parameters)


def hint_id_of(hints: Hints) -> str:
    """SHA-256 over all fields of hints, in hexadecimal."""
    return hashlib.sha256(json.dumps(row_of(hints), sort_keys=True).encode()).hexdigest()


def insert_hints(con: duckdb.DuckDBPyConnection, hints: Iterable[Hints]) -> None:
    """Store each wording of hints once."""
    unique = {hint_id_of(each): each for each in hints}
    write(con, INSERT_HINTS, HINTS, [{"hint_id": key, **row_of(each)} for key, each in unique.items()])


def insert_captures(con: duckdb.DuckDBPyConnection, run_id: str, captures: Iterable[Capture]) -> None:
    """Store captures; one that is there already stays as it is."""
    unique = {capture.capture_id: capture for capture in captures}
    records = list(unique.values())
    others: dict[str, list[Any]] = {
        "run_id": [run_id] * len(records),
        "headers": [headers_of(capture) for capture in records],
    }
    write_records(con, INSERT_CAPTURES, CAPTURES, records, **others)


def headers_of(capture: Capture) -> list[dict[str, str]]:
    """Headers as the column holds them."""
    return [{"name": name, "value": value} for name, value in capture.headers]


def hints_from(row: Mapping[str, Any]) -> Hints:
    """Hints of a row of core.hints; a link without any has empty ones."""
    if row["hint_id"] is None:
        return Hints()
    values = {name: row[name] for name in HINTS.names if name not in ("hint_id", "authors", "tags")}
    return Hints(**values, authors=tuple(row["authors"]), tags=tuple(row["tags"]))


def capture_from(row: Mapping[str, Any]) -> Capture:
    """The capture of a row of raw.captures whose ids are text."""
    values = {name: row[name] for name in CAPTURES.names if name not in ("run_id", "headers")}
    return Capture(**values, headers=tuple((header["name"], header["value"]) for header in row["headers"]))
