from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quality.made_pages import PARAGRAPHS, make_capture, make_outlet, make_page, paragraphs, read_article, read_page

from extractors.errors import Reason
from extractors.outlets import Outlet
from extractors.parse.page import Verdict
from extractors.records import Article, Credit, CreditKind, Hints

SITE = "The Amal Observatory for Rights"
TITLE = "Tarsian, Amali security chiefs meet on the border"
STANDFIRST = "The two states have worked together on several border matters, without an embassy in either capital."
BODY = (
    "Tarsia's security director, Orhan Beyli, spent five hours in Port Amal on Monday, two officials said.",
    "The visit was the first in eleven years, according to a French newsletter on the services of the region.",
    "Both sides spoke of an office at the crossing as the first step towards it.",
)
OBSERVATORY_URL = "https://www.observatory.example/en/41388/"


def observatory() -> Outlet:
    """An outlet of bulletins and reprints, with every kind of rule."""
    return make_outlet(
        outlet_id="observatory_en",
        name=SITE,
        homepage="https://www.observatory.example/en/",
        languages=["en"],
        timezone="Asia/Damascus",
        sources=[{"kind": "wordpress", "url": "https://www.observatory.example/en/"}],
        urls={
            "hosts": ["www.observatory.example"],
            "include": [r"^https://www\.observatory\.example/en/\d+/$"],
            "rewrite": [{"pattern": r"/en/\?p=(\d+)$", "replace": r"/en/\1/"}],
            "cms_id": r"/en/(?P<id>\d+)/$",
        },
        layouts=[
            {
                "body": "//div[@class='entry-content']",
                "drop": ["//div[@class='share']"],
                "title": "//h1",
                "standfirst": "//p[@class='lead']",
                "published": "//time/@datetime",
            }
        ],
        title={"suffixes": [f" • {SITE}"], "kicker_separator": " | "},
        republication={
            "source_line": r"^(?:Source|المصدر)\s*:\s*(?P<publisher>.+?)\s*$",
            "disclaimer": "^The views expressed in this article",
        },
        text={"min_chars": 0},
    )


def observatory_page(lines: Sequence[str] = BODY, *, headline: str = TITLE, head: str = "", lang: str = "en") -> str:
    """A page of its, with a reprinted article."""
    main = (
        f"<p>{SITE}</p><article><h1>{headline}</h1><time datetime='2026-03-02T23:30:00-05:00'>2 March</time>"
        f"<div class='entry-content'><p>{SITE}</p><p><strong>{headline}</strong></p><p class='lead'>{STANDFIRST}</p>"
        f"{paragraphs(*lines)}<p>Source: <a href='https://www.courier.example/world/chiefs-meet'>The Courier</a></p>"
        "<p>The views expressed in this article are its author's and not the Observatory's.</p>"
        "<div class='share'>Share</div></div></article><div><p>1,204</p><p>We use cookies on this site.</p></div>"
    )
    return make_page(main, head=head, title=f"{headline} • {SITE}", lang=lang)


def test_a_republished_article_comes_out_clean() -> None:
    """The reference article's structure: each part in its own field, none of it in the text."""
    article = read_article(observatory_page(), outlet=observatory(), capture=make_capture(OBSERVATORY_URL))
    assert article.title == TITLE
    assert article.kicker is None
    assert article.standfirst == STANDFIRST
    assert article.text == "\n".join(BODY)
    assert article.original_publisher == "The Courier"
    assert article.original_url == "https://www.courier.example/world/chiefs-meet"
    assert article.has_disclaimer
    assert article.identity == "cms:41388"
    assert article.published_at == datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
    assert article.published_precision == "second"
    assert article.language == article.declared_language == "en"


