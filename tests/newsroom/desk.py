"""What the running newsroom remembers: its edition, what it was asked, and how it was told to fail."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from newsroom.sample_articles import Edition

Host = Literal["observatory", "gazette"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """One request as it came. ``path`` holds the query; ``headers`` have lower-case names."""

    host: Host
    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Misconduct:
    """An order to fail: on which host, at which addresses, how, and how many times (``None``: until told otherwise)."""

    host: Host
    path: str
    behavior: str
    times: int | None
    options: Mapping[str, Any]

    def covers(self, host: Host, target: str) -> bool:
        """Whether a request falls under it: its path, with or without the query, is the text or matches the pattern."""
        if host != self.host or self.times == 0:
            return False
        candidates = (target, target.partition("?")[0])
        return self.path in candidates or any(re.fullmatch(self.path, candidate) for candidate in candidates)


@dataclass(slots=True)
class Desk:
    """State shared by the server's thread and whoever controls it; lists are only appended to under the lock."""

    edition: Edition = Edition.MORNING
    closing: bool = False
    _requests: list[LoggedRequest] = field(default_factory=list)
    _misconduct: list[Misconduct] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def log(self, request: LoggedRequest) -> None:
        """Remember a request."""
        with self._lock:
            self._requests.append(request)

    def requests(self) -> tuple[LoggedRequest, ...]:
        """What was asked so far, control requests aside."""
        with self._lock:
            return tuple(self._requests)

    def forget_requests(self) -> None:
        """Empty the log."""
        with self._lock:
            self._requests.clear()

    def order(self, misconduct: Misconduct) -> None:
        """Fail from now on; the latest order that covers a request goes first."""
        with self._lock:
            self._misconduct.insert(0, misconduct)

    def behave(self) -> None:
        """Forget every order to fail."""
        with self._lock:
            self._misconduct.clear()

    def misconduct_for(self, host: Host, target: str) -> Misconduct | None:
        """The order that this request falls under, counted as carried out once."""
        with self._lock:
            found = next((order for order in self._misconduct if order.covers(host, target)), None)
            if found is not None and found.times is not None:
                found.times -= 1
            return found
