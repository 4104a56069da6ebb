"""The Prefect flow: what it records when all is well, and how it ends when an outlet fails."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest
from prefect import get_client
from prefect.client.schemas.objects import StateType
from prefect.testing.utilities import prefect_test_harness
from workbench import Workbench

from flows.ingest import ingest, ingest_as_flow
from flows.pipeline import Request
from flows.progress import SilentReporter
from flows.report import RunReport

# Prefect's clients leave sockets to the garbage collector, which says so in whatever test runs then.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    """A Prefect server of this module's own."""
    with prefect_test_harness(server_startup_timeout=120):
        yield
    gc.collect()  # here, where the warnings are expected


async def run_and_look(bench: Workbench, *outlet_ids: str) -> tuple[RunReport, StateType, str]:
    """Run the flow; its report, the state of its run and the newest artifact."""
    report = await ingest_as_flow(bench.workspace, Request(outlet_ids=outlet_ids), SilentReporter())
    async with get_client() as client:
        (run, *_) = await client.read_flow_runs()
        artifacts = await client.read_artifacts()
    assert run.state_type is not None
    return report, run.state_type, str(artifacts[0].data)


@pytest.mark.usefixtures("server")
def test_the_flow_fails_when_an_outlet_fails_and_loads_the_rest(bench: Workbench) -> None:
    """A failed run is red in the user interface, and its artifact says which outlet it was."""
    bench.newsroom.misbehave("gazette", ".*", "http_403")
    report, state, artifact = asyncio.run(run_and_look(bench, "sample_gazette", "sample_observatory_ar"))
    assert report.has_failed
    assert state is StateType.FAILED
    assert "no source answered: http_403" in artifact
    assert bench.column("SELECT DISTINCT outlet_id FROM articles") == ["sample_observatory_ar"]


def test_the_flows_parameters_are_what_a_person_would_type() -> None:
    """The names and defaults that the user interface shows."""
    properties = ingest.parameters.properties
    assert list(properties) == ["outlets", "since", "limit", "urls", "config", "home", "dry_run"]
    assert ingest.parameters.required == []