def test_each_field_says_where_it_came_from() -> None:
    """Provenance for every field with a value, none for the others."""
    article = read_article(observatory_page(), outlet=observatory(), capture=make_capture(OBSERVATORY_URL))
    sources = {item.field: item.source for item in article.provenance}
    assert sources["title"] == "layout[0].title"
    assert sources["published_at"] == "layout[0].published"
    assert sources["text"] == "layout[0].body"
    assert sources["original_publisher"] == "layout[0].body:source_line"
    assert sources["has_disclaimer"] == "layout[0].body:disclaimer"
    assert sources["language"] == "declared+words"
    assert "section" not in sources
    assert all(len(item.raw) <= 500 for item in article.provenance)
    assert article.extractor == "wirewatch/test layout[0]"


def test_the_kicker_has_a_field_of_its_own() -> None:
    """Split where the outlet says so, and not repeated in the text."""
    page = observatory_page(headline="Maran | Calm holds for a second day")
    article = read_article(page, outlet=observatory(), capture=make_capture(OBSERVATORY_URL))
    assert (article.kicker, article.title) == ("Maran", "Calm holds for a second day")
    assert article.text == "\n".join(BODY)


@pytest.mark.parametrize("spelling", ["https://www.observatory.example/en/?p=41388", f"{OBSERVATORY_URL}?fbclid=x1"])
def test_two_spellings_of_an_address_are_one_article(spelling: str) -> None:
    """The old form and tracking parameters change neither identity nor normalized URL."""
    article = read_article(observatory_page(), outlet=observatory(), capture=make_capture(spelling))
    assert article.normalized_url == OBSERVATORY_URL
    assert article.identity == "cms:41388"


def test_an_arabic_page_in_windows_1256() -> None:
    """Old sites are still written so; the name of the site and the source line go in Arabic too."""
    lines = [
        "أعيد فتح ميناء الأمل يوم الخميس بعد أن أزال المهندسون آخر الصنادل الغارقة من القناة الشمالية.",
        "وكانت سفينتان تنتظران في المرسى عندما غادر أول زورق إرشاد الرصيف بعد الفجر بقليل.",
    ]
    main = (
        "<article><h1>سورية | إعادة فتح الميناء بعد أحد عشر أسبوعاً</h1><div class='post-views'>٣٤٥</div>"
        f"{paragraphs(*lines)}<p>المصدر: صحيفة الساحل</p><p>الآراء الواردة في هذا المقال تعبر عن كاتبها.</p></article>"
    )
    page = make_page(main, title="إعادة فتح الميناء - مرصد الأمل", lang="ar").replace("utf-8", "windows-1256")
    article = read_article(
        page.encode("cp1256", "xmlcharrefreplace"),
        outlet=make_outlet(name="مرصد الأمل", title={"kicker_separator": " | "}),
        capture=make_capture(headers=(("Content-Type", "text/html"),)),
    )
    assert article.text == "\n".join(lines)
    assert (article.kicker, article.title) == ("سورية", "إعادة فتح الميناء بعد أحد عشر أسبوعاً")
    assert (article.original_publisher, article.has_disclaimer) == ("صحيفة الساحل", True)
    assert article.language == "ar"


STRUCTURED = {
    "@context": "https://schema.org",
    "@graph": [
        {
            "@type": "NewsArticle",
            "headline": "Harbor reopens &amp; ships return",
            "datePublished": "2026-03-02T23:30:00-05:00",
            "dateModified": "2026-03-03T10:00:00Z",
            "author": [
                {"@type": "Person", "name": "Rula Sabbagh"},
                {"@type": "Organization", "name": "The Amal Gazette"},
            ],
            "articleSection": "News",
            "keywords": ["Port Amal", "grain", "grain"],
            "image": {"@type": "ImageObject", "url": "/sites/default/files/styles/big/public/2026-03/quay.jpg?itok=a1"},
            "isAccessibleForFree": "True",
            "inLanguage": "en-GB",
        }
    ],
}
SCRIPT = f'<script type="application/ld+json">{json.dumps(STRUCTURED)}</script>'


