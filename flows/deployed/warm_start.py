"""Flow runs as forks of a process that has imported Prefect and the flows, which takes longer than most ticks do.

The runner keeps one such process: multiprocessing's fork server. It has no event loop, thread or connection of Python's
that a fork could inherit in an odd state. Each run is a process of its own all the same, that can be ended alone.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

import anyio
import anyio.abc
from prefect.context import SettingsContext, get_settings_context
from prefect.runner import Runner
from prefect.runner._process_manager import ProcessHandle
from prefect.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from prefect.client.schemas.objects import FlowRun

PRELOADED = ("flows.deployments", "flows.deployed.warm_start", "prefect.flow_engine", "extractors.parse.page")
"""With the flows come Prefect and DuckDB; with the last, what the workers read pages with, which are forks too."""

IS_AVAILABLE = sys.platform != "darwin"
"""The fork server is not used where system libraries do not bear a fork."""


class WarmRunner(Runner):
    """A runner whose runs start in a moment, and cost what they do and not what they import."""

    async def __aenter__(self) -> Self:
        """Start as any runner does, and let its poller start runs our way.

        Prefect has no option for this: ``tests/flows/deployed/test_triggers.py`` holds the private attribute in place.
        """
        await super().__aenter__()
        if IS_AVAILABLE:
            make_context()
            await asyncio.to_thread(forkserver.ensure_running)
            poller: Any = self._scheduled_run_poller
            poller._resolve_starter = self._warm_starter  # noqa: SLF001
        return self

    def _warm_starter(self, flow_run: FlowRun) -> WarmStarter:
        """What starts one run."""
        values: dict[str, str] = {"PREFECT__ENABLE_CANCELLATION_AND_CRASHED_HOOKS": "false"}
        if flow_run.deployment_id is not None:
            name = self._deployment_registry.get_deployment_name(flow_run.deployment_id)
            values |= {"PREFECT__DEPLOYMENT_NAME": name} if name else {}
        if self._heartbeat_seconds is not None:
            values["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] = str(int(self._heartbeat_seconds))
        return WarmStarter(values, self._control_channel)


class WarmStarter:
    """Starts one flow run; Prefect's ``ProcessStarter``."""

    def __init__(self, values: Mapping[str, str], control_channel: Any) -> None:  # noqa: ANN401 - private to Prefect
        self._values = dict(values)
        self._control_channel = control_channel

    async def start(
        self, flow_run: FlowRun, task_status: anyio.abc.TaskStatus[ProcessHandle] = anyio.TASK_STATUS_IGNORED
    ) -> None:
        """Start the process, hand over its handle, and wait until it ends."""
        values = {**self._values, "PREFECT__FLOW_RUN_ID": str(flow_run.id)}
        is_registered = self._register(flow_run.id, values)
        try:
            process = make_context().Process(target=run_engine, args=(values,))
            # A first run waits here for the fork server to have imported everything.
            await anyio.to_thread.run_sync(process.start)
        except BaseException:
            if is_registered:
                self._control_channel.unregister(flow_run.id)
            raise
        fork = Fork(process)
        task_status.started(ProcessHandle(fork))  # type: ignore[arg-type]  # of it only pid and returncode are asked
        await anyio.to_thread.run_sync(fork.wait)

    def _register(self, flow_run_id: UUID, values: dict[str, str]) -> bool:
        """Let the run be told to cancel itself; without a channel it is ended by a signal."""
        try:
            port, token = self._control_channel.register(flow_run_id)
        except RuntimeError:
            return False
        values |= {"PREFECT__CONTROL_PORT": str(port), "PREFECT__CONTROL_TOKEN": token}
        return True


class Fork:
    """A started process; only ``wait`` asks how it ended, since that can be read once."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.pid = process.pid
        self.returncode: int | None = None

    def wait(self) -> None:
        """Wait until it has ended."""
        self._process.join()
        self.returncode = self._process.exitcode


def make_context() -> ForkServerContext:
    """The fork server's context; the server is started with the first process, or before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    return context


def run_engine(values: Mapping[str, str]) -> None:
    """Be ``python -m prefect.engine`` with these environment variables; runs in a fork."""
    os.environ.update(values)
    # The runner's own words came along. The module is run anew, as `python -m` does, though others have imported it.
    sys.argv = ["prefect.engine", values["PREFECT__FLOW_RUN_ID"]]
    sys.modules.pop("prefect.engine", None)
    # Prefect read its settings when it was imported.
    with SettingsContext(profile=get_settings_context().profile, settings=Settings()):
        runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)
