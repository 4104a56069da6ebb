"""What was counted to charts: bars by time and by name, and spans on a scale of time.

Each is drawn twice, for wide and for narrow screens, and says in words what it shows. Nothing depends on color alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from flows.report_page.drawings import INKS, draw

WIDE, NARROW = 790, 318
"""Widths in pixels; a chart is never shown larger than it was drawn."""

LABELS = {WIDE: 14, NARROW: 5}
"""Labels below bars that fit side by side."""

LETTER = 6.6
"""About the width of a letter of 12 pixels, for the room that names need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart, as SVG elements."""

    wide: str
    narrow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar; ``usual`` is where it usually ends, and an open one may still grow."""

    label: str
    value: float
    usual: float | None = None
    is_open: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the half to nine tenths, in minutes."""

    label: str
    half: float
    most: float


def in_both_widths(make: Callable[[int], alt.TopLevelMixin], *, name: str, title: str, description: str) -> Chart:
    """Draw a chart wide and narrow."""
    wide, narrow = (
        draw(make(width), name=f"{name}-{width}", title=title, description=description) for width in (WIDE, NARROW)
    )
    return Chart(wide=wide, narrow=narrow)


def data(rows: Sequence[dict[str, Any]]) -> alt.Data:
    """Rows as a chart takes them."""
    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]


def bars_by_time(bars: Sequence[Bar], *, name: str, title: str, description: str) -> Chart:
    """Bars side by side, with a tick where each usually ends."""
    rows = [
        {"place": place, "value": bar.value, "usual": bar.usual, "ink": "open" if bar.is_open else "over"}
        for place, bar in enumerate(bars)
    ]

    def make(width: int) -> alt.TopLevelMixin:
        every = -(-len(bars) // LABELS[width])
        labelled = [place for place in range(len(bars)) if (len(bars) - 1 - place) % every == 0]
        names = " : ".join(f"datum.value == {place} ? '{plain(bars[place].label)}'" for place in labelled)
        axis = alt.Axis(
            values=labelled,
            labelExpr=f"{names} : ''",
            labelAngle=0,
            ticks=False,
            domain=False,
            labelPadding=6,
            grid=False,
        )
        place = alt.X("place:O", title=None, axis=axis, scale=alt.Scale(paddingInner=0.25, paddingOuter=0.1))
        scale = alt.Axis(tickCount=4, domain=False, ticks=False, format=",d", tickMinStep=1, labelPadding=6)
        base = alt.Chart(data(rows))
        drawn = base.mark_bar().encode(
            x=place, y=alt.Y("value:Q", title=None, axis=scale), color=inks({"over": "bar", "open": "pale"})
        )
        ticks = base.transform_filter("isValid(datum.usual)").mark_tick(
            thickness=3, opacity=1, color=INKS["mark"], bandSize=round(width / max(8, len(bars)) * 0.85)
        )
        chart: alt.LayerChart = (drawn + ticks.encode(x=place, y="usual:Q")).properties(width=width - 44, height=180)
        return chart

    return in_both_widths(make, name=name, title=title, description=description)


def room_for(labels: Sequence[str], most: int) -> int:
    """Pixels that the longest of some names needs, up to so many."""
    return min(most, round(LETTER * max(map(len, labels))) + 4)


def inks(by_value: dict[str, str]) -> alt.Color:
    """Which ink each value of the field ``ink`` is drawn with."""
    scale = alt.Scale(domain=list(by_value), range=[INKS[name] for name in by_value.values()])
    return alt.Color("ink:N", scale=scale, legend=None)


def plain(label: str) -> str:
    """A label of our own, such as a day, for an expression of Vega: letters, digits and spaces."""
    return "".join(letter for letter in label if letter.isalnum() or letter == " ")


def small_bars(bars: Sequence[Bar], *, name: str, title: str, description: str) -> str:
    """A row of bars without axes, as high as a line of text."""
    rows = [
        {"place": place, "value": bar.value, "ink": "open" if bar.is_open else "over"} for place, bar in enumerate(bars)
    ]
    most = max(1, *(bar.value for bar in bars))
    chart = (
        alt.Chart(data(rows))
        .mark_bar()
        .encode(
            x=alt.X("place:O", axis=None, scale=alt.Scale(paddingInner=0.2, paddingOuter=0)),
            y=alt.Y("value:Q", axis=None, scale=alt.Scale(domain=[0, most])),
            color=inks({"over": "bar", "open": "pale"}),
        )
    )
    baseline = alt.Chart(data([{}])).mark_rule(color=INKS["line"]).encode(y=alt.YDatum(0, axis=None))
    return draw((baseline + chart).properties(width=120, height=24), name=name, title=title, description=description)


def bars_by_name(bars: Sequence[Bar], *, name: str, title: str, description: str) -> Chart:
    """Bars below each other, each with its name before it and its number behind it."""
    rows = [
        {"place": place, "label": bar.label, "value": bar.value, "note": bar.note} for place, bar in enumerate(bars)
    ]

    def make(width: int) -> alt.TopLevelMixin:
        room = room_for([bar.label for bar in bars], 250 if width == WIDE else 112)
        room_behind = room_for([bar.note for bar in bars], 150)
        base = alt.Chart(data(rows)).encode(y=alt.Y("place:O", axis=None, scale=alt.Scale(padding=0.3)))
        length = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, max(1, *(bar.value for bar in bars))]))
        drawn = base.mark_bar(color=INKS["bar"]).encode(x=length)
        names = base.mark_text(align="right", dx=-8, limit=room).encode(x=alt.value(0), text="label:N")
        notes = base.mark_text(align="left", dx=6, color=INKS["muted"]).encode(x=length, text="note:N")
        chart: alt.LayerChart = (drawn + names + notes).properties(
            width=width - room - room_behind - 18, height=26 * len(bars)
        )
        return chart

    return in_both_widths(make, name=name, title=title, description=description)


def spans_by_name(spans: Sequence[Span], *, name: str, title: str, description: str) -> Chart:
    """For each name a dot at the half and a line to nine tenths, on a scale of minutes, hours and days."""
    rows: list[dict[str, Any]] = [
        {"place": place, "label": span.label, "half": max(1, span.half), "most": max(1, span.most)}
        for place, span in enumerate(spans)
    ]
    steps = {1: "1 min", 10: "10 min", 60: "1 h", 360: "6 h", 1_440: "1 day", 10_080: "7 days"}
    names = " : ".join(f"datum.value == {value} ? '{label}'" for value, label in steps.items())
    top = next((value for value in steps if value >= max(span.most for span in spans)), 10_080)

    def make(width: int) -> alt.TopLevelMixin:
        room = room_for([span.label for span in spans], 250 if width == WIDE else 112)
        base = alt.Chart(data(rows)).encode(y=alt.Y("place:O", axis=None, scale=alt.Scale(padding=0.3)))
        axis = alt.Axis(
            values=[value for value in steps if value <= top and (width == WIDE or value != 360)],
            labelExpr=f"{names} : ''",
            domain=False,
            ticks=False,
            labelPadding=6,
            labelFlush=False,
        )
        minutes = alt.Scale(type="log", domain=[1, top])
        half = alt.X("half:Q", title=None, axis=axis, scale=minutes)
        lines = base.mark_rule(strokeWidth=3, color=INKS["pale"]).encode(x=half, x2="most:Q")
        dots = base.mark_circle(size=90, opacity=1, color=INKS["bar"]).encode(x=half)
        ends = base.mark_tick(thickness=3, size=12, opacity=1, color=INKS["mark"]).encode(
            x=alt.X("most:Q", scale=minutes)
        )
        labels = base.mark_text(align="right", dx=-12, limit=room).encode(x=alt.value(0), text="label:N")
        chart: alt.LayerChart = (lines + dots + ends + labels).properties(
            width=width - room - 50, height=26 * len(spans)
        )
        return chart

    return in_both_widths(make, name=name, title=title, description=description)
