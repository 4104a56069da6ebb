"""What the commands share: options, exit codes, how progress and summaries are shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from extractors.errors import WirewatchError
from flows.shown.progress import BarReporter, LineReporter, Reporter, SilentReporter

FINE, MISSED, WRONG_CALL, NO_WAREHOUSE, INTERRUPTED = 0, 1, 2, 3, 130

Config = Annotated[Path | None, typer.Option("--config", metavar="DIR", help="Configuration folder [config].")]
Home = Annotated[Path | None, typer.Option("--home", metavar="DIR", help="Data folder [$WIREWATCH_HOME or data].")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one machine-readable summary.")]


@contextmanager
def reporter(console: Console, *, is_silent: bool = False) -> Iterator[Reporter]:
    """Bars on a terminal, lines elsewhere, nothing for ``--json``."""
    if is_silent:
        yield SilentReporter()
    elif console.is_terminal:
        with BarReporter(console) as bars:
            yield bars
    else:
        yield LineReporter(console)


def print_json(value: object) -> None:
    """Print one JSON value on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def stop(error: WirewatchError, code: int) -> NoReturn:
    """Say what is wrong and end."""
    sys.stderr.write(f"wirewatch: {error}\n")
    sys.exit(code)
