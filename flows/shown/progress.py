"""Progress of a run: a bar for each stage on a terminal, plain lines elsewhere."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from extractors.records import Stage

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def quiet_retries() -> None:
    """Keep a line for each retry out of logs: each ends in an outcome row, which has what a person wants to know."""
    logging.getLogger("stamina").setLevel(logging.ERROR)


class Reporter(Protocol):
    """Where a run says how far it is."""

    def expect(self, stage: Stage, count: int) -> None:
        """Say that a stage has ``count`` more items to do."""

    def advance(self, stage: Stage, count: int = 1) -> None:
        """Say that a stage has done ``count`` items."""

    def say(self, line: str, *, level: int = logging.INFO, fields: Mapping[str, object] | None = None) -> None:
        """Say one line; a log takes the level, one of ``logging``'s, and the fields, which say the same as values."""


class SilentReporter:
    """Says nothing: for ``--json`` and for tests."""

    def expect(self, stage: Stage, count: int) -> None:
        """Nothing."""

    def advance(self, stage: Stage, count: int = 1) -> None:
        """Nothing."""

    def say(self, line: str, *, level: int = logging.INFO, fields: Mapping[str, object] | None = None) -> None:
        """Nothing."""


class LineReporter(SilentReporter):
    """One line an event, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, line: str, *, level: int = logging.INFO, fields: Mapping[str, object] | None = None) -> None:
        """Print the line as it is."""
        del level, fields
        self._console.print(printable(line), markup=False, highlight=False, soft_wrap=True)


class BarReporter:
    """A bar for each stage of the run, as a context manager."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<9}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._tasks: dict[Stage, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def expect(self, stage: Stage, count: int) -> None:
        """Lengthen the stage's bar."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=0)
        task = self._progress.tasks[self._tasks[stage]]
        self._progress.update(self._tasks[stage], total=(task.total or 0) + count)

    def advance(self, stage: Stage, count: int = 1) -> None:
        """Fill the stage's bar."""
        if stage in self._tasks:
            self._progress.advance(self._tasks[stage], count)

    def say(self, line: str, *, level: int = logging.INFO, fields: Mapping[str, object] | None = None) -> None:
        """Print the line above the bars."""
        del level, fields
        self._progress.console.print(printable(line), markup=False, highlight=False, soft_wrap=True)


def printable(text: str) -> str:
    """Text that cannot steer a terminal: without control characters (ESC) and overrides of the writing direction."""
    return CONTROL.sub("", text)
