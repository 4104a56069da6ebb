"""Behavior of extractors.discover.markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.discover.markup import plain_text


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("plain", "plain"),
        ("AT&amp;T &#8211; «قصف»", "AT&T – «قصف»"),
        ("<p>One</p><p>Two</p>", "One Two"),
        ("one<br>two", "one two"),
        ("un<b>brok</b>en", "unbroken"),
        ("a<script>b()</script>c<style>d</style>e", "ace"),
        ("before <p>inside</p> after", "before inside after"),
        ("<!-- no -->yes", "yes"),
        ("", ""),
        ("<", "<"),
        ("<p>" * 5_000 + "deep", "deep"),
    ],
)
def test_plain_text(markup: str, expected: str) -> None:
    """Blocks are set apart, inline markup is not, what is not seen is gone."""
    assert plain_text(markup) == expected


@given(st.text(alphabet=st.characters() | st.sampled_from("<>&;/!-\x00"), max_size=200))
def test_any_text_is_read(markup: str) -> None:
    """Nobody's markup raises, and the result is folded."""
    found = plain_text(markup)
    assert found == " ".join(found.split())
