from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.normalize.authors import byline_candidate, byline_of, credits_of, people_of
from extractors.normalize.candidates import Candidate, listed
from extractors.records import CreditKind

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
        ("Rula Sabbagh Associated Press", ("Rula Sabbagh",)),
        ("By Rula Sabbagh, AP Auto Writer", ("Rula Sabbagh",)),
        ("3 March 2026 · by rsabbagh1984 · in Uncategorized · 2 comments", ("rsabbagh1984",)),
        ("Gazette - Rula Sabbagh", ("Rula Sabbagh",)),
        ("Interview: Rula Sabbagh Foto: Omar Haddad", ("Rula Sabbagh",)),
        ("Author Rula Sabbagh", ("Rula Sabbagh",)),
        ("The Amal and Maran defense ministries", ()),
        ("Wednesday, 4 March 2026", ()),
        ("Bashar al-Adib, Leonardo da Maran", ("Bashar al-Adib", "Leonardo da Maran")),
        ("Amal Wire (gazette.example)", ()),
    ],
)
def test_bylines(byline: str, people: tuple[str, ...]) -> None:
    """Names alone: no "By", role, outlet, address, handle or date, and each once."""
    assert people_of(credits_of([Candidate("html.byline", byline)], NAMES)[0]) == people


@pytest.mark.parametrize(
    ("byline", "credited"),
    [
        ("By Rula Sabbagh and AFP", [("Rula Sabbagh", "person"), ("AFP", "agency")]),
        ("The Associated Press", [("The Associated Press", "agency")]),
        ("Von dpa", [("dpa", "agency")]),
        ("The Amal Gazette", [("The Amal Gazette", "outlet")]),
        ("Gazette Redaktion", [("Gazette Redaktion", "outlet")]),
        ("Gazette staff reporter", [("Gazette staff reporter", "outlet")]),
        ("gazette.example", [("gazette.example", "outlet")]),
        ("Autor: www.harbor.example", [("www.harbor.example", "organization")]),
        ("Amal Wire (www.wire.example)", [("Amal Wire", "organization")]),
        ("Amal Wire (gazette.example)", [("Amal Wire", "outlet")]),
        ("Harbor Foundation", [("Harbor Foundation", "organization")]),
        ("Rula Sabbagh, The Amal Gazette", [("Rula Sabbagh", "person")]),
        ("No Author", []),
        ("admin", []),
        ("105092", []),
    ],
)
def test_everybody_in_a_byline_has_a_kind(byline: str, credited: list[tuple[str, str]]) -> None:
    """Names as they are written; the outlet's own beside a person only says where that person works."""
    found, source = credits_of([Candidate("meta.author", byline)], NAMES)
    assert [(each.name, each.kind) for each in found] == credited
    assert (source is None) == (not credited)


def test_a_list_keeps_every_name_that_it_declares() -> None:
    """In structured data the outlet beside a person is an author of its own; an organization is what it says."""
    named = listed("json-ld.author", ["Rula Sabbagh", "The Amal Gazette", "Harbor and Quay"])
    found, _ = credits_of(named, NAMES, frozenset(["Harbor and Quay"]))
    assert [(each.name, each.kind) for each in found] == [
        ("Rula Sabbagh", CreditKind.PERSON),
        ("The Amal Gazette", CreditKind.OUTLET),
        ("Harbor and Quay", CreditKind.ORGANIZATION),
    ]


@pytest.mark.parametrize(
    ("candidates", "name"),
    [
        ([("json-ld.author", "The Amal Gazette"), ("meta.author", "AFP")], "AFP"),
        ([("json-ld.author", "The Amal Gazette"), ("html.byline", "Reuters")], "The Amal Gazette"),
        ([("html.byline", "By AFP"), ("html.byline", "By Omar Haddad")], "AFP"),
        ([("json-ld.author", "AFP"), ("html.byline", "By Omar Haddad")], "Omar Haddad"),
    ],
)
def test_without_a_person_the_page_says_who_else(candidates: list[tuple[str, str]], name: str) -> None:
    """What it declares beside itself comes first; bylines after the first one shown are of other articles."""
    found, _ = credits_of([Candidate(*each) for each in candidates], NAMES)
    assert [each.name for each in found] == [name]


def test_a_candidate_that_names_nobody_gives_way() -> None:
    """An organization in JSON-LD does not hide the byline of the page."""
    candidates = [*listed("json-ld.author", ["The Amal Gazette"]), Candidate("html.byline", "By Omar Haddad")]
    found, source = credits_of(candidates, NAMES)
    assert people_of(found) == ("Omar Haddad",)
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
    found, _ = credits_of([*listed("json-ld.author", declared), Candidate("html.byline", shown)], NAMES)
    assert people_of(found) == people


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
    found, _ = credits_of(listed("json-ld.author", raws), NAMES)
    assert all(each.name.strip() for each in found)


def test_a_byline_is_kept_as_written_unless_it_is_a_text() -> None:
    """White space folds; what is too long to be a byline is none."""
    assert byline_of("  By\n Rula  Sabbagh ") == "By Rula Sabbagh"
    assert byline_of("word " * 100) is None
    assert byline_of(None) is None
