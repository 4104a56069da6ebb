from __future__ import annotations

import pytest
from quality.made_pages import PARAGRAPHS, make_capture, make_outlet, make_page, paragraphs, read_page

from extractors.errors import Reason
from extractors.parse.page import Verdict
from extractors.records import Article

TEASERS = "".join(
    f"<article class='teaser'><h2><a href='/news/story-{n}'>Headline number {n} of the day</a></h2>"
    f"<p>What happened in place {n}, told in a sentence of some length so that it reads like a text.</p></article>"
    for n in range(8)
)
LD = "<script type='application/ld+json'>{}</script>"
NOT_FREE = LD.format('{"@type":"NewsArticle","headline":"Inside the command","isAccessibleForFree":false}')
LIVE = LD.format('{"@type":"LiveBlogPosting","headline":"Live: the vote","liveBlogUpdate":[]}')
OFFER = "<div class='offer'><h2>Subscribe to read the full story</h2><p>Already a subscriber? Sign in.</p></div>"


def article(title: str, body: str, *, head: str = "") -> str:
    """A page with one article."""
    return make_page(f"<article><h1>{title}</h1>{body}</article>", head=head, title=title)


CONSENT = (
    "<h1>Before you continue</h1><p>We and our 842 partners store cookies on your device to show personalized ads.</p>"
    "<p>You can change your consent at any time in the privacy settings.</p><button>Accept all</button>"
)
CONSENT_DE = (
    "<h1>Willkommen</h1><p>Mit Ihrer Zustimmung verarbeiten wir und unsere Partner personenbezogene Daten.</p>"
    "<p>Ihre Einwilligung können Sie jederzeit in den Datenschutz-Einstellungen widerrufen.</p>"
)
MISSING = "<h1>Page not found</h1><p>The page that you asked for could not be found.</p>"
MISSING_AR = "<h1>الصفحة غير موجودة</h1><p>عذراً، تعذر العثور على ما تبحث عنه.</p>"
SCRIPT = "<div id='root'></div><noscript>Please enable JavaScript to run this app.</noscript>"
STUB = f"<p>The photograph shows eleven men on a staircase.</p>{OFFER}"
GALLERY = "<a href='#main'>Skip to content</a>" + "".join(
    f"<figure><img src='/{n}.jpg'><figcaption>Almond trees above village {n} [Archive]</figcaption></figure>"
    for n in range(6)
)

NO_ARTICLES = {
    "soft 404": (make_page(MISSING, title="404 | Gazette"), Reason.SOFT_404),
    "soft 404, Arabic": (make_page(MISSING_AR, title="خطأ", lang="ar"), Reason.SOFT_404),
    "consent wall": (make_page(CONSENT, title="Your privacy choices"), Reason.CONSENT_WALL),
    "consent wall, German": (make_page(CONSENT_DE, title="Zustimmung erforderlich", lang="de"), Reason.CONSENT_WALL),
    "live blog shell": (article("Live: the vote", "<div>Loading updates</div>", head=LIVE), Reason.LIVE_BLOG_SHELL),
    "paywall stub": (article("Inside the command", STUB, head=NOT_FREE), Reason.PAYWALL_STUB),
    "script only": (make_page(SCRIPT, title="Gazette"), Reason.SCRIPT_ONLY),
    "listing": (make_page(f"<h1>Truce in Maran: all our coverage</h1>{TEASERS}", title="Truce"), Reason.LISTING_PAGE),
    "challenge": (make_page("<p>Checking your browser first.</p>", title="Just a moment..."), Reason.CHALLENGE),
    "gallery without text": (article("In pictures: blossom", GALLERY), Reason.EMPTY),
    "no text": (make_page("<h1>Harbor</h1>"), Reason.EMPTY),
    "nothing": ("<!-- -->", Reason.EMPTY),
}


@pytest.mark.parametrize(("page", "reason"), NO_ARTICLES.values(), ids=NO_ARTICLES)
def test_pages_that_are_no_article(page: str, reason: Reason) -> None:
    """Each gets its own verdict, with what was seen."""
    found = read_page(page)
    assert isinstance(found, Verdict), found
    assert found.reason == reason
    assert found.detail


RELATED = f"<section><h2>More on the harbor</h2>{TEASERS}</section>"
COOKIES = "A court said that consent to cookies must be asked for first, and that partners must be named."
ARTICLES = {
    "three sentences": article("Mine kills shepherd", "<p>A mine killed a shepherd.</p><p>His son was wounded.</p>"),
    "about cookies": article("Regulator fines site over cookies", paragraphs(COOKIES, *PARAGRAPHS)),
    "about a missing page": article("Page not found in archive of the king's diary", paragraphs(*PARAGRAPHS * 3)),
    "with related teasers": article("Harbor reopens", paragraphs() + RELATED),
    "not free but whole": article("Inside the command", paragraphs(*PARAGRAPHS * 2) + OFFER, head=NOT_FREE),
    "with a noscript warning": article("Harbor reopens", paragraphs() + "<noscript>Enable JavaScript.</noscript>"),
}


@pytest.mark.parametrize("page", ARTICLES.values(), ids=ARTICLES)
def test_pages_that_are_articles(page: str) -> None:
    """Short ones, ones about cookies or missing pages, ones beside which other headlines stand."""
    assert isinstance(read_page(page), Article)


def test_an_article_behind_a_paywall_is_marked() -> None:
    """``is_free`` is what the markup says."""
    found = read_page(ARTICLES["not free but whole"])
    assert isinstance(found, Article)
    assert not found.is_free


def test_a_front_page_is_a_listing() -> None:
    """Whatever stands on it."""
    found = read_page(make_page(), capture=make_capture("https://www.gazette.example/"))
    assert isinstance(found, Verdict)
    assert found.reason == Reason.LISTING_PAGE


@pytest.mark.parametrize(("fewest", "is_short"), [(None, False), (0, False), (100, True)])
def test_too_short_is_what_the_outlet_says(fewest: int | None, is_short: bool) -> None:
    """There is no minimum of our own: bulletins of three sentences are articles."""
    outlet = make_outlet(text={} if fewest is None else {"min_chars": fewest})
    found = read_page(ARTICLES["three sentences"], outlet=outlet)
    assert isinstance(found, Verdict) == is_short
