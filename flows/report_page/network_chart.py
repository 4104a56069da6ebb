"""Who copied whom to a chart: the first outlets on one side, those that copied on the other, lines between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from flows.report_page.charts import WIDE, Chart, data, in_both_widths, inks, room_for
from flows.report_page.shown import drawn

LETTERS_WIDE, LETTERS_NARROW = 36, 15
"""Letters of a name that have room."""

ROW_HEIGHT = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What one outlet copied from another."""

    origin: str
    copy: str
    count: int
    credited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The outlets of one side: how many copies each has, and how far down it stands."""

    counts: Counter[str]
    places: dict[str, float]

    def labels(self, letters: int) -> list[dict[str, Any]]:
        """Names with their counts."""
        return [
            {"at": place, "label": f"{drawn(name, letters)} ({self.counts[name]:,})"}
            for name, place in self.places.items()
        ]


def side_of(shares: Iterable[tuple[str, int]], height: int) -> Side:
    """One side, its outlets at equal distances over a height."""
    counts: Counter[str] = Counter()
    for name, count in shares:
        counts[name] += count
    return Side(counts=counts, places={name: (at + 0.5) * height / len(counts) for at, name in enumerate(counts)})


def network(edges: Sequence[Edge], *, name: str, title: str, description: str) -> Chart:
    """Lines as thick as there are copies; dashed where most of them give no credit."""
    height = ROW_HEIGHT * max(len({edge.origin for edge in edges}), len({edge.copy for edge in edges}))
    first = side_of(((edge.origin, edge.count) for edge in edges), height)
    last = side_of(((edge.copy, edge.count) for edge in edges), height)

    def make(width: int) -> alt.TopLevelMixin:
        letters = LETTERS_WIDE if width == WIDE else LETTERS_NARROW
        left, right = first.labels(letters), last.labels(letters)
        room = room_for([row["label"] for row in left], width // 2)
        inner = max(60, width - room - room_for([row["label"] for row in right], width // 2) - 26)
        down = alt.Scale(domain=[height, 0])
        layers = (
            lines_between(edges, first, last, down),
            names_beside(left, "right", -8, 0, down),
            names_beside(right, "left", 8, inner, down),
        )
        return alt.layer(*layers).properties(width=inner, height=height)

    return in_both_widths(make, name=name, title=title, description=description)


def lines_between(edges: Sequence[Edge], first: Side, last: Side, down: alt.Scale) -> alt.Chart:
    """A line for each pair."""
    most = max(edge.count for edge in edges)
    rows = [
        {
            "from": first.places[edge.origin],
            "to": last.places[edge.copy],
            "start": 0,
            "end": 1,
            "width": 1.5 + 8 * edge.count / most,
            "ink": "credited" if 2 * edge.credited >= edge.count else "not",
        }
        for edge in edges
    ]
    dashes = alt.Scale(domain=["credited", "not"], range=[[1, 0], [7, 4]])
    chart: alt.Chart = (
        alt.Chart(data(rows))
        .mark_rule(opacity=0.75)
        .encode(
            x=alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, 1])),
            x2="end:Q",
            y=alt.Y("from:Q", axis=None, scale=down),
            y2="to:Q",
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
            color=inks({"credited": "bar", "not": "warn"}),
            strokeDash=alt.StrokeDash("ink:N", scale=dashes, legend=None),
        )
    )
    return chart


def names_beside(
    rows: Sequence[dict[str, Any]], align: Literal["left", "right"], shift: int, at: int, down: alt.Scale
) -> alt.Chart:
    """The names of one side."""
    chart: alt.Chart = (
        alt.Chart(data(rows))
        .mark_text(align=align, dx=shift)
        .encode(x=alt.value(at), y=alt.Y("at:Q", scale=down), text="label:N")
    )
    return chart
