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

SHORT_AR = "<p>وصل الوفد إلى المدينة مساء أمس.</p>"
NOT_FREE_DE = LD.format(
    '{"@type":"NewsArticle","headline":"Im Hafen",'
    '"hasPart":{"isAccessibleForFree":false},"isAccessibleForFree":"False"}'
)
TIER = "<meta property='article:content_tier' content='locked'>"
CARDS = "".join(
    f"<li class='card'><a href='/haber/{n}'><h3>Limandan {n}. gemi bugün ayrıldı</h3></a>"
    f"<span>Gemi, {n} saat bekledikten sonra kılavuz kaptanla birlikte limandan ayrıldı.</span></li>"
    for n in range(9)
)
ROWS = "".join(
    f"<div class='row'><h4><a href='/أخبار/{n}'>العنوان رقم {n} من عناوين هذا اليوم</a></h4>"
    f"<div>ما حدث في المكان رقم {n} كما رواه شهود حضروا وكتبوا عنه جملة طويلة بعض الشيء.</div></div>"
    for n in range(7)
)
DECLARED_LISTING = LD.format('{"@type":"CollectionPage","name":"Harbor"}')
PASSWORD = "<form><input name='user'><input type='password' name='secret'><button>{}</button></form>"
VIDEO = LD.format(
    '{"@type":"VideoObject","name":"Harbor from the air","contentUrl":"https://www.gazette.example/v.mp4"}'
)
OG_VIDEO = "<meta property='og:type' content='video.other'>"
PICTURES = "<ul>" + "".join(f"<li><img src='/{n}.jpg' alt='Almond trees'></li>" for n in range(8)) + "</ul>"

