from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.normalize.authors import authors_of, byline_candidate, byline_of
from extractors.normalize.candidates import Candidate, listed

NAMES = ("The Amal Gazette", "gazette.example")


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("By Rula Sabbagh", ("Rula Sabbagh",)),
        ("by Rula Sabbagh and Omar Haddad", ("Rula Sabbagh", "Omar Haddad")),
        ("Rula Sabbagh, Omar Haddad & Lena Stein", ("Rula Sabbagh", "Omar Haddad", "Lena Stein")),
        ("By Rula Sabbagh, Middle East correspondent", ("Rula Sabbagh",)),
        ("Rula Sabbagh in Port Amal", ("Rula Sabbagh",)),
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
        ("von Rula Sabbagh am 29. Mai 2026 , 14:14 Uhr", ("Rula Sabbagh",)),
        ("Rula Sabbagh, Updated March 3, 2026", ("Rula Sabbagh",)),
        ("Autorin: Rula Sabbagh", ("Rula Sabbagh",)),
        ("Par Rula Sabbagh et Omar Haddad", ("Rula Sabbagh", "Omar Haddad")),
        ("Rula Sabbagh y Omar Haddad", ("Rula Sabbagh", "Omar Haddad")),
        ("Rula Sabbagh ve Omar Haddad", ("Rula Sabbagh", "Omar Haddad")),
        ("Rula Sabbagh, dpa", ("Rula Sabbagh",)),
        ("AFP", ()),
        ("الأناضول", ()),
        ("By Rula Sabbagh and Reuters", ("Rula Sabbagh",)),
        ("Rula Sabbagh is a senior correspondent at the Gazette", ("Rula Sabbagh",)),
        ("Marwan H. Adib1", ("Marwan H. Adib",)),
        ("Nina Gutierrez C.", ("Nina Gutierrez C.",)),
        ("Photo: Omar Haddad", ()),
        ("المصدر: الجزيرة", ()),
        ("مراسل الغد", ()),
        ("Gazette – the paper for Amal", ()),
        ("The Amal Gazette – the paper for the coast", ()),
        ("red, The Amal Gazette/Agenturen", ()),
        ("r.sabbagh@gazette.example", ()),
        ("Amal Wire (www.wire.example)", ("Amal Wire",)),
        ("Amal Wire (gazette.example)", ()),
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


@pytest.mark.parametrize(
    ("declared", "shown", "people"),
    [
        (["rula-s"], "By Rula Sabbagh", ("Rula Sabbagh",)),
        (["rula-s"], "admin", ("rula-s",)),
        (["Rula Sabbagh"], "By Rula Sabbagh, Omar Haddad", ("Rula Sabbagh", "Omar Haddad")),
        (["Rula Sabbagh"], "By Omar Haddad", ("Rula Sabbagh",)),
        (["Rula Sabbagh", "Omar Haddad"], "By Rula Sabbagh", ("Rula Sabbagh", "Omar Haddad")),
        (["Rula Sabbagh"], "By Rula Sabbagh, rs", ("Rula Sabbagh",)),
    ],
)
def test_a_byline_with_more_to_say_is_preferred(declared: list[str], shown: str, people: tuple[str, ...]) -> None:
    """Whole names before the CMS's handles, and all authors before the first alone; else structured data decides."""
    found, _ = authors_of([*listed("json-ld.author", declared), Candidate("html.byline", shown)], NAMES)
    assert found == people


def test_the_byline_kept_is_one_that_names_an_author() -> None:
    """A page's other bylines can be of other articles; without one, what named the people is kept."""
    foreign, own = Candidate("html.byline", "By Omar Haddad"), Candidate("html.byline", "By Rula Sabbagh, Port Amal")
    declared = Candidate("json-ld.author", "Rula Sabbagh")
    assert byline_candidate([foreign, own], ["Rula Sabbagh"], declared) == own
    assert byline_candidate([foreign], ["Rula Sabbagh"], declared) == declared
    assert byline_candidate([foreign], [], None) == foreign


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
