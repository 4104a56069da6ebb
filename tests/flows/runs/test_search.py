"""Runs keep the search index in few pieces."""

from __future__ import annotations

from pathlib import Path

import pytest
from warehouse_samples import NOW, OUTLET, RUN, make_extraction
from workbench import make_workbench

from newsroom import running_newsroom
from warehouse import search_index
from warehouse.connection import open_live
from warehouse.load import load
from warehouse.search_index import GROWTH

SEGMENTS = "SELECT COUNT(*) FROM core.search_segments"
FOUND = "SELECT COUNT(*) FROM search('gale harbor', max_results := 100)"


def test_a_run_merges_what_has_become_many_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before there are so many: places are not written again for each few articles. Search finds the same."""

    def load_segments(numbers: range) -> None:
        with monkeypatch.context() as small, open_live(bench.workspace.home, wait_seconds=0) as con:
            small.setattr(search_index, "SEGMENT_DOCUMENTS", 1)
            for number in numbers:
                load(con, RUN, OUTLET, [make_extraction(number, text="A gale closed the harbor.")], now=NOW)

    with running_newsroom() as newsroom:
        bench = make_workbench(newsroom, tmp_path)
        load_segments(range(901, 900 + GROWTH))
        bench.ingest("sample_gazette", limit=1)
        assert bench.column(SEGMENTS) == [GROWTH - 1]
        load_segments(range(900 + GROWTH, 900 + 2 * GROWTH))
        bench.ingest("sample_gazette", limit=1)
    # Seven, the newsroom's article between them, and the eight that became one.
    assert bench.column(SEGMENTS) == [GROWTH + 1]
    assert bench.column(FOUND) == [2 * GROWTH - 1]
    with open_live(bench.workspace.home, wait_seconds=0) as con:
        assert search_index.merge_segments(con, growth=GROWTH) == 0
