"""Republications to the sections on stories: who was first, who copied, with credit or without."""

from __future__ import annotations

from dataclasses import dataclass

from flows.report_page.answers import Answers, Row
from flows.report_page.charts import Chart
from flows.report_page.names import OutletNames
from flows.report_page.network_chart import Edge, network
from flows.report_page.shown import count

EDGES_DRAWN = 15
PAIRS_SHOWN = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Who copies whom. ``pairs`` are the ones shown, ``pair_count`` is how many there are."""

    pairs: list[Row]
    pair_count: int
    copy_count: int
    drawn_count: int
    chart: Chart | None
    summary: str


def network_of(answers: Answers, names: OutletNames) -> Network:
    """Copies between outlets, by pairs."""
    rows = answers.rows("republishing")
    if not rows:
        return Network(pairs=[], pair_count=0, copy_count=0, drawn_count=0, chart=None, summary="")
    edges = [
        Edge(
            origin=names.label(row["origin_outlet_id"], 60),
            copy=names.label(row["copy_outlet_id"], 60),
            count=row["copy_count"],
            credited=row["credited_count"],
        )
        for row in rows[:EDGES_DRAWN]
    ]
    copies = rows[0]["total_copy_count"]
    top = rows[0]
    summary = (
        f"{count(copies, 'copy', 'copies')} between {count(rows[0]['total_count'], 'pair')} of outlets. Most: "
        f"{names.of(top['copy_outlet_id'])} from {names.of(top['origin_outlet_id'])}, {count(top['copy_count'])}, "
        f"{count(top['credited_count'])} with credit."
    )
    chart = network(edges, name="network", title="Who copied from whom", description=summary)
    return Network(
        pairs=rows[:PAIRS_SHOWN],
        pair_count=rows[0]["total_count"],
        copy_count=copies,
        drawn_count=len(edges),
        chart=chart,
        summary=summary,
    )
