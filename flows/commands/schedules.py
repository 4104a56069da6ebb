"""The command that tells other machines what is scheduled."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from flows.commands.options import AsJson, Config, print_json
from flows.settings import open_workspace


def deployments(
    pool: Annotated[str, typer.Option("--pool", metavar="NAME", help="Work pool of the workers.")] = "wirewatch",
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print a prefect.yaml, with which workers run what `wirewatch up` runs on one machine."""
    from flows.deployed.deployment_file import prefect_file, prefect_yaml

    workspace = open_workspace(config, None)
    if as_json:
        print_json(prefect_file(workspace, pool=pool))
    else:
        sys.stdout.write(prefect_yaml(workspace, pool=pool))