NO_ARTICLES = {
    "soft 404": (make_page(MISSING, title="404 | Gazette"), Reason.SOFT_404),
    "soft 404, Arabic": (make_page(MISSING_AR, title="خطأ", lang="ar"), Reason.SOFT_404),
    "soft 404, Turkish": (
        make_page("<h2>Sayfa bulunamadı</h2><p>Aradığınız sayfa taşındı.</p>", title="Sayfa bulunamadı", lang="tr"),
        Reason.SOFT_404,
    ),
    "soft 404, French, with teasers": (
        make_page(
            f"<h1>Page introuvable</h1><p>La page a été déplacée.</p>{TEASERS[:600]}",
            title="Page introuvable",
            lang="fr",
        ),
        Reason.SOFT_404,
    ),
    "soft 404, German, by its title": (
        make_page("<p>Leider gibt es hier nichts zu sehen.</p>", title="Seite nicht gefunden", lang="de"),
        Reason.SOFT_404,
    ),
    "consent wall": (make_page(CONSENT, title="Your privacy choices"), Reason.CONSENT_WALL),
    "consent wall, German": (make_page(CONSENT_DE, title="Zustimmung erforderlich", lang="de"), Reason.CONSENT_WALL),
    "consent wall, French": (
        make_page(
            "<h1>Votre vie privée</h1><p>Avec votre consentement, nos partenaires et nous utilisons des traceurs.</p>"
            "<p>Vos données personnelles servent à la mesure d'audience.</p>",
            title="Votre vie privée",
            lang="fr",
        ),
        Reason.CONSENT_WALL,
    ),
    "consent wall, Arabic": (
        make_page(
            "<h1>موافقة على ملفات تعريف الارتباط</h1>"
            "<p>نستخدم مع شركائنا ملفات تعريف الارتباط لعرض إعلانات تناسبك.</p><p>راجع سياسة الخصوصية في أي وقت.</p>",
            title="موافقة",
            lang="ar",
        ),
        Reason.CONSENT_WALL,
    ),
    "live blog shell": (article("Live: the vote", "<div>Loading updates</div>", head=LIVE), Reason.LIVE_BLOG_SHELL),
    "live blog shell with a status": (
        article("Live: the count", "<p>Updates appear here as they come in.</p>", head=LIVE),
        Reason.LIVE_BLOG_SHELL,
    ),
    "live blog shell, Arabic": (
        make_page(
            "<main><h1>لحظة بلحظة: فرز الأصوات</h1><p>جارٍ تحميل التحديثات</p></main>",
            head=LD.format('{"@graph":[{"@type":"LiveBlogPosting","headline":"لحظة بلحظة: فرز الأصوات"}]}'),
            title="لحظة بلحظة: فرز الأصوات",
            lang="ar",
        ),
        Reason.LIVE_BLOG_SHELL,
    ),
    "paywall stub": (article("Inside the command", STUB, head=NOT_FREE), Reason.PAYWALL_STUB),
    "paywall stub, German": (
        make_page(
            "<article><h1>Im Hafen</h1><p>Elf Wochen lang lag der Kahn im Kanal.</p>"
            "<div>Weiterlesen mit Abo. Jetzt abonnieren.</div></article>",
            head=NOT_FREE_DE,
            title="Im Hafen",
            lang="de",
        ),
        Reason.PAYWALL_STUB,
    ),
    "paywall stub by its tier, cut off": (
        article("Inside the command", "<p>The photograph shows eleven men on a …</p>", head=TIER),
        Reason.PAYWALL_STUB,
    ),
    "paywall stub, Arabic": (
        make_page(
            f"<article><h1>داخل الميناء</h1>{SHORT_AR}<p>هذا المقال للمشتركين.</p></article>",
            head=TIER,
            title="داخل الميناء",
            lang="ar",
        ),
        Reason.PAYWALL_STUB,
    ),
    "login": (
        make_page("<h1>Sign in to your account</h1>" + PASSWORD.format("Sign in"), title="Sign in"),
        Reason.PAYWALL_STUB,
    ),
    "login, Arabic": (
        make_page("<h2>تسجيل الدخول</h2>" + PASSWORD.format("دخول"), title="تسجيل الدخول", lang="ar"),
        Reason.PAYWALL_STUB,
    ),
    "login, Turkish": (
        make_page(
            "<p>Giriş yapın ve okumaya devam edin.</p>" + PASSWORD.format("Giriş"), title="Giriş yap | Liman", lang="tr"
        ),
        Reason.PAYWALL_STUB,
    ),
    "script only": (make_page(SCRIPT, title="Gazette"), Reason.SCRIPT_ONLY),
    "script only, an empty root": (make_page("<div id='__next'></div>", title="Gazette"), Reason.SCRIPT_ONLY),
    "script only, German": (
        make_page("<noscript><p>Bitte JavaScript aktivieren.</p></noscript>", title="Kurier", lang="de"),
        Reason.SCRIPT_ONLY,
    ),
    "listing": (make_page(f"<h1>Truce in Maran: all our coverage</h1>{TEASERS}", title="Truce"), Reason.LISTING_PAGE),
    "listing, Turkish cards": (
        make_page(f"<h1>Liman haberleri</h1><ul>{CARDS}</ul>", title="Liman haberleri", lang="tr"),
        Reason.LISTING_PAGE,
    ),
    "listing, Arabic rows": (
        make_page(f"<h1>أخبار الميناء</h1>{ROWS}", title="أخبار الميناء", lang="ar"),
        Reason.LISTING_PAGE,
    ),
    "listing that says so, with an introduction": (
        make_page(f"<h1>Harbor</h1>{paragraphs(PARAGRAPHS[0])}{TEASERS}", head=DECLARED_LISTING, title="Harbor"),
        Reason.LISTING_PAGE,
    ),
    "challenge": (make_page("<p>Checking your browser first.</p>", title="Just a moment..."), Reason.CHALLENGE),
    "challenge, access denied": (make_page("<p>Reference 18.2f1</p>", title="Access Denied"), Reason.CHALLENGE),
    "challenge, a question": (
        make_page("<h1>One more step</h1><p>Please verify you are human to go on.</p>", title="gazette.example"),
        Reason.CHALLENGE,
    ),
    "gallery without text": (article("In pictures: blossom", GALLERY), Reason.EMPTY),
    "gallery, a list of pictures": (article("In pictures: blossom", PICTURES), Reason.EMPTY),
    "gallery, Arabic": (
        make_page(
            "<main><h1>بالصور: زهر اللوز في الوادي</h1>"
            "<figure><img src='/1.jpg'><figcaption>شجر اللوز فوق القرية الأولى</figcaption></figure>"
            "<figure><img src='/2.jpg'><figcaption>شجر اللوز فوق القرية الثانية</figcaption></figure>"
            "</main>",
            title="بالصور: زهر اللوز في الوادي",
            lang="ar",
        ),
        Reason.EMPTY,
    ),
    "video": (
        article(
            "Harbor from the air",
            "<video src='/v.mp4'></video><p>The harbor as a drone saw it on Thursday.</p>",
            head=VIDEO,
        ),
        Reason.EMPTY,
    ),
    "video by its type": (
        article(
            "Harbor from the air",
            "<iframe src='/player'></iframe><p>Watch the first pilot boat leave.</p>",
            head=OG_VIDEO,
        ),
        Reason.EMPTY,
    ),
    "video without a word": (article("Harbor from the air", "<video src='/v.mp4'></video>"), Reason.EMPTY),
    "no text": (make_page("<h1>Harbor</h1>"), Reason.EMPTY),
    "nothing": ("<!-- -->", Reason.EMPTY),
    "the way to another page": (
        make_page(
            "<p>You are being taken to the page.</p>",
            head="<meta http-equiv='refresh' content='0; url=/new'>",
            title="Moved",
        ),
        Reason.EMPTY,
    ),
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
    "with a video": article("Harbor reopens", f"<video src='/v.mp4'></video>{paragraphs(*PARAGRAPHS)}", head=VIDEO),
    "with pictures": article("Harbor reopens", paragraphs() + GALLERY),
    "about logging in": article("Log in to your bank only at home, police say", paragraphs(*PARAGRAPHS * 2)),
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
