from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quality.made_pages import make_outlet

from extractors.normalize.candidates import Candidate
from extractors.normalize.titles import clean_title, headline_of, known_names, outlet_names, split_kicker, squeezed_name

NAMES = ("The Amal Gazette", "Amal Gazette", "gazette.example", "المرصد العمالي لحقوق الإنسان")


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("Harbor reopens • The Amal Gazette", "Harbor reopens"),
        ("Harbor reopens | The Amal Gazette", "Harbor reopens"),
        ("Harbor reopens - AMAL GAZETTE", "Harbor reopens"),
        ("Harbor reopens – gazette.example", "Harbor reopens"),
        ("The Amal Gazette: Harbor reopens", "Harbor reopens"),
        ("Harbor reopens | Amal Gazette | gazette.example", "Harbor reopens"),
        ("إعادة فتح الميناء - المرصد العمالي لحقوق الانسان", "إعادة فتح الميناء"),
        ("Idlib | Rocket fire kills two", "Idlib | Rocket fire kills two"),
        ("Harbor reopens | Another Paper", "Harbor reopens | Another Paper"),
        ("Who owns The Amal Gazette", "Who owns The Amal Gazette"),
        ("Truce holds - for now", "Truce holds - for now"),
        ("War-torn Amal: a report", "War-torn Amal: a report"),
        ("  Harbor\n reopens ", "Harbor reopens"),
    ],
)
def test_only_known_names_are_taken_off(raw: str, title: str) -> None:
    """A name goes where a separator parts it from the headline; everything else stays, kickers above all."""
    assert clean_title(raw, NAMES) == title


def test_a_configured_suffix_is_taken_off_as_it_stands() -> None:
    """An outlet's own suffixes need no name."""
    assert clean_title("Harbor reopens :: Port news daily", (), (" :: Port news daily",)) == "Harbor reopens"


@given(st.text())
def test_any_title_survives(raw: str) -> None:
    """Cleaning never raises and never invents."""
    assert len(clean_title(raw, NAMES, (" | X",))) <= len(raw) * 3 + 1


@pytest.mark.parametrize(
    ("title", "separator", "parted"),
    [
        ("Idlib | Rocket fire kills two", " | ", ("Idlib", "Rocket fire kills two")),
        ("Idlib | Rocket fire | two dead", " | ", ("Idlib", "Rocket fire | two dead")),
        ("Rocket fire kills two", " | ", (None, "Rocket fire kills two")),
        (" | Rocket fire kills two", " | ", (None, " | Rocket fire kills two")),
        ("Idlib | Rocket fire kills two", None, (None, "Idlib | Rocket fire kills two")),
    ],
)
def test_kicker(title: str, separator: str | None, parted: tuple[str | None, str]) -> None:
    """Split at the outlet's own separator, once, and only where both sides have words."""
    assert split_kicker(title, separator) == parted


def test_the_first_candidate_with_words_of_its_own_is_the_headline() -> None:
    """A heading that is only the site's name is passed over."""
    candidates = [Candidate("html.h1", "The Amal Gazette"), Candidate("og:title", "Maran | Calm holds | Amal Gazette")]
    outlet = make_outlet(aliases=["Amal Gazette"], title={"kicker_separator": " | "})
    headline = headline_of(candidates, outlet, outlet_names(outlet))
    assert (headline.kicker, headline.title) == ("Maran", "Calm holds")
    assert headline.candidate is not None
    assert headline.candidate.source == "og:title"


def test_names_are_one_name_in_every_spelling() -> None:
    """Case, article, diacritics and the letters that Arabic writes in two ways do not matter."""
    assert squeezed_name("The Médian Post") == squeezed_name("MEDIAN POST")
    assert squeezed_name("حقوق الإنسان") == squeezed_name("حقوق الانسان")


