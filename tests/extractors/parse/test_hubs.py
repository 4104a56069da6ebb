from __future__ import annotations

from dataclasses import dataclass

import pytest
from quality.made_pages import PARAGRAPHS, make_capture, make_page, paragraphs, read_page

from extractors.errors import Reason
from extractors.parse.page import Verdict
from extractors.records import Article

EVENTS = (
    ("Grain ships leave Port Amal after eleven weeks", "Two ships sailed at dawn, and insurers say that more follow."),
    ("Council of Maran votes on the new water tariff", "Households would pay a third more; farmers are to be spared."),
    ("Teachers in the north end their strike", "They accept a rise of nine percent and go back on Sunday."),
    ("A museum reopens with what was hidden in cellars", "Forty statues had stood behind a false wall since the war."),
    ("Almond harvest falls to half of last year", "Growers blame a late frost and the price of diesel."),
    ("Court hears the case of the sunken ferry", "The captain said that nobody had shown him the new charts."),
    ("Border crossing opens for trucks on weekdays", "Drivers had waited up to nine days on the coastal road."),
    ("Power returns to the old town after the storm", "Engineers replaced two transformers in the night."),
    ("Fishermen ask for a map of the mines", "Four boats were lost in the bay within three months."),
)
EVENTS_AR = (
    (
        "سفن الحبوب تغادر ميناء أمل بعد أحد عشر أسبوعاً",
        "أبحرت سفينتان عند الفجر، وتقول شركات التأمين إن غيرهما سيتبعهما.",
    ),
    ("مجلس ماران يصوت على التعرفة الجديدة للمياه", "ستدفع الأسر ثلثاً أكثر، أما المزارعون فمستثنون من الزيادة."),
    ("معلمو الشمال ينهون إضرابهم", "قبلوا زيادة قدرها تسعة في المئة، ويعودون إلى الصفوف يوم الأحد."),
    ("متحف يفتح أبوابه بما خبأته الأقبية", "أربعون تمثالاً وقفت خلف جدار زائف منذ اندلاع الحرب."),
    ("محصول اللوز يهبط إلى نصف العام الماضي", "يلوم المزارعون صقيعاً متأخراً وغلاء المازوت."),
    ("المحكمة تنظر في قضية العبارة الغارقة", "قال القبطان إن أحداً لم يطلعه على الخرائط الجديدة."),
    ("المعبر الحدودي يفتح للشاحنات في أيام العمل", "انتظر السائقون حتى تسعة أيام على الطريق الساحلي."),
    ("الكهرباء تعود إلى البلدة القديمة بعد العاصفة", "استبدل المهندسون محولين خلال ساعات الليل."),
)
BIOGRAPHY = (
    "Lamia Haddad has covered the harbor and its unions for the Gazette since 2011. Before that she reported from the "
    "north for two magazines and taught at the school of journalism in Maran, where she was born. She writes a letter "
    "on shipping every Friday and has been given the prize of the press club twice."
)
BIOGRAPHY_AR = (
    "تغطي لمياء حداد أخبار الميناء ونقاباته للجريدة منذ عام 2011. راسلت قبل ذلك مجلتين من الشمال ودرّست في معهد "
    "الصحافة في ماران حيث ولدت. تكتب كل جمعة رسالة عن الملاحة، ونالت جائزة نادي الصحافة مرتين."
)
OPENING = (
    "Whoever came to the quay that morning had heard of it, and most had an opinion on case {n}. The women "
    "at the bread cart counted {n} baskets before noon; the pilot, who had slept there, counted none. Of the tugs "
    "number {n} alone had steam up. By evening {n} people had signed the letter that a clerk had laid out on a barrel, "
    "and he promised all {n} of them to carry it to the council himself, on foot, along the shore road, since the "
    "bridge at kilometer {n} was still closed and nobody knew when somebody would come to mend it before the rains."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A page with the address at which it stands."""

    path: str
    page: str

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"https://www.gazette.example{self.path}"


def each(shape: str, events: tuple[tuple[str, str], ...] = EVENTS) -> str:
    """One piece of markup for each event: ``{n}``, ``{title}``, ``{text}``."""
    return "".join(shape.format(n=n, title=title, text=text) for n, (title, text) in enumerate(events, 101))


def hub(path: str, main: str, *, title: str = "Harbor", lang: str = "en", head: str = "") -> Hub:
    """A hub page."""
    return Hub(path=path, page=make_page(main, title=title, lang=lang, head=head))


CARD = '<div class="card"><h3><a href="/news/{n}/story">{title}</a></h3><p>{text}</p></div>'
BARE_CARD = (
    '<div class="item"><a href="/news/{n}/story"><img src="/{n}.jpg" alt=""></a><div class="box">'
    '<div class="name"><a href="/news/{n}/story">{title}</a></div><div class="lead">{text}</div></div></div>'
)
ONE_LINK = '<a class="tile" href="/news/{n}/story"><strong>{title}</strong><span>{text}</span></a>'
ROW = '<tr><td><b><a href="/story.php?id={n}">{title}</a></b><br>{text} <a href="/story.php?id={n}">more</a></td></tr>'
RESULT = '<dt><a href="/news/{n}/story">{title}</a></dt><dd>{text}</dd>'
RESULT_ITEM = '<li><a href="/news/{n}/story">{title}</a><p>… {text} …</p><cite>www.gazette.example/news/{n}</cite></li>'
TICK = '<li><time>12:{n}</time> <a href="/news/{n}/story">{title}</a></li>'
TICK_TEXT = '<div class="tick"><span>12:{n}</span><p><a href="/news/{n}/story">{title}.</a> {text}</p></div>'
BLOG = (
    '<article><h2><a href="/2026/{n}/post">{title}</a></h2><p class="meta">By Lamia Haddad</p>'
    f'<p>{{text}} {OPENING}</p><p><a href="/2026/{{n}}/post">Continue reading</a></p></article>'
)
APART = (
    '<div class="r"><div class="c1"><a href="/news/{n}/story">{title}</a></div>'
    '<div class="c2"><div><p>{text}</p></div></div></div>'
)

HUBS = {
    "section front, cards": hub("/politics/", f"<h1>Politics</h1>{each(CARD)}", title="Politics | Gazette"),
    "section front, cards without headings": hub("/politics/", f"<h1>Politics</h1>{each(BARE_CARD)}", title="Politics"),
    "section front, each card one link": hub("/world", f"<h1>World</h1>{each(ONE_LINK)}", title="World news"),
    "section front, an old table": hub("/list.php?cat=4", f"<table>{each(ROW)}</table>", title="News from the harbor"),
    "section front, columns": hub("/economy/", f"<h1>Economy</h1>{each(APART)}", title="Economy"),
    "section front, Arabic": hub("/سياسة/", f"<h1>سياسة</h1>{each(CARD, EVENTS_AR)}", title="سياسة", lang="ar"),
    "section front, Arabic, without headings": hub(
        "/politics/", f"<h1>سياسة</h1>{each(BARE_CARD, EVENTS_AR)}", title="سياسة", lang="ar"
    ),
    "section front, Arabic, each card one link": hub(
        "/politics/", f"<h1>سياسة</h1>{each(ONE_LINK, EVENTS_AR)}", title="سياسة", lang="ar"
    ),
    "tag page with an introduction": hub(
        "/tag/harbor/",
        f"<h1>Port Amal</h1><p>Everything that the Gazette has written about the harbor, its workers and its ships.</p>"
        f"{each(BARE_CARD)}",
        title="Port Amal",
    ),
    "tag page, Arabic": hub(
        "/tag/الميناء/", f"<h1>الميناء</h1><ul>{each(TICK, EVENTS_AR)}</ul>", title="الميناء", lang="ar"
    ),
    "author page": hub(
        "/author/lamia-haddad/", f"<h1>Lamia Haddad</h1><p>{BIOGRAPHY}</p>{each(CARD)}", title="Lamia Haddad"
    ),
    "author page without headings": hub(
        "/contributors/lamia-haddad", f"<h1>Lamia Haddad</h1><p>{BIOGRAPHY}</p>{each(BARE_CARD)}", title="Lamia Haddad"
    ),
    "author page, Arabic": hub(
        "/author/lamia/",
        f"<h1>لمياء حداد</h1><p>{BIOGRAPHY_AR}</p>{each(CARD, EVENTS_AR)}",
        title="لمياء حداد",
        lang="ar",
    ),
    "search results, a definition list": hub(
        "/search?q=harbor", f"<h1>9 results for “harbor”</h1><dl>{each(RESULT)}</dl>", title="Search: harbor"
    ),
    "search results with what was found": hub(
        "/?s=harbor", f"<h2>Search results</h2><ol>{each(RESULT_ITEM)}</ol>", title="You searched for harbor"
    ),
    "search results, Arabic": hub(
        "/?s=ميناء", f"<h1>نتائج البحث عن ميناء</h1><dl>{each(RESULT, EVENTS_AR)}</dl>", title="نتائج البحث", lang="ar"
    ),
    "live ticker": hub("/latest/", f"<h1>Latest news</h1><ul>{each(TICK)}</ul>", title="Latest news"),
    "live ticker with sentences": hub("/ticker", f"<h1>Ticker</h1>{each(TICK_TEXT)}", title="Ticker"),
    "live ticker, Arabic": hub("/urgent/", f"<h1>عاجل</h1>{each(TICK_TEXT, EVENTS_AR)}", title="عاجل", lang="ar"),
    "a weblog's posts with their beginnings": hub(
        "/blog/", f"<h1>Harbor blog</h1>{each(BLOG, EVENTS[:5])}", title="Harbor blog"
    ),
}


@pytest.mark.parametrize("page", HUBS.values(), ids=HUBS)
def test_a_hub_is_a_listing_page(page: Hub) -> None:
    """Whatever elements its headlines stand in, and without a word of structured data."""
    found = read_page(page.page, capture=make_capture(page.url))
    assert isinstance(found, Verdict), found
    assert found.reason == Reason.LISTING_PAGE
    assert found.detail


RELATED = f'<section class="more"><h2>More news</h2>{each(CARD)}</section>'
READ_ALSO = tuple(
    f'<p>{line}</p><p>Read also: <a href="/news/{n}/story">{title}</a></p>'
    for n, (line, (title, _)) in enumerate(zip(PARAGRAPHS * 2, EVENTS, strict=False))
)
LINKED = tuple(
    f'<p><a href="/news/{n}/story">{line[:30]}</a>{line[30:]} <a href="/topic/{n}">Port</a></p>'
    for n, line in enumerate(PARAGRAPHS)
)
TIPS = "".join(
    f'<h2><a href="https://www.shop.example/{n}">Lamp number {n} for dark cellars</a></h2><p>{line} {PARAGRAPHS[0]}</p>'
    for n, line in enumerate(PARAGRAPHS * 2)
)
BULLETIN = f"<h1>Mine kills shepherd near Maran</h1>{paragraphs(*PARAGRAPHS[:2])}"
CASUALTIES = (
    "<ul>" + "".join(f"<li>{n} fighters of the brigade of the village of Deir {n}</li>" for n in range(9)) + "</ul>"
)
BULLETIN_AR = "<h1>لغم يقتل راعياً قرب ماران</h1>" + paragraphs(
    "قتل راع بانفجار لغم صباح الخميس في قرية قريبة من ماران بينما كان يرعى أغنامه على سفح الوادي.",
    "أصيب ابنه بجروح بالغة ونقل إلى المشفى العسكري في المدينة، وفق ما قال شاهدان من أهل القرية.",
)

NO_HUBS = {
    "a bulletin above cards": BULLETIN + RELATED,
    "a bulletin above cards without headings": BULLETIN + each(BARE_CARD),
    "a bulletin beside a ticker": BULLETIN + f"<ul>{each(TICK)}</ul>",
    "an Arabic bulletin above cards": f"<article>{BULLETIN_AR}</article>{each(CARD, EVENTS_AR)}",
    "links to others between paragraphs": f"<h1>Harbor reopens after eleven weeks</h1>{''.join(READ_ALSO)}",
    "paragraphs that begin with a link": f"<h1>Harbor reopens after eleven weeks</h1>{''.join(LINKED)}",
    "linked things of other sites": f"<h1>Eight lamps for dark cellars</h1>{TIPS}",
    "a list of what happened": f"<h1>Twelve days of shelling</h1><p>{PARAGRAPHS[0]}</p>{CASUALTIES}",
    "an article in an article element, a linked heading in it": (
        f'<article><h1>Harbor reopens</h1>{paragraphs()}<h3><a href="/news/9/story">{EVENTS[0][0]}</a></h3></article>'
        f"{RELATED}"
    ),
}


@pytest.mark.parametrize("main", NO_HUBS.values(), ids=NO_HUBS)
@pytest.mark.parametrize("path", ["/news/harbor-reopens", "/?p=4711", "/en/310311/"])
def test_an_article_beside_links_is_none(main: str, path: str) -> None:
    """Short ones above many teasers, and ones that lead to others in their text."""
    capture = make_capture(f"https://www.gazette.example{path}")
    assert isinstance(read_page(make_page(main, title="Harbor reopens"), capture=capture), Article)


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2026-03-19T08:00:00Z">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The week in nine stories"}</script>',
    ],
)
def test_a_digest_that_says_it_is_an_article_is_one(head: str) -> None:
    """Of a page that declares an article only its own kind of teasers is believed."""
    page = make_page(f"<h1>The week in nine stories</h1>{each(TICK_TEXT)}", title="The week", head=head)
    assert isinstance(read_page(page), Article)


def test_a_page_of_very_many_links_is_read_in_time() -> None:
    """Links, blocks and blocks in blocks by the ten thousand are looked at once each, or not at all."""
    links = "".join(f'<a href="/news/{n}/story">Headline of the story number {n}</a> ' for n in range(20_000))
    deep = "<div>" * 90 + "<p>" + links + "</p>" + "</div>" * 90
    assert isinstance(read_page(make_page(f"<h1>Everything</h1>{deep}", title="Everything")), Verdict)


@pytest.mark.parametrize("tag", ["li", "h2", "article", "td"])
def test_blocks_in_blocks_are_read_in_time(tag: str) -> None:
    """Found by damaging pages: each link stands in a block that holds all that follow; this hangs without a bound."""
    nested = "".join(
        f'<{tag}><a href="/news/{n}/story">Headline of the story number {n}</a> {PARAGRAPHS[n % 4]}'
        for n in range(1_200)
    )
    read_page(make_page(f"<h1>Everything</h1>{nested}", title="Everything"))
