"""Ids of outlets to the names that people know them by; where two have one name, with the id behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from flows.report_page.answers import Row
from flows.report_page.shown import drawn, on_one_line


class OutletNames:
    """The names of all outlets that the warehouse knows."""

    def __init__(self, health: Iterable[Row]) -> None:
        self._names = {row["outlet_id"]: on_one_line(row["outlet_name"], 60) for row in health}
        self._counts = Counter(self._names.values())

    def of(self, outlet_id: str) -> str:
        """The name of one outlet; of one without a file, such as a host of a WARC file, its id."""
        name = self._names.get(outlet_id, outlet_id)
        return name if name == outlet_id or self._counts[name] == 1 else f"{name} ({outlet_id})"

    def label(self, outlet_id: str, most: int = 30) -> str:
        """The same as a label in a chart."""
        return drawn(self.of(outlet_id), most)
