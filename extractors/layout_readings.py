"""A saved page and its outlet -> what each rule of each layout takes from it, beside what the general rules read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from extractors.extract import PageTask, extract_body
from extractors.normalize.texts import squeezed
from extractors.outlets import Layout, Outlet
from extractors.parse.documents import parse_document
from extractors.parse.elements import lines_of
from extractors.parse.layouts import Fit, elements_at, outermost
from extractors.readings import RULES
from extractors.records import Capture, Extraction, Hints

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutReading:
    """One layout on one page.

    ``taken`` has an entry for each of the layout's rules, ``dropped`` one for each expression of ``drop``, with what
    it takes out of the body: empty where a rule finds nothing. ``bodies_count`` counts the elements that ``body``
    finds; ``read`` is the page as it would be loaded with this layout alone.
    """

    layout: Layout
    bodies_count: int
    lines: Texts
    taken: dict[str, Texts]
    dropped: dict[str, Texts]
    read: Extraction


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """A page read by each layout of its outlet, and by the general rules alone."""

    url: str
    general: Extraction
    layouts: tuple[LayoutReading, ...]


def read_by_layouts(body: bytes, capture: Capture, outlet: Outlet) -> PageReading:
    """Read a page with each layout of its outlet, whatever the day until which it was valid, and with none."""
    tree = parse_document(body, capture.header("content-type"))
    return PageReading(
        url=capture.final_url,
        general=read_with(body, capture, outlet, ()),
        layouts=tuple(read_by_layout(tree, body, capture, outlet, layout) for layout in outlet.layouts)
        if tree is not None
        else (),
    )


def read_by_layout(tree: HtmlElement, body: bytes, capture: Capture, outlet: Outlet, layout: Layout) -> LayoutReading:
    """Read a page with one layout."""
    found = outermost(elements_at(tree, layout.body))
    cut_out = {rule: elements_at(tree, rule) for rule in layout.drop}
    skip = frozenset(element for elements in cut_out.values() for element in elements)
    fit = Fit(index=0, layout=layout, body=found, skip=skip)
    return LayoutReading(
        layout=layout,
        bodies_count=len(found),
        lines=tuple(fit.lines()),
        taken={rule: tuple(fit.texts(tree, rule)) for rule in RULES if getattr(layout, rule) is not None},
        dropped={rule: lines_within(elements, found) for rule, elements in cut_out.items()},
        read=read_with(body, capture, outlet, (layout.model_copy(update={"valid_until": None}),)),
    )


def lines_within(elements: Sequence[HtmlElement], bodies: Sequence[HtmlElement]) -> Texts:
    """The lines of those elements that stand in a body, none of them twice."""
    inside = [each for each in outermost(elements) if any(parent in bodies for parent in each.iterancestors())]
    return tuple(line for element in inside for line in lines_of(element))


def read_with(body: bytes, capture: Capture, outlet: Outlet, layouts: Sequence[Layout]) -> Extraction:
    """Read a page as a run would if the outlet had these layouts."""
    changed = outlet.model_copy(update={"layouts": tuple(layouts)})
    return extract_body(body, PageTask(capture=capture, link_id="", hints=Hints(), outlet=changed))


def text_lines(read: Extraction) -> list[str]:
    """The text of a page, or what one that is no article shows."""
    return (read.article.text if read.article else read.shown_text).splitlines()


def lines_only_in(one: Extraction, other: Extraction) -> list[str]:
    """Lines of a text that another has not."""
    known = {squeezed(line) for line in text_lines(other)}
    return [line for line in text_lines(one) if squeezed(line) not in known]
