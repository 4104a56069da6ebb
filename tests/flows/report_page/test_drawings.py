"""Charts as parts of a page: no style, no script, colors by class, texts escaped."""

from __future__ import annotations

import re

import altair as alt
import pytest
from lxml import etree

from flows.report_page.charts import Bar, Chart, Span, bars_by_name, bars_by_time, small_bars, spans_by_name
from flows.report_page.drawings import INKS, UnknownDrawingError, draw
from flows.report_page.network_chart import Edge, network

HOSTILE = '</text><script>alert(1)</script>&"'
TEXTS = {"title": f"Title {HOSTILE}", "description": f"Description {HOSTILE}"}


def charts() -> list[Chart]:
    """One of each kind, with names that try to be markup."""
    bars = [Bar(label=f"{day} Mar", value=day, usual=4 if day % 2 else None, is_open=day == 9) for day in range(1, 10)]
    return [
        bars_by_time(bars, name="time", **TEXTS),
        bars_by_name(
            [Bar(label=HOSTILE[:20], value=0, note="0"), Bar(label="b", value=7, note="7")], name="n", **TEXTS
        ),
        spans_by_name(
            [Span(label=HOSTILE[:20], half=0, most=0), Span(label="b", half=30, most=20_000)], name="s", **TEXTS
        ),
        network([Edge(origin=HOSTILE[:20], copy="b", count=3, credited=0)], name="net", **TEXTS),
    ]


def drawings() -> list[str]:
    """All of them, wide and narrow, and small bars."""
    small = small_bars([Bar(label="", value=0), Bar(label="", value=0)], name="small", **TEXTS)
    return [small, *(drawing for chart in charts() for drawing in (chart.wide, chart.narrow))]


def test_a_drawing_has_nothing_that_a_page_must_not_have() -> None:
    """Known elements, no attribute that styles or runs, no color but by class, and one name and description each."""
    ids = []
    for drawing in drawings():
        root = etree.fromstring(drawing)
        assert {element.tag for element in root.iter()} <= {"svg", "g", "path", "rect", "line", "text", "title", "desc"}
        attributes = {str(name) for element in root.iter() for name in element.attrib}
        assert not {"style", "fill", "stroke", "font-family", "href"} & attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert root.get("role") == "img"
        ids += [element.get("id") for element in root.iter("title", "desc")]
        assert [root.get("aria-labelledby"), root.get("aria-describedby")] == ids[-2:]
        assert [root.findtext("title"), root.findtext("desc")] == list(TEXTS.values())
        classes = {name for element in root.iter() for name in (element.get("class") or "chart").split()}
        assert classes <= {"chart"} | {f"{use}-{ink}" for use in ("fill", "stroke") for ink in INKS}
    assert len(set(ids)) == len(ids)


def test_names_from_outside_are_text() -> None:
    """They are drawn as they are written."""
    for drawing in drawings():
        assert "<script" not in drawing
    assert any(HOSTILE[:15] in "".join(map(str, etree.fromstring(each).itertext())) for each in drawings())


def test_a_chart_fits_its_screen() -> None:
    """None is wider than the column, nor than a phone of 360 pixels with its margins."""
    for chart in charts():
        assert 0.6 * 792 < width_of(chart.wide) <= 810
        assert width_of(chart.narrow) <= 340


def width_of(drawing: str) -> float:
    """In pixels."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ', drawing)
    assert found is not None
    return float(found[1])


def test_numbers_are_short() -> None:
    """A tenth of a pixel is enough: a page with many drawings stays small."""
    assert not [each for each in drawings() if re.search(r"\d\.\d\d", each)]


@pytest.mark.parametrize(
    ("chart", "complaint"),
    [
        (alt.Chart(alt.Data(values=[{}])).mark_point(color="red"), "the color red"),  # type: ignore[no-untyped-call]
        (alt.Chart(alt.Data(values=[{}])).mark_image(url="x.png", width=9, height=9), "an element image"),  # type: ignore[no-untyped-call]
        (alt.Chart(alt.Data(values=[{}])).mark_bar(color=INKS["bar"], href="https://x.example/"), "an element a"),  # type: ignore[no-untyped-call]
    ],
)
def test_what_is_not_known_is_refused(chart: alt.Chart, complaint: str) -> None:
    """A color of its own, a picture, a link."""
    with pytest.raises(UnknownDrawingError, match=complaint):
        draw(chart.encode(x=alt.value(5), y=alt.value(5)), name="x", title="x", description="x")
