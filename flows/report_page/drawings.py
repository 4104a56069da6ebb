"""A Vega-Lite chart to SVG in a page: no script, no style of its own, colors and fonts by the page's classes.

Charts are colored with the inks below and with nothing else. In the drawing each ink becomes a class (``fill-bar``), so
that the page's style sheet says what it looks like, in light, in dark and on paper. What Vega draws beside shapes and
texts is dropped, and what is not known here is refused: whatever a new version draws is looked at before it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import altair as alt
import vl_convert
from lxml import etree

INKS = MappingProxyType(
    {
        "bar": "#010001",
        "pale": "#010002",
        "mark": "#010003",
        "text": "#010004",
        "muted": "#010005",
        "line": "#010006",
        "warn": "#010007",
    }
)
"""Names of inks, each with the color that stands for it until it is a class."""

CLASSES = MappingProxyType({color: name for name, color in INKS.items()})
SVG = "{http://www.w3.org/2000/svg}"
TAGS = frozenset({"svg", "g", "path", "rect", "line", "text", "tspan", "circle"})
KEPT = frozenset(
    {
        "d", "transform", "x", "y", "x1", "y1", "x2", "y2", "width", "height", "r", "cx", "cy", "text-anchor",
        "font-size", "font-weight", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity",
        "fill-opacity", "stroke-opacity", "dy",
    }
)  # fmt: skip
DROPPED = frozenset(
    {
        "class", "role", "aria-hidden", "aria-roledescription", "aria-label", "pointer-events", "display",
        "font-family", "stroke-miterlimit", "version", "viewBox", "font-style",
    }
)  # fmt: skip
NUMBER = re.compile(r"-?\d+\.\d{2,}")
DEFAULTS = {"opacity": "1", "stroke-width": "1", "transform": "translate(0,0)"}

CONFIG: Mapping[str, Any] = {
    "aria": False,
    "background": None,
    "font": "sans-serif",
    "padding": 2,
    "view": {"stroke": None},
    "axis": {
        "domainColor": INKS["line"],
        "gridColor": INKS["line"],
        "tickColor": INKS["line"],
        "labelColor": INKS["muted"],
        "titleColor": INKS["muted"],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 0,
    },
    "text": {"fontSize": 12, "color": INKS["text"]},
}


class UnknownDrawingError(ValueError):
    """Vega drew something that this module does not know how to show."""


def draw(chart: alt.TopLevelMixin, *, name: str, title: str, description: str) -> str:
    """Draw a chart as an SVG element for a page.

    Args:
        chart: What to draw; its colors are ``INKS``.
        name: What tells it from the page's other charts, as a part of ids.
        title: Its name for those who do not see it.
        description: What it shows, in a sentence or two.

    Raises:
        UnknownDrawingError: It holds elements, attributes or colors that have no place in a page.
    """
    spec = {**chart.to_dict(), "config": dict(CONFIG)}
    drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    root = etree.fromstring(drawn.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    view_box = root.get("viewBox")
    if view_box is None:
        raise UnknownDrawingError("a drawing without a viewBox")
    clean(root)
    root.set("viewBox", view_box)
    root.set("class", "chart")
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-desc")
    root.set("width", view_box.split()[2])
    root.set("height", view_box.split()[3])
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(tag, id=f"{name}-{tag}")
        element.text = text
        root.insert(place, element)
    return etree.tostring(root, encoding="unicode").replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)


def clean(element: etree._Element) -> None:
    """Take from an element and those in it whatever a page does not need, and its namespace."""
    for child in list(element):
        if is_nothing(child):
            element.remove(child)
        else:
            clean(child)
            if child.tag == "g" and not len(child):
                element.remove(child)
    tag = str(element.tag).removeprefix(SVG)
    if tag not in TAGS:
        raise UnknownDrawingError(f"an element {tag}")
    cleaned_attributes = dict(cleaned(element))
    element.attrib.clear()
    element.tag = tag
    for name, value in cleaned_attributes.items():
        element.set(name, value)
    etree.cleanup_namespaces(element)


def is_nothing(element: etree._Element) -> bool:
    """Whether an element shows nothing: what is not displayed, and shapes without fill and stroke."""
    if element.get("display") == "none":
        return True
    is_shape = str(element.tag) in {f"{SVG}path", f"{SVG}rect"}
    return is_shape and not (visible(element.get("fill")) or visible(element.get("stroke")))


def visible(color: str | None) -> bool:
    """Whether a color shows."""
    return color not in {None, "none", "transparent"}


def cleaned(element: etree._Element) -> Iterator[tuple[str, str]]:
    """The attributes that an element keeps, inks as classes."""
    classes = []
    for name, value in element.attrib.items():
        key, text = str(name), str(value)
        if key in {"fill", "stroke"}:
            if visible(text):
                classes.append(f"{key}-{ink_of(text)}")
        elif key in KEPT:
            short = NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), text).removesuffix("px")
            if DEFAULTS.get(key) != short:
                yield key, short
        elif key not in DROPPED:
            raise UnknownDrawingError(f"an attribute {key}")
    if classes:
        yield "class", " ".join(sorted(classes))


def ink_of(color: str) -> str:
    """The name of an ink."""
    if color not in CLASSES:
        raise UnknownDrawingError(f"the color {color}")
    return CLASSES[color]
