"""What search has in small pieces, merged at the end of runs before there are so many that it becomes slow."""

from __future__ import annotations

from flows.runs.run import Run
from warehouse.search_index import GROWTH, merge_segments


async def merge_search(run: Run) -> None:
    """Merge segments of the search index where many small ones have come together; most runs have nothing to merge."""
    while merged := await run.write(merge_segments, growth=GROWTH):
        run.reporter.say(f"search: {merged} parts of the index merged into one")
