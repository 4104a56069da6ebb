"""The Prefect flow ``report``: the file, and a link to it in the user interface."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect import get_client
from prefect.client.schemas.objects import State, StateType
from prefect.testing.utilities import prefect_test_harness
from warehouse_samples import NOW, OUTLET, RUN, make_extraction

from flows.deployed.report import report
from warehouse.connection import open_live
from warehouse.load import load
from warehouse.publish import publish

# Prefect's clients leave sockets to the garbage collector, which says so in whatever test runs then.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

SAMPLE = Path(__file__).parents[3] / "config" / "sample"


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    """A Prefect server of this module's own."""
    with prefect_test_harness(server_startup_timeout=120):
        yield
    gc.collect()  # here, where the warnings are expected


async def run_and_look(home: Path, since: str) -> tuple[State[Any], list[str]]:
    """Run the flow; how it ended, and the artifacts."""
    state = await report(since=since, config=str(SAMPLE), home=str(home), return_state=True)
    async with get_client() as client:
        artifacts = await client.read_artifacts()
    return state, [str(artifact.data) for artifact in artifacts]


@pytest.mark.usefixtures("server")
def test_the_flow_links_to_what_it_wrote(tmp_path: Path) -> None:
    """The file is there, and the artifact leads to it; a wrong parameter fails the run with its reason."""
    with open_live(tmp_path, wait_seconds=0) as con:
        load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    publish(tmp_path, wait_seconds=0)
    state, artifacts = asyncio.run(run_and_look(tmp_path, "2026-03-01"))
    assert state.type is StateType.COMPLETED, state.message
    assert (tmp_path / "reports" / "latest.html").is_file()
    assert any("http://127.0.0.1:4201/reports/latest.html" in artifact for artifact in artifacts)
    state, _ = asyncio.run(run_and_look(tmp_path, "soon"))
    assert state.type is StateType.FAILED
    assert "is no point in time" in str(state.message)


def test_the_flows_parameters_are_what_a_person_would_type() -> None:
    """The names that the user interface shows; all have defaults."""
    assert list(report.parameters.properties) == ["since", "config", "home"]
    assert report.parameters.required == []
