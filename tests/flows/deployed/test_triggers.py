"""Runs triggered for real, on a server with a runner, in each of the ways in which a person starts one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from uuid import UUID

import pytest
from browsing.chromium import NEEDS_CHROMIUM, chromium_page
from playwright.sync_api import Page
from prefect import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect_site import PATIENCE_SECONDS, PrefectSite, running_prefect_site

from flows.deployed.skipped_runs import skip_missed

NEWS = "sample_gazette"
CLICKS = 10


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectSite]:
    """A server, a runner and a newsroom, for all tests of this module."""
    with running_prefect_site(tmp_path_factory.mktemp("triggers")) as running:
        yield running


def test_a_trigger_in_the_shell_runs_the_outlet_and_shows_it(site: PrefectSite) -> None:
    """Name, state, log, task runs and artifacts say what was done; nothing else is in the log."""
    reports = site.bench.workspace.home / "reports"
    reports.mkdir(parents=True)
    (reports / "latest.html").write_text("<p>The report", encoding="utf-8")
    typed = site.prefect("deployment", "run", f"ingest/{NEWS}", "-p", "since=3000d")
    assert typed.returncode == 0, typed.stdout + typed.stderr
    run = site.ended(f"ingest/{NEWS}")
    assert (run["name"], run["state"]["type"]) == (f"ingest {NEWS} since 3000d", "COMPLETED")
    assert run["state"]["message"] == "11 new and 0 revised articles."
    assert sorted(task["name"] for task in site.of_run("task_runs", run)) == [
        f"discover {NEWS}",
        f"extract {NEWS}",
        f"fetch {NEWS}",
        f"load {NEWS}",
    ]
    artifacts = {each["key"]: each["data"] for each in site.of_run("artifacts", run)}
    assert "| outlet | discovered | fetched |" in artifacts["ingest"]
    assert f"| {NEWS} | " in artifacts["ingest"]
    assert "(http://127.0.0.1:4201/reports/latest.html)" in artifacts["ingest-report"]
    said = [line for _, line in site.lines(run) if not line.startswith(("Beginning flow run", "View at", "Finished"))]
    assert [line.split(":")[0] for line in said] == [NEWS]
    assert site.bench.column("SELECT DISTINCT outlet_id FROM articles") == [NEWS]


def test_the_http_api_refuses_an_unknown_outlet_before_there_is_a_run(site: PrefectSite) -> None:
    """The answer names the value and what it may be."""
    with pytest.raises(HTTPError) as caught:
        site.trigger("ingest/due", outlets=["sample_gazete"])
    with caught.value as answer:
        detail = json.load(answer)["detail"]
    assert answer.code == 409
    assert "'sample_gazete' is not one of ['sample_gazette'," in detail


def test_a_wrong_time_is_the_runs_one_sentence(site: PrefectSite) -> None:
    """What the command line would say is the state's message, and no traceback is in the log."""
    site.trigger(f"ingest/{NEWS}", since="2x")
    run = site.ended(f"ingest/{NEWS}")
    assert run["state"]["type"] == "FAILED"
    assert run["state"]["message"].startswith("since: 2x: is no point in time; write a duration such as 2d")
    lines = site.lines(run)
    assert "Traceback" not in str(lines)
    assert max(level for level, _ in lines) == 40


def test_runs_that_meet_one_at_work_say_so(site: PrefectSite) -> None:
    """Of three triggers at once one runs; the others are cancelled with the reason."""
    for _ in range(3):
        site.trigger(f"ingest/{NEWS}")
    ids = [site.ended(f"ingest/{NEWS}")["id"] for _ in range(3)]
    runs = site.ask("/flow_runs/filter", {"flow_runs": {"id": {"any_": ids}}})
    messages = {run["state"]["type"]: run["state"]["message"] for run in runs}
    assert messages["COMPLETED"] == "Nothing new: no article was written."
    assert messages["CANCELLED"].startswith(f"Skipped: 'ingest {NEWS}', which started at ")


