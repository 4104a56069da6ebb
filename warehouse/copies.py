"""Copies of files that are whole or not there: made beside their place, on the disk, then renamed."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

FICLONE = 0x40049409
"""ioctl_ficlone(2): let two files share their blocks until one of them is written."""


def copy_durably(source: Path, target: Path) -> None:
    """Copy a file beside its place, and rename it when all of it is on the disk."""
    temporary = temporary_for(target)
    try:
        clone(source, temporary)
        put_in_place(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def temporary_for(target: Path) -> Path:
    """Where a copy is made."""
    return target.with_name(f".{target.name}.{os.getpid()}.tmp")


def clone(source: Path, target: Path) -> None:
    """Copy a file, by sharing its blocks where the file system can: that takes milliseconds whatever its size."""
    with source.open("rb") as reader, target.open("wb") as writer:
        try:
            fcntl.ioctl(writer.fileno(), FICLONE, reader.fileno())
        except OSError:
            # Most file systems cannot share blocks.
            shutil.copyfileobj(reader, writer, 1 << 20)


def put_in_place(temporary: Path, target: Path) -> None:
    """Rename a file when all of it is on the disk."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    # Somebody who opened the published file for writing left a log, which belongs to the file that goes now.
    target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
    temporary.replace(target)
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
