"""The stages as Prefect tasks, one task run for each outlet and stage, named for both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import opaque

from flows.runs import stages as plain
from flows.runs.pipeline import Stages


def as_task(stage: Callable[..., Awaitable[Any]], name: str, *, of: str = "outlet.outlet_id") -> Callable[..., Any]:
    """Wrap a stage in a task that is named for what it works on.

    Inputs and results stay in this process, and Prefect is kept from walking through them: they are records, a
    database and open connections, not values to cache or futures to wait for.

    Args:
        stage: A coroutine function.
        name: The stage's verb.
        of: The argument, or an attribute of one, that says what it works on.
    """
    wrapped = task(name=name, task_run_name=f"{name} {{{of}}}", cache_policy=NO_CACHE, persist_result=False)(stage)

    async def call(*values: object) -> Any:  # noqa: ANN401 - each stage's own type, stated by Stages
        return await wrapped(*(opaque(value) for value in values))

    return call


TASKS = Stages(
    discover=as_task(plain.discover_stage, "discover"),
    fetch=as_task(plain.fetch_stage, "fetch"),
    extract=as_task(plain.extract_stage, "extract"),
    load=as_task(plain.load_stage, "load"),
)
