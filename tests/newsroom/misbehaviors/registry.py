"""Where the ways to fail are registered, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from newsroom.exchange import Exchange

Behavior = Callable[[Exchange], Awaitable[None]]
BEHAVIORS: dict[str, Behavior] = {}


def behavior(function: Behavior) -> Behavior:
    """Register a behavior under its function's name."""
    BEHAVIORS[function.__name__] = function
    return function


def behavior_names() -> tuple[str, ...]:
    """Every behavior that can be ordered."""
    return tuple(BEHAVIORS)