@pytest.mark.parametrize(
    ("candidates", "title", "kicker"),
    [
        ({"json-ld.headline": "Port reopens", "html.h1": "Harbor reopens after eleven weeks",
          "og:title": "Harbor reopens after eleven weeks"}, "Harbor reopens after eleven weeks", None),
        ({"json-ld.headline": "Port reopens", "html.h1": "Harbor reopens after weeks",
          "og:title": "Harbor reopens after weeks", "html.title": "Port reopens"}, "Harbor reopens after weeks", None),
        ({"json-ld.headline": "Port reopens", "html.h1": "Harbor reopens after weeks",
          "og:title": "Harbor reopens after weeks", "html.title": "Harbor reopens after weeks - The Post"},
         "Port reopens", None),
        ({"json-ld.headline": "Harbor reopens after weeks | Ports", "html.h1": "Harbor reopens after weeks",
          "og:title": "Harbor reopens after weeks", "html.title": "Harbor reopens after weeks | Ports"},
         "Harbor reopens after weeks", None),
        ({"json-ld.headline": "Harbor - open again", "og:title": "Harbor: open again",
          "html.title": "Harbor: open again - Ports"}, "Harbor: open again", None),
        ({"json-ld.headline": "Port reopens", "html.h1": "Port reopens", "og:title": "Harbor reopens"},
         "Port reopens", None),
        ({"json-ld.headline": "Port reopens", "html.h1": "Harbor open", "og:title": "Ships out"}, "Port reopens", None),
        ({"html.h1": "Port Amal - Harbor reopens after weeks", "og:title": "Trade: Harbor reopens after weeks"},
         "Harbor reopens after weeks", "Port Amal"),
        ({"html.h1": "Harbor reopens after weeks | Coast", "og:title": "Harbor reopens after weeks"},
         "Harbor reopens after weeks", None),
        ({"html.h1": "Truce holds - for now", "og:title": "Peace - for now"}, "Truce holds - for now", None),
        ({"json-ld.headline": "Port Amal - Harbor reopens after weeks",
          "html.h1": "Port Amal - Harbor reopens after weeks", "og:title": "Harbor reopens after weeks"},
         "Port Amal - Harbor reopens after weeks", None),
        ({"hints.title": "Port - Harbor reopens after weeks", "html.h1": "Harbor reopens after weeks"},
         "Port - Harbor reopens after weeks", None),
    ],
)  # fmt: skip
def test_disagreeing_titles(candidates: dict[str, str], title: str, kicker: str | None) -> None:
    """Heading and ``og:title`` together outweigh JSON-LD that is ``<title>``'s too, not what JSON-LD alone says.

    Of spellings the commonest is kept; what one title has beside a shared headline goes.
    """
    outlet = make_outlet()
    headline = headline_of([Candidate(*found) for found in candidates.items()], outlet, outlet_names(outlet))
    assert (headline.title, headline.kicker) == (title, kicker)


def test_a_host_and_a_name_with_a_motto_are_names() -> None:
    """The label of a host, and what stands before a motto."""
    known = known_names(["gazette.example", "www.amal-post.co.uk", "Amal Wire - news of the coast"])
    assert {"gazette", "amalpost", "amalwire"} <= known
    assert clean_title("Harbor reopens - Gazette", ("gazette.example",)) == "Harbor reopens"


def test_a_kicker_inside_the_heading_is_parted_where_nothing_declares_it() -> None:
    """The markup says where it ends; JSON-LD that has it in its headline keeps it."""
    heading = Candidate("html.h1", "Port Amal - Truce holds", ("Port Amal", "Truce holds"))
    outlet = make_outlet()
    parted = headline_of([heading, Candidate("og:title", "Port Amal - Truce holds")], outlet, outlet_names(outlet))
    assert (parted.kicker, parted.title) == ("Port Amal", "Truce holds")
    declared = Candidate("json-ld.headline", "Port Amal: Truce holds | News")
    whole = headline_of([declared, heading, Candidate("og:title", heading.raw)], outlet, outlet_names(outlet))
    assert (whole.kicker, whole.title) == (None, "Port Amal - Truce holds")
