"""The package's SQL files as records with a checksum, read through importlib.resources so that a wheel works too."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources


@dataclass(frozen=True, kw_only=True)
class SqlFile:
    """One SQL file. ``name`` has no ending; ``checksum`` is the SHA-256 of its text in hexadecimal."""

    name: str
    text: str

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@cache
def sql_files(folder: str) -> tuple[SqlFile, ...]:
    """Read ``sql/<folder>/*.sql`` of this package, sorted by name."""
    found = (resources.files("warehouse") / "sql" / folder).iterdir()
    files = (entry for entry in found if entry.name.endswith(".sql"))
    return tuple(
        SqlFile(name=entry.name.removesuffix(".sql"), text=entry.read_text(encoding="utf-8"))
        for entry in sorted(files, key=lambda entry: entry.name)
    )


@cache
def bootstrap_sql() -> str:
    """What must be in a file before its first migration."""
    return (resources.files("warehouse") / "sql" / "bootstrap.sql").read_text(encoding="utf-8")


def checksum_of(files: Iterable[SqlFile]) -> str:
    """One checksum over the names and texts of several files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\x1f{file.checksum}\n".encode())
    return digest.hexdigest()
