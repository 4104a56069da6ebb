"""Both hosts and the control desk as one ASGI application: the port that a request came in on decides the host."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from newsroom.desk import Desk, Host, LoggedRequest, Misconduct
from newsroom.drupal import make_gazette
from newsroom.exchange import Exchange, target_of
from newsroom.misbehaviors import BEHAVIORS
from newsroom.sample_articles import Edition
from newsroom.wordpress import make_observatory

CONTROL = "/_newsroom/"


class Newsroom:
    """The application that uvicorn serves on two sockets."""

    def __init__(self, desk: Desk, hosts_by_port: Mapping[int, Host]) -> None:
        self.desk = desk
        self.hosts_by_port = hosts_by_port
        self.sites: dict[Host, ASGIApp] = {"observatory": make_observatory(desk), "gazette": make_gazette(desk)}
        self.control = make_control(desk)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: the control desk's own, a misbehaving one, or the site's."""
        if scope["path"].startswith(CONTROL):
            await self.control(scope, receive, send)
            return
        host = self.hosts_by_port[scope["server"][1]]
        target = target_of(scope)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self.desk.log(LoggedRequest(host=host, method=scope["method"], path=target, headers=headers))
        site = self.sites[host]
        order = self.desk.misconduct_for(host, target)
        if order is None:
            await site(scope, receive, send)
            return
        exchange = Exchange(scope=scope, receive=receive, send=send, app=site, desk=self.desk, options=order.options)
        await BEHAVIORS[order.behavior](exchange)


def make_control(desk: Desk) -> Starlette:
    """The control desk: change the edition, order misbehavior, see both."""

    async def edition(request: Request) -> Response:
        try:
            desk.edition = Edition(json.loads(await request.body())["edition"])
        except (ValueError, KeyError, TypeError):
            return problem(f"edition is one of {', '.join(Edition)}")
        return JSONResponse({"edition": desk.edition})

    async def misbehave(request: Request) -> Response:
        if request.method == "DELETE":
            desk.behave()
            return JSONResponse({"misbehavior": "none"})
        try:
            order = make_order(json.loads(await request.body()))
        except (ValueError, KeyError, TypeError) as error:
            return problem(str(error))
        desk.order(order)
        return JSONResponse({"behavior": order.behavior, "path": order.path, "times": order.times})

    def state(request: Request) -> Response:  # noqa: ARG001 - Starlette calls it with the request
        named = {name: (function.__doc__ or "").strip() for name, function in BEHAVIORS.items()}
        return JSONResponse({"edition": desk.edition, "requests": len(desk.requests()), "behaviors": named})

    return Starlette(
        routes=[
            Route(f"{CONTROL}edition", edition, methods=["POST"]),
            Route(f"{CONTROL}misbehave", misbehave, methods=["POST", "DELETE"]),
            Route(f"{CONTROL}state", state),
        ]
    )


def make_order(values: Mapping[str, Any]) -> Misconduct:
    """An order to fail from its JSON: ``site``, ``path``, ``behavior``, ``times``, and the behavior's own options.

    Raises:
        ValueError: The site or the behavior does not exist, or the path is no regular expression.
        KeyError: A value is missing.
    """
    host, behavior = values["site"], values["behavior"]
    if host not in ("observatory", "gazette"):
        raise ValueError(f"site is observatory or gazette, not {host!r}")
    if behavior not in BEHAVIORS:
        raise ValueError(f"no behavior {behavior!r}; there are {', '.join(BEHAVIORS)}")
    try:
        re.compile(values["path"])
    except re.error as error:
        raise ValueError(f"path is no regular expression: {error}") from None
    options = {key: value for key, value in values.items() if key not in ("site", "path", "behavior", "times")}
    return Misconduct(host=host, path=values["path"], behavior=behavior, times=values.get("times"), options=options)


def problem(message: str) -> Response:
    """A refused order."""
    return JSONResponse({"problem": message}, status_code=400)
