from __future__ import annotations

from flows.supervision.children import ChildDiedError
from flows.supervision.patience import Patience

DEATH = ChildDiedError("runner", "ended with exit code 1")


def test_pauses_double_up_to_the_longest_and_then_it_is_enough() -> None:
    """A child that keeps dying is given up."""
    patience = Patience(first_seconds=1, most_seconds=5, deaths=6)
    assert [patience.pause_after(DEATH, lived_seconds=1) for _ in range(6)] == [1, 2, 4, 5, 5, None]


def test_a_good_life_is_a_new_beginning() -> None:
    """One death a month is none too many, however many months."""
    patience = Patience(deaths=2, good_life_seconds=120)
    assert [patience.pause_after(DEATH, lived_seconds=200) for _ in range(3)] == [1, 1, 1]


def test_children_are_counted_apart() -> None:
    """The server's deaths are not the runner's."""
    patience = Patience(deaths=2)
    patience.pause_after(DEATH, lived_seconds=1)
    assert patience.pause_after(ChildDiedError("server", "died"), lived_seconds=1) == 1
