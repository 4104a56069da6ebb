"""The Prefect flows: what they record when all is well, and how they end when something is wrong."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import pytest
from prefect import get_client
from prefect.client.schemas.objects import StateType
from prefect.testing.utilities import prefect_test_harness
from workbench import Workbench

from extractors.errors import ConfigurationError
from flows.deployed.backfill import backfill
from flows.deployed.maintain import maintain
from flows.deployed.recheck import recheck
from flows.deployed.reextract import reextract
from flows.ingest import ingest, ingest_as_flow
from flows.runs.pipeline import Request
from flows.runs.report import RunReport
from flows.shown.progress import SilentReporter

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


@pytest.mark.usefixtures("server")
def test_a_mistake_of_the_caller_stays_one(bench: Workbench) -> None:
    """Who runs the flow from the command line gets the error that the plain run raises, and so its exit code."""
    request = Request(outlet_ids=("sample_gazete",))
    with pytest.raises(ConfigurationError, match="did you mean 'sample_gazette'"):
        asyncio.run(ingest_as_flow(bench.workspace, request, SilentReporter()))


OTHERS: list[tuple[Any, dict[str, Any], str, str]] = [
    (recheck, {}, "recheck due", "Nothing new: no article was written."),
    (maintain, {"dry_run": True}, "dry run: maintain archive", "bodies of pages and lists that gave no article: 0 "),
    (reextract, {}, "reextract everything", "14 pages read again; nothing comes out differently."),
    (reextract, {"outlets": ("nobody",)}, "reextract nobody", "nobody: is no outlet"),
    (backfill, {}, "backfill", "backfill: needs one origin of history; write backfill OUTLET"),
    (backfill, {"warc": ("gone.warc",)}, "backfill 1 WARC file", "--warc: gone.warc: "),
    (
        backfill,
        {"outlet": "sample_gazette", "since": "2x"},
        "backfill sample_gazette since 2x",
        "since: 2x: is no point",
    ),
]


@pytest.mark.usefixtures("server")
def test_every_other_flow_is_named_and_concludes(bench: Workbench) -> None:
    """Each calls what the command line calls, and its state has the one sentence that a person would read there."""
    bench.ingest("sample_gazette")
    place = {"config": str(bench.workspace.config), "home": str(bench.workspace.home)}

    async def run_all() -> list[tuple[str, str]]:
        found = []
        async with get_client() as client:
            for flow, parameters, _, _ in OTHERS:
                state = await flow(**parameters, **place, return_state=True)
                assert state.state_details.flow_run_id is not None
                run = await client.read_flow_run(state.state_details.flow_run_id)
                found.append((run.name, str(state.message)))
        return found

    for (_, _, name, message), found in zip(OTHERS, asyncio.run(run_all()), strict=True):
        assert found[0] == name
        assert message in found[1]
