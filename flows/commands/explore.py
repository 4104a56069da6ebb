"""The command that opens a look into the published file in a browser."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from flows.commands.analyst import limits_of
from flows.commands.options import AsJson, Config, Home, print_json
from flows.settings import resolve_home


def explore(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port on 127.0.0.1; 0 for any.")] = 4202,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Look into the published file in a browser: search, articles with their edits and originals, stories, health."""
    from flows.explore.serving import serve
    from warehouse.browse import Browser

    limits = limits_of(config)
    looked_at = resolve_home(home).absolute()
    Browser(home=looked_at, memory_limit=limits.memory_limit, threads=limits.threads).edition()
    meta = {
        "home": str(looked_at),
        "memory_limit": limits.memory_limit,
        "threads": str(limits.threads),
    }

    def say(url: str) -> None:
        if as_json:
            print_json({"url": url, "home": str(looked_at)})
            sys.stdout.flush()
        else:
            Console().print(f"{url} shows {looked_at}; Ctrl-C stops it", highlight=False, markup=False, soft_wrap=True)

    serve(port=port, meta=meta, say=say, with_browser=not no_open)
