from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.normalize.authors import authors_of, byline_of
from extractors.normalize.candidates import Candidate, listed

NAMES = ("The Amal Gazette", "gazette.example")


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("By Rula Sabbagh", ("Rula Sabbagh",)),
        ("by Rula Sabbagh and Omar Haddad", ("Rula Sabbagh", "Omar Haddad")),
        ("Rula Sabbagh, Omar Haddad & Lena Stein", ("Rula Sabbagh", "Omar Haddad", "Lena Stein")),
        ("By Rula Sabbagh, Middle East correspondent", ("Rula Sabbagh",)),
        ("Rula Sabbagh in Port Amal", ("Rula Sabbagh in Port Amal",)),
        ("By Rula Sabbagh (rula@gazette.example) @rulasab", ("Rula Sabbagh",)),
        ("Rula Sabbagh | The Amal Gazette", ("Rula Sabbagh",)),
        ("The Amal Gazette Staff & Agencies", ()),
        ("By The Amal Gazette", ()),
        ("Agencies", ()),
        ("admin", ()),
        ("By Rula Sabbagh, rula sabbagh", ("Rula Sabbagh",)),
        ("Jean-Luc O'Neill", ("Jean-Luc O'Neill",)),
        ("بقلم: رلى صباغ", ("رلى صباغ",)),
        ("رلى صباغ، عمر حداد", ("رلى صباغ", "عمر حداد")),
        ("إعداد رلى صباغ", ("رلى صباغ",)),
        ("وكالات", ()),
        ("https://gazette.example/author/12", ()),
        ("Published 3 March 2026", ()),
    ],
)
def test_bylines(byline: str, people: tuple[str, ...]) -> None:
    """Names alone: no "By", role, outlet, address, handle or date, and each once."""
    found, source = authors_of([Candidate("html.byline", byline)], NAMES)
    assert found == people
    assert (source is None) == (not people)


def test_a_candidate_that_names_nobody_gives_way() -> None:
    """An organization in JSON-LD does not hide the byline of the page."""
    candidates = [*listed("json-ld.author", ["The Amal Gazette"]), Candidate("html.byline", "By Omar Haddad")]
    found, source = authors_of(candidates, NAMES)
    assert found == ("Omar Haddad",)
    assert source == candidates[1]


@given(st.lists(st.text(), max_size=4))
def test_anything_can_be_a_byline(raws: list[str]) -> None:
    """No name is empty, whatever came in."""
    found, _ = authors_of(listed("json-ld.author", raws), NAMES)
    assert all(name.strip() for name in found)


def test_a_byline_is_kept_as_written_unless_it_is_a_text() -> None:
    """White space folds; what is too long to be a byline is none."""
    assert byline_of("  By\n Rula  Sabbagh ") == "By Rula Sabbagh"
    assert byline_of("word " * 100) is None
    assert byline_of(None) is None
