"""A receiver of messages and heartbeats on loopback, which can be told to refuse them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class LoopbackReceiver:
    """What came in, and how it is answered: ``status`` is that of every answer."""

    def __init__(self) -> None:
        self.status = 200
        self.messages: list[dict[str, Any]] = []
        self.heartbeats: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Take a message."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.status < 300:
                    receiver.messages.append(json.loads(body))
                self.answer()

            def do_GET(self) -> None:
                """Take a heartbeat."""
                receiver.heartbeats.append(self.path)
                self.answer()

            def answer(self) -> None:
                """Say how it went."""
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep it to oneself."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def port(self) -> int:
        """Its port."""
        return self._server.server_port

    @property
    def notify_url(self) -> str:
        """Its address as apprise knows it, with a secret in it."""
        return f"json://somebody:s3cret@127.0.0.1:{self.port}/hook"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def running_receiver() -> Iterator[LoopbackReceiver]:
    """A receiver for the length of a block."""
    with LoopbackReceiver() as receiver:
        yield receiver
