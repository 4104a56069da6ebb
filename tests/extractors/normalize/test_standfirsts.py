from __future__ import annotations

import pytest

from extractors.normalize.candidates import Candidate
from extractors.normalize.standfirsts import standfirst_of

LINES = ["The harbor reopened on Thursday.", "Two ships were waiting at anchor."]


@pytest.mark.parametrize(
    ("raw", "is_standfirst"),
    [
        ("Eleven weeks after the storm, pilots are back at work.", True),
        ("The harbor reopened on Thursday.", False),
        ("The harbor reopened on Thursday. Two ships were", False),
        ("Eleven weeks after the storm, pilots are…", False),
        ("Eleven weeks after the storm […]", False),
        ("The Amal Gazette", False),
        ("...", False),
    ],
)
def test_a_description_has_to_say_something_of_its_own(raw: str, is_standfirst: bool) -> None:
    """The text's own words, a sentence cut off and the site's name are no standfirst."""
    found, source = standfirst_of([Candidate("og:description", raw)], LINES, ("The Amal Gazette",))
    assert (found is not None, source is not None) == (is_standfirst, is_standfirst)


def test_an_outlets_own_rule_is_believed() -> None:
    """Where a layout names the standfirst's element, the text has it too until it is cut there."""
    found, _ = standfirst_of([Candidate("layout[0].standfirst", LINES[0])], LINES, ())
    assert found == LINES[0]