def test_structured_data_gives_the_metadata() -> None:
    """JSON-LD in a graph, entities decoded, the outlet no author, image styles taken off."""
    head = f'{SCRIPT}<link rel="canonical" href="/news/harbor">'
    article = read_article(
        make_page(head=head), capture=make_capture("https://www.gazette.example/news/harbor?utm_source=x")
    )
    assert article.title == "Harbor reopens & ships return"
    assert article.authors == ("Rula Sabbagh",)
    assert article.credits == (
        Credit(name="Rula Sabbagh", kind=CreditKind.PERSON),
        Credit(name="The Amal Gazette", kind=CreditKind.OUTLET),
    )
    assert article.published_at == datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
    assert article.modified_at == datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
    assert (article.section, article.tags) == ("News", ("Port Amal", "grain"))
    assert article.image_url == "https://www.gazette.example/sites/default/files/2026-03/quay.jpg"
    assert article.canonical_url == article.normalized_url == "https://www.gazette.example/news/harbor"
    assert article.identity == "url:https://www.gazette.example/news/harbor"
    assert article.is_free
    assert article.text == "\n".join(PARAGRAPHS)


def test_what_the_source_said_comes_before_the_page() -> None:
    """REST and feed fields are the CMS's own; the page fills what they leave open."""
    hints = Hints(title="Harbor reopens", published="2026-03-02T09:00:00Z", authors=("Omar Haddad",), section="Ports")
    article = read_article(make_page(), hints=hints)
    assert (article.title, article.section, article.authors) == ("Harbor reopens", "Ports", ("Omar Haddad",))
    assert {item.source for item in article.provenance} >= {"hints.title", "hints.published", "hints.authors"}


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("https://www.gazette.example/news/harbor", "https://www.gazette.example/news/harbor"),
        ("https://www.gazette.example/", "https://www.gazette.example/news/harbor-reopens"),
        ("https://www.courier.example/a", "https://www.gazette.example/news/harbor-reopens"),
        ("https://[broken", "https://www.gazette.example/news/harbor-reopens"),
    ],
)
def test_a_canonical_url_has_to_be_this_articles(canonical: str, expected: str) -> None:
    """Not the front page, not another publication's, not garbage."""
    article = read_article(make_page(head=f'<link rel="canonical" href="{canonical}">'))
    assert article.canonical_url == expected
    assert article.original_url == (canonical if "courier" in canonical else None)


@pytest.mark.parametrize(
    ("has_source", "identity"), [(True, "cms:4711"), (False, "url:https://www.gazette.example/news/harbor-reopens")]
)
def test_a_shortlink_identifies_articles_of_configured_outlets(has_source: bool, identity: str) -> None:
    """A generic outlet can hold several sites whose ids overlap."""
    sources = [{"kind": "feed", "url": "https://www.gazette.example/rss"}] if has_source else []
    page = make_page(head='<link rel="shortlink" href="https://www.gazette.example/node/4711">')
    assert read_article(page, outlet=make_outlet(sources=sources)).identity == identity


SAMPLE = make_page(head=f'{SCRIPT}<meta property="og:title" content="Harbor">')


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 60), st.text(max_size=12)), min_size=1, max_size=6)
)
def test_mutated_pages_are_read(cuts: list[tuple[int, int, str]]) -> None:
    """Whatever is cut out of a page or put into it, the outcome is an article or a verdict."""
    page = SAMPLE
    for start, length, text in cuts:
        page = page[:start] + text + page[start + length :]
    found = read_page(page.encode("utf-8", "surrogatepass"))
    assert isinstance(found, (Article, Verdict))
    if isinstance(found, Article):
        assert found.title
        assert found.text


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_read(body: bytes) -> None:
    """Nothing that came over a wire raises."""
    assert isinstance(read_page(b"<html><body>" + body), (Article, Verdict))


@pytest.mark.parametrize("flood", ["<i></i>" * 100_001, f"<p>{'word ' * 200_001}</p>"], ids=["elements", "text"])
def test_a_page_of_too_much_is_not_read(flood: str) -> None:
    """It is no empty page either, which a later look at an article would take for a takedown."""
    verdict = read_page(make_page(f"<article><h1>Harbor reopens</h1>{paragraphs()}</article>{flood}"))
    assert isinstance(verdict, Verdict)
    assert verdict.reason == Reason.TOO_LARGE
