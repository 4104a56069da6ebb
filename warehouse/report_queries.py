"""The report's questions (``sql/report/*.sql``) to rows, each with the statement as a person can ask it again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb

from warehouse.rows import Row, read
from warehouse.sql_files import sql_files

Value = str | int | date | datetime | Sequence[str]

PARAMETER = re.compile(r"\$([a-z_]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a question was answered. ``sql`` is the statement with its values in it, for ``wirewatch query``."""

    name: str
    sql: str
    rows: list[Row]


def ask(con: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, Value], *, label: str = "") -> Answer:
    """Ask one of the questions.

    Args:
        con: A connection to the published file.
        name: Name of the file in ``sql/report/``, without its ending.
        values: What its parameters may be; those that it does not name are left out.
        label: What tells two answers to one question apart.

    Raises:
        KeyError: There is no such question, or one of its parameters has no value.
    """
    text = questions()[name]
    wanted = {parameter: values[parameter] for parameter in PARAMETER.findall(text)}
    sql = PARAMETER.sub(lambda found: literal(wanted[found[1]]), text)
    return Answer(name=f"{name} {label}".strip(), sql=sql.strip(), rows=read(con, text, wanted or None))


def questions() -> dict[str, str]:
    """The text of each question by its name."""
    return {file.name: file.text for file in sql_files("report")}


def literal(value: Value) -> str:
    """A value as SQL writes it."""
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'"
    if isinstance(value, date):
        return f"DATE '{value:%Y-%m-%d}'"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "[" + ", ".join(map(literal, value)) + "]"
