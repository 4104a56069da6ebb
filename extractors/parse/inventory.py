"""A page's tree -> its elements in their order and by name: one walk, whose result every rule reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Elements of a page, without comments, in document order.

    lxml makes an object for an element anew whenever it is met, unless one is held: an inventory holds them.
    """

    elements: tuple[HtmlElement, ...]
    by_name: Mapping[str, Sequence[HtmlElement]]

    def named(self, name: str) -> Sequence[HtmlElement]:
        """The elements of a name."""
        return self.by_name.get(name, ())


def take_inventory(tree: HtmlElement) -> Inventory:
    """Walk a page once."""
    elements = tuple(tree.iter("*"))
    by_name: defaultdict[str, list[HtmlElement]] = defaultdict(list)
    for element in elements:
        by_name[element.tag].append(element)
    return Inventory(elements=elements, by_name=dict(by_name))
