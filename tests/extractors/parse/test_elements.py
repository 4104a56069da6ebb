from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from extractors.parse.elements import lines_of, text_of


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>One <b>bold</b>er <i>word</i></p>tail<p>Two</p>", ["One bolder word", "tail", "Two"]),
        ("one<br>two<br/><br>three", ["one", "two", "three"]),
        ("<ul><li><p>17 civilians</p></li><li>3 <em>fighters</em></li></ul>", ["17 civilians", "3 fighters"]),
        (
            "<table><tr><th>Town</th><th>Dead</th></tr><tr><td>Amal</td><td>4</td></tr></table>",
            ["Town | Dead", "Amal | 4"],
        ),
        ("<p>a<script>x()</script>b<style>p{}</style></p>", ["ab"]),
        ("before<figure><img><figcaption>Caption</figcaption></figure>after", ["before", "after"]),
        ("<p>seen</p><p hidden>unseen</p><p style='color:red; display : none'>unseen</p>", ["seen"]),
        ("<aside>Related</aside><p>text</p><nav>menu</nav><form>sign up</form>", ["text"]),
        ("<h2>Heading</h2><blockquote><p>Quote</p></blockquote>", ["Heading", "Quote"]),
        ("<p>  &nbsp; </p><p>\u200b</p>", []),
    ],
)
def test_lines(html: str, lines: list[str]) -> None:
    """One line a paragraph, heading, list item or row; inline elements do not break it; machinery is not read."""
    assert lines_of(fragment_fromstring(f"<div>{html}</div>")) == lines


def test_what_is_to_be_skipped_goes_with_all_that_it_holds_but_not_what_follows() -> None:
    """The text after a skipped element is its parent's."""
    body = fragment_fromstring("<div>one<div class='x'><p>two</p></div>three</div>")
    assert lines_of(body, skip={body[0]}) == ["one", "three"]


def test_a_body_that_is_an_aside_is_read() -> None:
    """An outlet's rule may name any element."""
    assert lines_of(fragment_fromstring("<aside><p>text</p></aside>")) == ["text"]


def test_text_of_is_one_line() -> None:
    """Blocks do not run into one another."""
    assert text_of(fragment_fromstring("<h1><span>Kicker</span><div>Head<br>line</div></h1>")) == "Kicker Head line"
