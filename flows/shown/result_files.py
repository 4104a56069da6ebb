"""A result as a file that is whole or not there, and beside it what was asked, when, and of which warehouse."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from extractors.errors import ConfigurationError, WirewatchError
from flows.shown.results import as_text_columns, plain
from warehouse.partitions import PublishedFile

ENDINGS = {".csv": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json", ".parquet": "parquet"}
"""Format by the ending of a file's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file that was written: its size, and the SHA-256 of its bytes."""

    bytes: int
    sha256: str


def format_of(path: Path, form: str | None) -> str:
    """The format that was asked for, else the one that the file's name promises.

    Raises:
        ConfigurationError: The name promises none.
    """
    found = form or ENDINGS.get(path.suffix.lower())
    if found is None or found == "table":
        advice = f"end the name in one of {', '.join(ENDINGS)}, or add --format csv, json or parquet"
        raise ConfigurationError("--output", str(path), "is in no format that a file can have", advice)
    return found


def write_result(result: pa.Table, path: Path, form: str) -> WrittenFile:
    """Write a result; whoever looks at the file's name sees the old one or the whole new one.

    Raises:
        WirewatchError: It could not be written.
    """
    writers: dict[str, Callable[[IO[bytes]], None]] = {
        "csv": lambda file: pyarrow.csv.write_csv(as_text_columns(result), file),
        "json": lambda file: write_json_lines(result, file),
        "parquet": lambda file: pyarrow.parquet.write_table(result, file, compression="zstd"),
    }
    return write_whole(path, writers[form])


def write_json_lines(result: pa.Table, file: IO[bytes]) -> None:
    """One JSON object a row, a batch of rows in memory at once."""
    for batch in result.to_batches(max_chunksize=1_000):
        for row in batch.to_pylist():
            file.write(json.dumps(row, ensure_ascii=False, default=plain).encode() + b"\n")


def write_note(path: Path, query: str, asked_at: datetime, source: PublishedFile, **others: Any) -> Path:  # noqa: ANN401
    """Write what was asked, when, and of which warehouse, beside a result."""
    note = {
        "query": query,
        "asked_at": asked_at,
        "warehouse": asdict(source),
        "wirewatch": version("wirewatch"),
        **others,
    }
    target = path.with_name(f"{path.name}.query.json")
    text = json.dumps(note, ensure_ascii=False, indent=2, default=plain) + "\n"
    write_whole(target, text_writer(text))
    return target


def text_writer(text: str) -> Callable[[IO[bytes]], None]:
    """What writes a text in UTF-8."""

    def write(file: IO[bytes]) -> None:
        file.write(text.encode())

    return write


def write_whole(path: Path, write: Callable[[IO[bytes]], None]) -> WrittenFile:
    """Write a file beside its place, wait for the disk, and rename it.

    Raises:
        WirewatchError: It could not be written; what was there is as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        with temporary.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        written = WrittenFile(bytes=temporary.stat().st_size, sha256=digest)
        temporary.replace(path)
    except OSError as error:
        raise WirewatchError(f"{path} could not be written: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return written