def test_ticks_that_were_missed_are_skipped_and_say_so(site: PrefectSite) -> None:
    """Of a schedule that nothing ran for a while, what lies behind is cancelled; what a person asked for stays."""
    flow_id = site.ask("/deployments/name/ingest/due")["flow_id"]
    every_second = {"schedule": {"interval": 1, "anchor_date": "2026-01-01T00:00:00Z"}, "active": True}
    made = site.ask("/deployments/", {"name": "paused", "flow_id": flow_id, "schedules": [every_second]})["id"]
    asked = site.ask(f"/deployments/{made}/create_flow_run", {})["id"]
    of_it = {"deployments": {"id": {"any_": [made]}}, "sort": "EXPECTED_START_TIME_ASC", "limit": 200}

    def late() -> list[dict[str, Any]]:
        runs = site.ask("/flow_runs/filter", of_it)
        past = [run for run in runs if expected(run) < datetime.now(UTC)]
        return past if len(past) > 3 else []

    site.wait_for(late)
    with temporary_settings({PREFECT_API_URL: f"{site.url}/api"}):
        moment = datetime.now(UTC)
        count = asyncio.run(skip_everything_missed(UUID(made), moment))
    runs = site.ask("/flow_runs/filter", of_it)
    skipped = [run for run in runs if run["state"]["type"] == "CANCELLED"]
    assert len(skipped) == count >= 3
    assert {run["state"]["message"] for run in skipped} == {"Skipped: missed while nothing ran."}
    assert max(map(expected, skipped)) <= moment
    assert moment < min(expected(run) for run in runs if run["state"]["type"] == "SCHEDULED" and run["id"] != asked)
    assert asked not in {run["id"] for run in skipped}


def expected(run: dict[str, Any]) -> datetime:
    """When a run was to start."""
    return datetime.fromisoformat(run["expected_start_time"])


async def skip_everything_missed(deployment_id: UUID, before: datetime) -> int:
    """What `wirewatch up` does at its start."""
    async with get_client() as client:
        return await skip_missed(client, (deployment_id,), before=before)


def click_quick_run(page: Page, site: PrefectSite) -> None:
    """Click until there is a run: the page does not ask again when the server says that it is too busy."""
    for _ in range(CLICKS):
        page.goto(f"{site.url}/deployments/deployment/{site.deployment_id(f'ingest/{NEWS}')}")
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("Quick run", exact=True).click()
        with contextlib.suppress(AssertionError):
            site.wait_for(lambda: site.new_runs(f"ingest/{NEWS}"), seconds=60)
            return
    pytest.fail("no click started a run")


@NEEDS_CHROMIUM
def test_a_run_clicked_in_the_user_interface_shows_its_artifact(site: PrefectSite, tmp_path: Path) -> None:
    """Deployment, Run, Quick run; the run's page has the outlet's line in its log and the table among its artifacts."""
    pictures = Path(os.environ.get("WIREWATCH_SCREENSHOTS") or tmp_path)
    with chromium_page(patience_seconds=PATIENCE_SECONDS) as page:
        click_quick_run(page, site)
        run = site.ended(f"ingest/{NEWS}")
        assert run["state"]["type"] == "COMPLETED", run["state"]
        page.goto(f"{site.url}/runs/flow-run/{run['id']}")
        page.get_by_text(f"{NEWS}: ").first.wait_for()
        page.screenshot(path=pictures / "run.png")
        page.get_by_text("Artifacts", exact=True).first.click()
        page.get_by_text(run["state"]["message"]).first.wait_for()
        page.screenshot(path=pictures / "artifacts.png")
        (artifact,) = (each for each in site.of_run("artifacts", run) if each["key"] == "ingest")
        page.goto(f"{site.url}/artifacts/artifact/{artifact['id']}")
        page.get_by_role("cell", name=NEWS).first.wait_for()
        assert page.get_by_role("columnheader", name="failed, by reason").is_visible()
        page.screenshot(path=pictures / "artifact.png")
