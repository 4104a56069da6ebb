"""How long to wait before a child that died is started again, and when to give up."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.supervision.children import ChildDiedError


@dataclass(slots=True, kw_only=True)
class Patience:
    """Pauses that double while a child keeps dying, and begin anew once it has lived for a while.

    Args:
        first_seconds: The first pause.
        most_seconds: The longest.
        deaths: How many deaths in a row are too many.
        good_life_seconds: A child that lived for so long died of something else than the one before.
    """

    first_seconds: float = 1.0
    most_seconds: float = 60.0
    deaths: int = 6
    good_life_seconds: float = 120.0
    _in_a_row: dict[str, int] = field(default_factory=dict)

    def pause_after(self, death: ChildDiedError, *, lived_seconds: float) -> float | None:
        """Seconds to wait before the child is started again; None when it has died too often in a row."""
        row = 1 if lived_seconds >= self.good_life_seconds else self._in_a_row.get(death.name, 0) + 1
        self._in_a_row[death.name] = row
        if row >= self.deaths:
            return None
        return float(min(self.most_seconds, self.first_seconds * 2 ** (row - 1)))
