"""One child process of ``wirewatch up``: started in a session of its own, its lines passed on, ended within a time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import WirewatchError

LINES_KEPT = 12
LINE_BYTES = 1 << 20
REPEAT_SECONDS = 60.0
LOG_BYTES = 2_000_000
OF_INTEREST = re.compile(r"\| (?:WARNING|ERROR|CRITICAL) ")
DRAIN_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a child is started.

    Args:
        name: What it is called in messages.
        command: Program and arguments.
        environment: Its whole environment.
        log: File for all that it prints, of which only warnings and errors are said then, without their tracebacks.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path | None = None


class ChildDiedError(WirewatchError):
    """A child ended that should not have, or never got ready."""

    def __init__(self, name: str, what: str, lines: tuple[str, ...] = (), code: int | None = None) -> None:
        super().__init__(name, what, lines, code)
        self.name = name
        self.what = what
        self.lines = lines
        self.code = code

    def __str__(self) -> str:
        return f"the {self.name} {self.what}"


def module_command(*words: str) -> list[str]:
    """The command that runs a module with this Python, tied to this process."""
    return [sys.executable, "-m", "flows.supervision.tied", str(os.getpid()), *words]


class Child:
    """A child process that is running.

    Args:
        plan: How it was started.
        process: What was started.
        lines: What it prints.
        say: Takes each line that it prints.
    """

    def __init__(
        self, plan: Plan, process: asyncio.subprocess.Process, lines: Lines, say: Callable[[str], None]
    ) -> None:
        self.plan = plan
        self.last_lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._process = process
        self._lines = lines
        self._log = BoundedLog(plan.log) if plan.log is not None else None
        self._said_last, self._said_at = "", 0.0
        self._say = say
        self._relay = asyncio.create_task(self._pass_on())

    @classmethod
    async def start(cls, plan: Plan, say: Callable[[str], None], *, descriptors: Sequence[int] = ()) -> Child:
        """Start a child, which inherits the named descriptors.

        In a session of its own: Ctrl-C reaches ``up`` alone, which then ends its children in their order.
        """
        # A pipe of our own: asyncio waits for the end of one that it has made, which whatever the child has started
        # may hold open for longer than the child lives.
        lines = await Lines.open()
        try:
            process = await asyncio.create_subprocess_exec(
                *plan.command,
                env=dict(plan.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=lines.entrance,
                stderr=lines.entrance,
                start_new_session=True,
                pass_fds=descriptors,
            )
        except BaseException:
            lines.close()
            raise
        finally:
            os.close(lines.entrance)
        return cls(plan, process, lines, say)

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.returncode is None

    async def death(self) -> ChildDiedError:
        """Wait until it ends, and say how it did."""
        code = await self._process.wait()
        # What it started may hold the pipe open for longer than it lived.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._relay), DRAIN_SECONDS)
        return ChildDiedError(self.plan.name, describe_end(code), tuple(self.last_lines), code)

    async def stop(self, *, grace_seconds: float) -> bool:
        """Tell it to end, and kill it when it has not after a while; what it has started is not touched.

        Returns:
            Whether it ended by itself.
        """
        self.signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), grace_seconds)
        has_ended = not self.is_running
        self.signal(signal.SIGKILL)
        await self._process.wait()
        return has_ended

    async def close(self) -> None:
        """Pass on what it still had to say, and listen no longer."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._relay, DRAIN_SECONDS)
        self._lines.close()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.is_running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def _pass_on(self) -> None:
        async for line in self._lines:
            self.last_lines.append(line)
            if self._log is not None:
                self._log.write(line)
            if self._log is None or self._is_of_interest(line):
                self._say(f"{self.plan.name}: {line}")

    def _is_of_interest(self, line: str) -> bool:
        """Whether a line is a warning or an error, and not the one that was said a moment ago."""
        if (found := OF_INTEREST.search(line)) is None:
            return False
        said, at, now = line[found.start() :], self._said_at, time.monotonic()
        if said == self._said_last and now - at < REPEAT_SECONDS:
            return False
        self._said_last, self._said_at = said, now
        return True


class BoundedLog:
    """A file of lines, with the one before it; each begins anew when it has grown too large."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def write(self, line: str) -> None:
        """Add a line; a full disk is no reason to stop."""
        with contextlib.suppress(OSError):
            if self._path.exists() and self._path.stat().st_size > LOG_BYTES:
                self._path.replace(self._path.with_name(f"{self._path.name}.1"))
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")


class Lines:
    """What comes out of a pipe, line by line; ``entrance`` is where it goes in.

    Args:
        entrance: Descriptor to write to.
        reader: What reads the other end.
        transport: The other end.
    """

    def __init__(self, entrance: int, reader: asyncio.StreamReader, transport: asyncio.ReadTransport) -> None:
        self.entrance = entrance
        self._reader = reader
        self._transport = transport

    @classmethod
    async def open(cls) -> Lines:
        """Make the pipe."""
        exit_end, entrance = os.pipe()
        reader = asyncio.StreamReader(limit=LINE_BYTES)
        loop = asyncio.get_running_loop()
        pipe = os.fdopen(exit_end, "rb")
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        return cls(entrance, reader, transport)

    async def __aiter__(self) -> AsyncIterator[str]:
        while True:
            try:
                raw = await self._reader.readline()
            except ValueError:  # longer than a line may be; it is dropped
                continue
            if not raw:
                return
            if line := raw.decode(errors="replace").rstrip():
                yield line

    async def whole(self) -> bytes:
        """Everything, once nobody can write any more; then it is closed."""
        try:
            return await self._reader.read()
        finally:
            self.close()

    def close(self) -> None:
        """Read no longer."""
        self._transport.close()


def describe_end(code: int) -> str:
    """What an exit code of ``subprocess`` means to a person."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"was ended by {name}"
