"""The server and the runner, kept alive: started in their order, started again when they die, ended within seconds.

The runner depends on the server: where the server dies, both are started anew. A runner that starts marks the runs of
the one before as crashed, so what that one had started is ended first.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

import psutil

from extractors.errors import ConfigurationError, WirewatchError
from flows.commands.options import WRONG_CALL
from flows.server import answers
from flows.supervision.children import Child, ChildDiedError, Lines, Plan
from flows.supervision.patience import Patience
from flows.supervision.processes import bury, descendants, end, kill, marked

SERVER, RUNNER = "server", "runner"
POLL_SECONDS = 0.25
RUNNER_GRACE_SECONDS, SERVER_GRACE_SECONDS, LEFTOVERS_GRACE_SECONDS = 4.0, 2.0, 0.5
"""How long each may take to end by itself; what is left then is killed. Together less than ten seconds."""

BURIAL_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How a server that runs but does not answer is found.

    Args:
        every_seconds: Between two questions.
        answer_seconds: How long an answer may take.
        failures: How many in a row are too many.
    """

    every_seconds: float = 30.0
    answer_seconds: float = 10.0
    failures: int = 6


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """Keeps the children of one ``wirewatch up`` alive.

    Args:
        home: The home whose mark the children carry.
        server: How the server is started; None where it is run elsewhere.
        runner: How the runner is started; ``--tell DESCRIPTOR`` is added.
        api: URL of the server's API.
        start_timeout_seconds: How long the server may take until it answers.
        say: Takes each line that a person may want to know.
        told: Takes what the runner says that it serves.
        patience: When to start a child again.
        watch: How to find a server that does not answer.
    """

    home: Path
    server: Plan | None
    runner: Plan
    api: str
    start_timeout_seconds: float
    say: Callable[[str], None]
    told: Callable[[dict[str, Any]], None]
    patience: Patience = field(default_factory=Patience)
    watch: Watch = field(default_factory=Watch)
    restarts: dict[str, int] = field(default_factory=dict)
    _children: dict[str, Child] = field(default_factory=dict)
    _started: dict[str, float] = field(default_factory=dict)
    _is_starting: bool = False

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the children alive until ``stop`` is set, then end them.

        Raises:
            ConfigurationError: A child says that the configuration is wrong.
            WirewatchError: A child keeps dying.
        """
        work = asyncio.create_task(self._keep_running())
        burial = asyncio.create_task(self._bury_orphans())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            await cancel(work, burial, stopping)
            await self._end_all()

    async def _keep_running(self) -> NoReturn:
        while True:
            try:
                await self._live()
            except ChildDiedError as death:
                await self._after(death)

    async def _live(self) -> NoReturn:
        """Start what does not run, and raise the first death."""
        if not self._is_running(SERVER):
            await self._start_server()
        await self._start_runner()
        ends: list[Coroutine[Any, Any, ChildDiedError]] = [child.death() for child in self._children.values()]
        raise await first([*ends, self._silence()])

    async def _start_server(self) -> None:
        """Start the server, or find the one that is run elsewhere, and wait until it answers."""
        self._started[SERVER] = began = time.monotonic()
        ends: list[Coroutine[Any, Any, ChildDiedError | None]] = [self._answer()]
        if self.server is not None:
            child = await self._start(self.server)
            self.say(f"server: starting (process {child.pid})")
            ends.append(child.death())
        if (death := await first(ends)) is not None:
            raise death
        self.say(f"server: answers after {time.monotonic() - began:.0f} s")

    async def _answer(self) -> ChildDiedError | None:
        """Wait for the server's first answer."""
        deadline = time.monotonic() + self.start_timeout_seconds
        while not await self._is_answering():
            if time.monotonic() > deadline:
                return ChildDiedError(SERVER, f"did not answer at {self.api} within {self.start_timeout_seconds:g} s")
            await asyncio.sleep(POLL_SECONDS)
        return None

    async def _is_answering(self) -> bool:
        """Ask the server, in a thread that nobody waits for at the end: an answer may take longer than that may."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[bool] = loop.create_future()

        def settle(is_well: bool) -> None:
            if not answered.done():
                answered.set_result(is_well)

        def ask() -> None:
            is_well = answers(self.api, seconds=self.watch.answer_seconds)
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(settle, is_well)

        threading.Thread(target=ask, name="ask-server", daemon=True).start()
        return await answered

    async def _silence(self) -> ChildDiedError:
        """Wait until the server has not answered for a while."""
        failures = 0
        while failures < self.watch.failures:
            await asyncio.sleep(self.watch.every_seconds)
            is_well = await self._is_answering()
            failures = 0 if is_well else failures + 1
        return ChildDiedError(SERVER, f"has not answered at {self.api} {failures} times in a row")

    async def _start_runner(self) -> None:
        """Start the runner and wait until it has said what it serves."""
        self._started[RUNNER] = time.monotonic()
        channel = await Lines.open()
        try:
            plan = replace(self.runner, command=[*self.runner.command, "--tell", str(channel.entrance)])
            child = await self._start(plan, descriptors=(channel.entrance,))
        finally:
            os.close(channel.entrance)
        self.say(f"runner: starting (process {child.pid})")
        if not (said := await channel.whole()):
            raise await child.death()
        self.told(json.loads(said))

    async def _start(self, plan: Plan, *, descriptors: tuple[int, ...] = ()) -> Child:
        self._is_starting = True
        try:
            child = await Child.start(plan, self.say, descriptors=descriptors)
            self._children[plan.name] = child
        finally:
            self._is_starting = False
        return child

    async def _after(self, death: ChildDiedError) -> None:
        """Clear up after a death and wait a while, or give up.

        Raises:
            ConfigurationError: The child said that the configuration is wrong.
            WirewatchError: It died too often in a row.
        """
        if death.code == WRONG_CALL:
            raise ConfigurationError(death.name, "", death.lines[-1] if death.lines else str(death))
        lived_seconds = time.monotonic() - self._started[death.name]
        pause = self.patience.pause_after(death, lived_seconds=lived_seconds)
        if pause is None:
            said = "".join(f"\n  {line}" for line in death.lines)
            raise WirewatchError(f"{death}, {self.patience.deaths} times in a row; its last lines:{said or ' none'}")
        await self._end_runner(grace_seconds=LEFTOVERS_GRACE_SECONDS)
        if death.name == SERVER:
            await self._end_child(SERVER, grace_seconds=SERVER_GRACE_SECONDS)
        self.restarts[death.name] = self.restarts.get(death.name, 0) + 1
        self.say(f"{death}; starting it again in {pause:g} s")
        if death.code != -signal.SIGKILL:
            for line in death.lines:
                self.say(f"  {line}")
        await asyncio.sleep(pause)

    async def _end_runner(self, *, grace_seconds: float) -> None:
        """End the runner, then whatever it has started and left behind."""
        await self._end_child(RUNNER, grace_seconds=grace_seconds)
        await asyncio.to_thread(end, self._strays(), grace_seconds=LEFTOVERS_GRACE_SECONDS)

    async def _end_child(self, name: str, *, grace_seconds: float) -> None:
        # It counts as a child, for whose exit code somebody waits, until it has ended.
        if (child := self._children.get(name)) is not None:
            below = descendants(child.pid)
            await child.stop(grace_seconds=grace_seconds)
            kill(below)
            del self._children[name]
            await child.close()

    async def _end_all(self) -> None:
        await self._end_runner(grace_seconds=RUNNER_GRACE_SECONDS)
        await self._end_child(SERVER, grace_seconds=SERVER_GRACE_SECONDS)
        await asyncio.to_thread(kill, self._strays())
        bury(())

    def _strays(self) -> list[psutil.Process]:
        """Processes that were started for this home and are no child that is looked after."""
        kept = {child.pid for child in self._children.values()}
        return [each for each in marked(self.home) if each.pid not in kept]

    async def _bury_orphans(self) -> NoReturn:
        while True:
            await asyncio.sleep(BURIAL_SECONDS)
            if not self._is_starting:
                bury(child.pid for child in self._children.values())

    def _is_running(self, name: str) -> bool:
        child = self._children.get(name)
        return child is not None and child.is_running


async def first(work: list[Coroutine[Any, Any, Any]]) -> Any:  # noqa: ANN401 - whatever the work returns
    """The result of whichever work is done first; the rest is cancelled."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task for task in tasks if task in done).result()
    finally:
        await cancel(*tasks)


async def cancel(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
