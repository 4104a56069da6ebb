"""What a person looks for and at, in the page's address: it can be kept, sent to a colleague and opened again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class QueryParams(Protocol):
    """marimo's parameters of the page's address."""

    def get_all(self, key: str) -> list[str]:
        """Every value of a parameter."""

    def set(self, key: str, value: str | list[str]) -> None:
        """Set a parameter, or take it out with an empty list."""


class Address:
    """The page's address. Unlike marimo's own parameters it makes no cell run again when it changes."""

    def __init__(self, params: QueryParams) -> None:
        self._params = params

    def one(self, name: str) -> str:
        """The first value of a parameter, empty where there is none."""
        return next(iter(self._params.get_all(name)), "")

    def all(self, name: str, among: Sequence[str]) -> list[str]:
        """Those values of a parameter that there are."""
        return [value for value in self._params.get_all(name) if value in among]

    def keep(self, **values: str | Sequence[str]) -> None:
        """Put values into the address, and take out empty ones."""
        for name, value in values.items():
            wanted = [value] if isinstance(value, str) and value else list(value)
            if wanted != self._params.get_all(name):
                self._params.set(name, wanted)
