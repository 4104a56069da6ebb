"""What a flow run says while it works: the run's lines in Prefect's log, with their levels and values."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from prefect.logging import get_run_logger

from extractors.errors import WirewatchError
from extractors.records import Stage
from flows.shown.progress import Reporter, SilentReporter, printable, quiet_retries


@dataclass(slots=True, kw_only=True)
class Caller:
    """Who called a flow in this process: where it shows progress, what the run came to, and why where it did not."""

    reporter: Reporter
    report: Any = None
    error: WirewatchError | None = None


CALLER: ContextVar[Caller | None] = ContextVar("CALLER", default=None)


class LogReporter:
    """The run's lines in the flow run's log; lines and progress also wherever the caller shows them."""

    def __init__(self) -> None:
        caller = CALLER.get()
        self._shown = caller.reporter if caller else SilentReporter()
        self._log = get_run_logger()

    def expect(self, stage: Stage, count: int) -> None:
        """Show it to the caller."""
        self._shown.expect(stage, count)

    def advance(self, stage: Stage, count: int = 1) -> None:
        """Show it to the caller."""
        self._shown.advance(stage, count)

    def say(self, line: str, *, level: int = logging.INFO, fields: Mapping[str, object] | None = None) -> None:
        """Log the line, with its values for logs that keep them, and show it to the caller."""
        self._log.log(level, "%s", printable(line), extra={"wirewatch": dict(fields)} if fields else None)
        self._shown.say(line, level=level, fields=fields)


def quiet_libraries() -> None:
    """Keep out of a run's log what its lines and its task runs say themselves, as "Finished in state Completed()"."""
    logging.getLogger("prefect.task_runs").setLevel(logging.WARNING)
    quiet_retries()
