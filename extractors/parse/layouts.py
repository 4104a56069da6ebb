"""An outlet's layout rules applied to a page: which layout fits it, and what each rule finds (XPath 1.0)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from extractors.outlets import Layout, Outlet
from extractors.parse.elements import folded, lines_of, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A layout that fits a page: where the text stands and what inside it is to be left out."""

    index: int
    layout: Layout
    body: tuple[HtmlElement, ...]
    skip: frozenset[HtmlElement]

    def source(self, field: str) -> str:
        """The name of one of its rules, such as ``layout[0].title``."""
        return f"layout[{self.index}].{field}"

    def lines(self) -> list[str]:
        """The text's lines."""
        return [line for element in self.body for line in lines_of(element, self.skip)]

    def texts(self, tree: HtmlElement, field: str) -> list[str]:
        """Texts that one of the layout's rules finds; none when it has no such rule."""
        expression: str | None = getattr(self.layout, field)
        return texts_at(tree, expression) if expression else []


def fitting_layout(tree: HtmlElement, outlet: Outlet, day: date) -> Fit | None:
    """Choose the outlet's newest layout that was valid on a day and finds a body with text.

    Args:
        tree: The page.
        outlet: Whose layouts to try, newest first.
        day: The day of publication, or of the capture when that is not known.

    Returns:
        ``None`` when no layout fits, so that the generic rules take over.
    """
    for index, layout in enumerate(outlet.layouts):
        if layout.valid_until is not None and day > layout.valid_until:
            continue
        body = outermost(elements_at(tree, layout.body))
        if not body:
            continue
        skip = frozenset(element for rule in layout.drop for element in elements_at(tree, rule))
        fit = Fit(index=index, layout=layout, body=body, skip=skip)
        if fit.lines():
            return fit
    return None


@lru_cache(maxsize=1024)
def compiled_xpath(expression: str) -> etree.XPath:
    """A configured expression, compiled once a process."""
    return etree.XPath(expression)


def found_at(tree: HtmlElement, expression: str) -> list[object]:
    """What an expression finds, as a list whatever its type."""
    try:
        found = compiled_xpath(expression)(tree)
    except etree.XPathError:
        # Syntax was checked with the configuration; what is left are functions that this page's values break.
        return []
    return list(found) if isinstance(found, list) else [found]


def elements_at(tree: HtmlElement, expression: str) -> list[HtmlElement]:
    """Elements that an expression finds."""
    return [found for found in found_at(tree, expression) if isinstance(found, HtmlElement)]


def texts_at(tree: HtmlElement, expression: str) -> list[str]:
    """Texts that an expression finds: of elements, attributes, text nodes and strings, without empty ones."""
    texts = (text_of(f) if isinstance(f, HtmlElement) else folded(str(f)) for f in found_at(tree, expression))
    return [text for text in texts if text]


def outermost(elements: Sequence[HtmlElement]) -> tuple[HtmlElement, ...]:
    """Elements that stand in no other of the list, so that no text is read twice."""
    chosen = set(elements)
    return tuple(element for element in elements if not any(parent in chosen for parent in element.iterancestors()))
