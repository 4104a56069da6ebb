from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from quality.made_pages import FETCHED_AT, make_capture, make_outlet, make_page, paragraphs, read_page
from warehouse_samples import make_article

from extractors.errors import Reason
from extractors.parse.joining import Part, joined
from extractors.parse.page import Verdict, parse_page
from extractors.records import Article, FieldSource, Hints

URL = "https://www.gazette.example/news/harbor"
TEXT_FROM = FieldSource(field="text", source="paragraphs@0.97", raw="")


def page(number: int, *lines: str, **changes: Any) -> Article:
    """One page of an article, read by itself."""
    values = {"title": "The way of the grain", "standfirst": "Eleven weeks.", "byline": "By Ana Marsh"}
    url = URL if number == 1 else f"{URL}?page={number}"
    return make_article(
        text="\n".join(lines), canonical_url=url, provenance=(TEXT_FROM,), **{"published_at": None, **values, **changes}
    )


def part(number: int, article: Article | None, reason: Reason = Reason.FURTHER_PAGE) -> Part:
    """A further page."""
    return Part(
        number=number,
        requested_url=f"{URL}?page={number}",
        capture_id=f"capture-{number}",
        article=article,
        reason=reason,
    )


def text_of(*pages: Article) -> list[str]:
    """Lines of the joined text."""
    return joined(pages[0], [part(n, each) for n, each in enumerate(pages[1:], 2)]).text.split("\n")


def test_texts_are_joined_in_order() -> None:
    """What is within a page stays, also a line that stood before."""
    assert text_of(page(1, "a b", "***", "c d"), page(2, "e f", "***", "g h"), page(3, "i j")) == [
        *("a b", "***", "c d", "e f", "***", "g h", "i j")
    ]


@pytest.mark.parametrize("furniture", [["The way of the grain"], ["Eleven weeks.", "By Ana Marsh"], ["Page", "a b"]])
def test_what_begins_each_page_stands_once(furniture: list[str]) -> None:
    """Title, standfirst, byline and any line that the text has already."""
    assert text_of(page(1, "Page", "a b", "c d"), page(2, *furniture, "e f")) == ["Page", "a b", "c d", "e f"]


def test_what_ends_each_page_stands_at_the_end() -> None:
    """A line on the author under every page is under the last one."""
    about = "Ana Marsh writes on ships."
    assert text_of(page(1, "a b", about), page(2, "c d", about), page(3, "e f", about)) == ["a b", "c d", "e f", about]


def test_a_page_with_everything_completes_the_first() -> None:
    """The second page of some sites is the whole article."""
    assert text_of(page(1, "a b", "c d"), page(2, "a b", "c d", "e f", "g h")) == ["a b", "c d", "e f", "g h"]


def test_the_last_page_says_whose_the_article_is() -> None:
    """Source line, disclaimer, notes and agencies stand under the last page's text; provenance says from where."""
    told = (TEXT_FROM, FieldSource(field="original_publisher", source="paragraphs:source_line", raw="Source: The Sun"))
    last = page(2, "c d", original_publisher="The Sun", has_disclaimer=True, corrections="Corrected.", agency=("AP",))
    found = joined(page(1, "a b"), [part(2, replace(last, provenance=told))])
    assert (found.original_publisher, found.has_disclaimer, found.corrections) == ("The Sun", True, "Corrected.")
    assert found.agency == ("AP",)
    assert [each.source for each in found.provenance] == [
        "paragraphs@0.97",
        "page[2].paragraphs:source_line",
        "page[2].paragraphs@0.97",
    ]
    assert found.provenance[-1].raw == f"capture-2 {URL}?page=2"


def test_a_missing_page_ends_the_article() -> None:
    """It is not complete; what comes behind the gap is not joined to what is before it."""
    found = joined(page(1, "a b"), [part(2, page(2, "c d")), part(3, None, Reason.HTTP_404), part(4, page(4, "g h"))])
    assert (found.text, found.is_complete, found.page_count, found.next_url) == ("a b\nc d", False, 2, None)
    assert found.provenance[-1].source == "page[3].missing:http_404"


def test_an_article_that_goes_on_is_not_complete() -> None:
    """While the last page that was read names one more."""
    following = f"{URL}?page=3"
    found = joined(page(1, "a b"), [part(2, page(2, "c d", next_url=following))])
    assert (found.is_complete, found.next_url) == (False, following)


@pytest.mark.parametrize(
    "other",
    [
        page(2, "c d", published_at=FETCHED_AT - timedelta(days=9)),
        replace(page(2, "c d", title="Another"), canonical_url="https://www.gazette.example/news/another"),
    ],
)
def test_another_article_is_not_joined(other: Article) -> None:
    """One of another day, or with another name and an address of its own."""
    found = joined(page(1, "a b", published_at=FETCHED_AT), [part(2, other)])
    assert (found.text, found.is_complete) == ("a b", True)
    assert found.provenance[-1].source == "page[2].another_article"


def test_a_further_page_is_none_by_itself() -> None:
    """By its number and what it calls its first page; a number that is none says nothing."""
    html = make_page(
        f"<article><h1>Harbor reopens</h1>{paragraphs()}</article>", head=f"<link rel='canonical' href='{URL}'>"
    )
    found = read_page(html, capture=make_capture(f"{URL}?page=2"))
    assert isinstance(found, Verdict)
    assert (found.reason, found.detail) == (Reason.FURTHER_PAGE, f"a further page of {URL}")
    own = make_page(f"<article><h1>Harbor reopens</h1>{paragraphs()}</article>")
    assert isinstance(read_page(own, capture=make_capture("https://www.gazette.example/en/310/")), Article)


def test_a_short_last_page_is_read() -> None:
    """The least length of an outlet's articles is none of their last pages'."""
    html = make_page("<article><h1>Harbor reopens</h1><p>The ships sailed.</p></article>").encode()
    outlet = make_outlet(text={"min_chars": 200})
    read = partial(
        parse_page, html, capture=make_capture(f"{URL}?page=2"), hints=Hints(), outlet=outlet, extractor="test"
    )
    assert isinstance(read(is_further=True), Article)
    assert isinstance(read(), Verdict)
