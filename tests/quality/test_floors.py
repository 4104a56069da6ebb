"""The scores of the labelled pages that are present, held against ``floors.toml``."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from quality.figures import figures
from quality.pages import is_collection, read_cases
from quality.readers import read_by_wirewatch

ROOT = Path(__file__).parents[2]
PAGES = Path(os.environ.get("WIREWATCH_PAGES") or ROOT.parent / "shared" / "pages")
FLOORS = tomllib.loads((ROOT / "tests" / "quality" / "floors.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("collection", FLOORS)
def test_no_score_falls_below_its_floor(collection: str) -> None:
    """Text and metadata of every page of a collection, read as pages of an outlet without a file."""
    folder = PAGES / collection
    if not is_collection(folder):
        pytest.skip(f"no labelled pages at {folder}; name their folder with WIREWATCH_PAGES")
    floors = FLOORS[collection]
    cases = list(read_cases(folder))
    assert len(cases) == floors["pages"], "the floors are of another edition of this collection"
    scores = figures(cases, [read_by_wirewatch(case) for case in cases])
    below = {name: scores.get(name) for name, least in floors["least"].items() if scores.get(name, 0.0) < least}
    above = {name: scores.get(name) for name, most in floors.get("most", {}).items() if scores.get(name, 1.0) > most}
    assert (below, above) == ({}, {})
