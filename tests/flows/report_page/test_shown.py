"""How the page says counts, spans and times, and what it makes of texts that play tricks."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.report_page import shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a\u202eb", "a‹U+202E›b"),
        ("a\u2067b\u2069", "a‹U+2067›b‹U+2069›"),
        ("\u200fعربي\u200e", "عربي"),
        ("می\u200cخواهد", "می\u200cخواهد"),
        ("bell\x07", "bell‹U+0007›"),
    ],
)
def test_what_steers_the_direction_is_named(text: str, expected: str) -> None:
    """Marks that only help are left out, joiners stay."""
    assert shown.shown(text) == expected


@given(st.text())
def test_no_text_keeps_an_override(text: str) -> None:
    """Anybody's text."""
    for made in (shown.shown(text), shown.on_one_line(text), shown.passage(text), shown.drawn(text)):
        assert not shown.STEERING.search(made)


@given(st.text(), st.integers(20, 60))
def test_lines_and_labels_are_short(text: str, most: int) -> None:
    """Whatever comes: one line, not longer than asked, but for the mark of the cut."""
    assert len(shown.drawn(text, most)) <= most
    line = shown.on_one_line(text, most)
    assert "\n" not in line
    assert len(line) <= most + 2


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://a.example/x?y=1", True),
        ("http://a.example/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("https:///nowhere", False),
        ("//a.example/", False),
        ("https://[bad/", False),
        ("https://a.example/\u202etxt.exe", False),
        ("java\nscript:alert(1)", False),
        (None, False),
    ],
)
def test_links_lead_to_the_web_alone(url: str | None, *, is_link: bool) -> None:
    """Any other address is shown and leads nowhere."""
    assert shown.web_address(url) == (url if is_link else None)


@pytest.mark.parametrize(("language", "tag"), [("ar", "ar"), ("en-GB", "en-GB"), ('en" onload="x', None), (None, None)])
def test_a_language_is_a_tag_or_nothing(language: str | None, tag: str | None) -> None:
    """What is none does not get into an attribute."""
    assert shown.language_tag(language) == tag


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (shown.count(1_204, "article"), "1,204 articles"),
        (shown.count(1, "article"), "1 article"),
        (shown.count(2, "copy", "copies"), "2 copies"),
        (shown.count(3.25), "3.2"),
        (shown.count(41.6), "42"),
        (shown.count(None), "–"),
        (shown.share(1, 3), "33 %"),
        (shown.share(1, 3_000), "< 1 %"),
        (shown.share(2_999, 3_000), "> 99 %"),
        (shown.share(0, 3), "0 %"),
        (shown.share(1, 0), "–"),
        (shown.difference(12, 10), "+20 %"),
        (shown.difference(5, 10), "−50 %"),
        (shown.difference(10, 10), "as usual"),
        (shown.difference(10, None), "–"),
        (shown.span(0.2), "at once"),
        (shown.span(90), "90 min"),
        (shown.span(600), "10 h"),
        (shown.span(-600), "−10 h"),
        (shown.span(4_320), "3 days"),
        (shown.span(None), "–"),
        (shown.moment(datetime(2026, 3, 2, 6, 5, tzinfo=UTC)), "2 Mar 2026, 06:05"),
        (shown.days(date(2026, 3, 2), date(2026, 3, 2)), "2 March 2026"),
        (shown.days(date(2026, 3, 2), date(2026, 3, 9)), "2–9 March 2026"),
        (shown.days(date(2026, 2, 2), date(2026, 3, 9)), "2 February – 9 March 2026"),
        (shown.days(date(2025, 2, 2), date(2026, 3, 9)), "2 February 2025 – 9 March 2026"),
    ],
)
def test_values_as_people_say_them(found: str, expected: str) -> None:
    """Counts, shares, spans of time and days."""
    assert found == expected
