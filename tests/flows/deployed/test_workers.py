"""``prefect.yaml`` on a process worker: what `wirewatch up` runs on one machine, a work pool runs elsewhere."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from prefect_site import PrefectSite, running_prefect_site, running_process
from terminal import Terminal

NEWS = "sample_gazette"
POOL = "press"


def test_a_process_worker_runs_the_deployments_and_may_be_killed(terminal: Terminal, tmp_path: Path) -> None:
    """The README's words; and kill -9 while a run is at work loses nothing and doubles nothing."""
    with running_prefect_site(tmp_path, has_runner=False) as site:
        config, home = site.bench.workspace.config, site.bench.workspace.home
        folder = tmp_path / "where the worker is"
        folder.mkdir()
        (folder / "config").symlink_to(config)
        assert terminal.run("deployments", "--config", config, "--pool", POOL) == 0
        (folder / "prefect.yaml").write_text(terminal.out, encoding="utf-8")
        made = site.prefect("work-pool", "create", POOL, "--type", "process")
        assert made.returncode == 0, made.stdout + made.stderr
        deployed = site.prefect("--no-prompt", "deploy", "--all", "--prefect-file", str(folder / "prefect.yaml"))
        assert deployed.returncode == 0, deployed.stdout + deployed.stderr

        env = {**site.env, "WIREWATCH_FOLDER": str(folder), "WIREWATCH_HOME": str(home)}
        killed_worker(site, env)
        site.ended(f"ingest/{NEWS}")  # its process goes on without the worker

        with running_process(worker(), env, site.log):
            site.trigger(f"ingest/{NEWS}")
            run = site.ended(f"ingest/{NEWS}")
            assert (run["name"], run["state"]["type"]) == (f"ingest {NEWS}", "COMPLETED"), run["state"]
    assert site.bench.column("SELECT COUNT(*) FROM articles") == [11]
    assert site.bench.column("SELECT DISTINCT revision_count FROM articles") == [1]
    assert site.bench.column("SELECT DISTINCT state FROM links") == ["done"]


def killed_worker(site: PrefectSite, env: Mapping[str, str]) -> None:
    """Start a worker, give it a run, and kill it by surprise when that is at work."""
    with running_process(worker(), env, site.log) as running:
        run_id = site.trigger(f"ingest/{NEWS}")
        site.wait_for(lambda: site.ask(f"/flow_runs/{run_id}")["state"]["type"] == "RUNNING")
        running.send_signal(signal.SIGKILL)


def worker() -> list[str]:
    """The command of a worker of the pool."""
    return [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--name", "elsewhere"]
