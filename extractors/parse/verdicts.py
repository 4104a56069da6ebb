"""A page that was read -> whether it is an article, and if not, what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extractors.errors import Reason
from extractors.normalize.texts import squeezed
from extractors.outlets import Outlet
from extractors.parse.elements import folded
from extractors.parse.hubs import hub_found
from extractors.parse.inventory import Inventory
from extractors.parse.json_ld import LISTING_TYPES, JsonLd
from extractors.parse.live_blogs import is_live_blog
from extractors.parse.metadata import Metadata

STUB_CHARS = 700
"""A paywalled page with less text than this shows a stub."""

NOTICE_CHARS = 1_500
"""A consent wall or a gatekeeper's page has no more text than this."""

ERROR_CHARS = 800
"""An error page has no more text than this, suggestions included."""

VIDEO_CHARS = 350
"""A page that calls itself a video has no more text than this beside it."""

CAPTION_CHARS = 3_000
"""A gallery's captions have no more text than this; a longer text is not looked through for them."""

NOT_FOUND = re.compile(
    r"^\W*(?:error\s*)?(?:404|410)\b|\b(?:404|410)\s*(?:error|not found|page)|\b(?:page|article|content|"
    r"file)s? (?:was |is |has |could |can )?"
    r"(?:not|no longer|never|been)? ?(?:be )?(?:found|available|exists?|removed|deleted)\b|^not found\b|"
    r"page (?:does not|doesn['’]t) exist|"
    r"page introuvable|seite nicht gefunden|p[áa]gina no encontrada|p[áa]gina n[ãa]o encontrada|pagina non trovata|"
    r"pagina niet gevonden|sayfa bulunamad|الصفحة (?:غير موجودة|المطلوبة)|صفحة غير موجودة|لم يتم العثور|"
    r"страница не найдена",
    re.IGNORECASE,
)
CHALLENGE = re.compile(
    r"incapsula incident|checking your browser|^just a moment\W*$|attention required! \| cloudflare|"
    r"verify (?:that )?you are (?:a )?human|"
    r"cookies are required\W*$|enable cookies (?:in|on) your browser|"
    r"^access denied\W*$|are you a robot|pardon our interruption|ddos protection by",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"\bcookies?\b|\bconsent\b|\bgdpr\b|personal(?:i[sz]ed)? (?:data|ads|advertising)|\bpartners?\b|"
    r"privacy (?:policy|settings)|"
    r"zustimm|einwillig|datenschutz|personenbezogen|consentement|donn[ée]es personnelles|traceurs|consenso|"
    r"consentimiento|"
    r"toestemming|samtykke|ملفات تعريف الارتباط|الكوكيز|سياسة الخصوصية",
    re.IGNORECASE,
)
CONSENT_TITLE = re.compile(
    r"before you continue|(?:your|cookie|privacy|data) (?:consent|choices|settings|preferences|wall)|"
    r"we value your privacy|"
    r"consent (?:required|needed|form|management)|cookie[- ]?(?:consent|hinweis|banner|policy)|zustimmung|"
    r"einwilligung|pur-abo|"
    r"votre vie priv[ée]e|bevor (?:sie|du) fort|موافقة",
    re.IGNORECASE,
)
SUBSCRIBE = re.compile(
    r"subscri(?:be|ption|bers?)|already a (?:subscriber|member)|(?:log|sign) in to (?:continue|read)|"
    r"to (?:continue|keep) reading|"
    r"unlock (?:this|the|full)|register to (?:read|continue)|r[ée]serv[ée] aux abonn[ée]s|abonnez-vous|"
    r"d[ée]j[àa] abonn[ée]|"
    r"weiterlesen|jetzt abonnieren|suscr[íi]b|abbonati|assinante|abonneren|للمشتركين|اشترك (?:الآن|لقراءة)|"
    r"لمتابعة القراءة",
    re.IGNORECASE,
)
LOGIN = re.compile(
    r"^\W*(?:(?:please )?(?:log|sign)[ -]?in\b|login\b|member login|se connecter|connexion\b|identifiez-vous|anmeld|"
    r"einloggen|iniciar sesi[óo]n|accedi\b|inloggen|giri[şs] yap|تسجيل الدخول|войти|вход\b)",
    re.IGNORECASE,
)
REFRESH = re.compile(r"^\s*(?P<seconds>\d{1,6})(?:\.\d*)?\s*[;,]\s*url\s*=", re.IGNORECASE)
LONGEST_REFRESH_SECONDS = 10
SCRIPT_NEEDED = re.compile(
    r"(?:enable|requires?|need|turn on|activate|without) (?:to enable )?java ?script|"
    r"javascript (?:is )?(?:disabled|required|must be)|"
    r"activer javascript|javascript aktivieren|habilit\w+ javascript|تفعيل (?:ال)?جافا ?سكريبت",
    re.IGNORECASE,
)
APP_ROOTS = frozenset({"root", "app", "__next", "__nuxt", "app-root", "main-app", "application"})

TEASER_CHARS = 600
MANY_PIECES = 200
TEASER_SHARE = 0.6
DECLARED_SHARE = 0.3
PAIR = 2
PAIR_SHARE = 0.9
"""How much of a text stands in teasers on a listing page: usually, where it says what it is, and of two teasers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a verdict rests on."""

    tree: HtmlElement
    page: Inventory
    url: str
    title: str
    lines: Sequence[str]
    json_ld: JsonLd
    metadata: Metadata
    outlet: Outlet
    has_layout: bool
    has_entries: bool
    is_free: bool

    @property
    def text_chars(self) -> int:
        """Length of the text that was found."""
        return sum(map(len, self.lines))


def verdict_on(seen: Evidence) -> tuple[Reason, str] | None:
    """Judge a page.

    Returns:
        ``None`` for an article; else why it is none, and what was seen.
    """
    for judge in (
        challenge,
        soft_404,
        consent_wall,
        live_blog,
        login_form,
        paywall_stub,
        script_only,
        moved_page,
        listing_page,
        hub_page,
        without_text,
        video_page,
        too_short,
    ):
        detail = judge(seen)
        if detail is not None:
            return JUDGED_AS[judge.__name__], detail
    return None


JUDGED_AS = {
    "challenge": Reason.CHALLENGE,
    "soft_404": Reason.SOFT_404,
    "consent_wall": Reason.CONSENT_WALL,
    "live_blog": Reason.LIVE_BLOG_SHELL,
    "login_form": Reason.PAYWALL_STUB,
    "paywall_stub": Reason.PAYWALL_STUB,
    "script_only": Reason.SCRIPT_ONLY,
    "moved_page": Reason.EMPTY,
    "listing_page": Reason.LISTING_PAGE,
    "hub_page": Reason.LISTING_PAGE,
    "without_text": Reason.EMPTY,
    "video_page": Reason.EMPTY,
    "too_short": Reason.TOO_SHORT,
}


def challenge(seen: Evidence) -> str | None:
    """A page of a gatekeeper that wants to see a browser at work; archives hold them with status 200."""
    if seen.text_chars > NOTICE_CHARS or seen.json_ld.article:
        return None
    texts = (seen.metadata.html_title, *seen.lines)
    return next((text[:200] for text in texts if CHALLENGE.search(text)), None)


def soft_404(seen: Evidence) -> str | None:
    """A page that says that there is no page, with a status that says otherwise."""
    if seen.text_chars > ERROR_CHARS or seen.json_ld.article:
        return None
    for heading in (seen.title, seen.metadata.html_title, *seen.metadata.headings):
        if NOT_FOUND.search(heading) and len(heading) < 120:
            return f"headed {heading!r}"
    return None


def consent_wall(seen: Evidence) -> str | None:
    """A page that asks for consent and shows nothing before it is given."""
    host = urlsplit(seen.url).hostname or ""
    if host.startswith(("consent.", "privacy.", "cmp.", "zustimmung.")):
        return f"served by {host}"
    if seen.text_chars > NOTICE_CHARS * 2 or seen.json_ld.article:
        return None
    asking = sum(len(line) for line in seen.lines if CONSENT.search(line))
    titles = (seen.title, seen.metadata.html_title)
    if any(CONSENT_TITLE.search(title) for title in titles) and asking * 3 >= seen.text_chars:
        return f"headed {seen.title or seen.metadata.html_title!r}"
    if len(seen.lines) > 1 and asking * 10 >= seen.text_chars * 7 and seen.text_chars > 0:
        return f"{asking} of {seen.text_chars} characters ask for consent"
    return None


def live_blog(seen: Evidence) -> str | None:
    """A page of running updates, of which the markup shows no lasting text."""
    if not is_live_blog(seen.json_ld) or seen.has_layout or seen.has_entries:
        return None
    return "a LiveBlogPosting without entries"


def login_form(seen: Evidence) -> str | None:
    """A page that asks for a name and a password in place of the article."""
    if seen.has_layout or seen.text_chars > STUB_CHARS or seen.json_ld.article:
        return None
    heading = next((text for text in (seen.title, seen.metadata.html_title) if LOGIN.search(text)), None)
    has_field = any((field.get("type") or "").lower() == "password" for field in seen.page.named("input"))
    return f"headed {heading!r}, with a field for a password" if heading and has_field else None


def moved_page(seen: Evidence) -> str | None:
    """A page that holds nothing but the way to another, which browsers take at once."""
    if seen.has_layout or seen.text_chars > STUB_CHARS or seen.json_ld.article:
        return None
    for element in seen.page.named("meta"):
        found = REFRESH.match(element.get("content") or "")
        is_refresh = (element.get("http-equiv") or "").lower() == "refresh"
        if is_refresh and found and int(found["seconds"]) <= LONGEST_REFRESH_SECONDS:
            return f"a refresh to another page: {(element.get('content') or '')[:200]}"
    return None


def paywall_stub(seen: Evidence) -> str | None:
    """A page that shows a first paragraph and asks for a subscription."""
    if seen.text_chars >= STUB_CHARS:
        return None
    asks = next((line for line in page_texts(seen.page) if SUBSCRIBE.search(line) and len(line) < 300), None)
    cut_off = bool(seen.lines) and seen.lines[-1].rstrip().endswith(("…", "...", "[…]"))
    if not seen.is_free and (asks or cut_off or seen.text_chars < STUB_CHARS // 2):
        return f"{seen.text_chars} characters of an article that is not free"
    return None


def script_only(seen: Evidence) -> str | None:
    """A page whose text comes by script."""
    if seen.text_chars > 200:
        return None
    needs = next((line for line in page_texts(seen.page) if SCRIPT_NEEDED.search(line)), None)
    if needs:
        return needs[:200]
    for element in seen.tree.iterfind(".//body//div[@id]"):
        if element.get("id", "").lower() in APP_ROOTS and not folded("".join(element.itertext())):
            return f"an empty element #{element.get('id')}"
    return None


def listing_page(seen: Evidence) -> str | None:
    """A page that leads to articles and is none: most of its text stands in teasers."""
    if seen.has_layout:
        return None
    parts = urlsplit(seen.url)
    if not parts.path.strip("/") and not parts.query and not seen.json_ld.article:
        return "a front page"
    units = teaser_units(seen.page)
    if not seen.text_chars:
        return f"{len(units)} teasers and no text" if len(units) > PAIR else None
    share = share_in(units, seen.lines) if len(units) > 1 else 0.0
    is_declared = bool(seen.json_ld.types & LISTING_TYPES) and not seen.json_ld.article
    if is_declared and len(units) > PAIR and chars_in(units) > seen.text_chars:
        return f"a page that calls itself a list, {len(units)} teasers with more text than the rest"
    enough = DECLARED_SHARE if is_declared else (TEASER_SHARE if len(units) > PAIR else PAIR_SHARE)
    if share >= enough:
        return f"{len(units)} teasers hold {share:.0%} of the text"
    return None


def hub_page(seen: Evidence) -> str | None:
    """A page that leads to articles and does not say what it is; one that is an article by its markup is not asked."""
    if seen.has_layout or seen.json_ld.article or seen.metadata.first("article:published_time"):
        return None
    return hub_found(seen.tree, seen.url, seen.metadata, seen.lines)


def teaser_units(page: Inventory) -> list[HtmlElement]:
    """Blocks that hold the linked headline of another page with little else beside it."""
    units: dict[HtmlElement, None] = {}
    too_large: set[HtmlElement] = set()
    for heading in chain.from_iterable(map(page.named, ("h2", "h3", "h4"))):
        outer = heading.getparent()
        is_linked = any(link.get("href") is not None for link in heading.iter("a"))
        if (not is_linked and (outer is None or outer.tag != "a")) or is_long(heading):
            continue  # a heading with a page in it, as headings in headings are that nobody closed, is none
        unit = heading
        for ancestor in islice(heading.iterancestors(), 4):
            if ancestor in too_large:
                break
            if len(list(islice(ancestor.iter("h1", "h2", "h3", "h4"), 2))) > 1 or is_long(ancestor):
                too_large.add(ancestor)
                break
            unit = ancestor
        units[unit] = None
    return list(units)


def chars_in(units: Sequence[HtmlElement]) -> int:
    """Length of the text inside some elements."""
    return sum(len(folded("".join(unit.itertext()))) for unit in units)


def is_long(element: HtmlElement) -> bool:
    """Whether an element holds more text than a teaser does."""
    pieces = list(islice(element.itertext(), MANY_PIECES))
    if len(folded("".join(pieces))) > TEASER_CHARS:
        return True  # without what else the element holds, which may be the page
    return len(pieces) == MANY_PIECES and len(folded("".join(element.itertext()))) > TEASER_CHARS


def share_in(units: Sequence[HtmlElement], lines: Sequence[str]) -> float:
    """How much of a text stands inside some elements."""
    texts = squeezed(" ".join(" ".join(unit.itertext()) for unit in units))
    inside = sum(len(line) for line in lines if squeezed(line) in texts)
    return inside / (sum(map(len, lines)) or 1)


def without_text(seen: Evidence) -> str | None:
    """A page in which no text was found but a gallery's captions, or no headline."""
    if seen.text_chars == 0:
        return "no text was found"
    if not seen.title:
        return "no headline was found"
    if seen.text_chars < CAPTION_CHARS and not without_captions(seen):
        return "no text was found but captions"
    return None


def video_page(seen: Evidence) -> str | None:
    """A page that calls itself a video, with the words that tell what is to be seen in it."""
    if seen.has_layout or seen.text_chars > VIDEO_CHARS or seen.json_ld.article:
        return None
    if "VideoObject" in seen.json_ld.types or (seen.metadata.first("og:type") or "").startswith("video"):
        return f"a video with {seen.text_chars} characters beside it"
    return None


def without_captions(seen: Evidence) -> str:
    """What is left of the text, squeezed, without the title, captions and links such as "Skip to main content"."""
    beside = [seen.title, *("".join(caption.itertext()) for caption in seen.page.named("figcaption"))]
    beside += ["".join(link.itertext()) for link in seen.page.named("a") if is_in_page(link)]
    left = squeezed(" ".join(seen.lines))
    for text in sorted({squeezed(text) for text in beside if squeezed(text)}, key=len, reverse=True):
        left = left.replace(text, "")
    return left


def is_in_page(link: HtmlElement) -> bool:
    """Whether a link leads to another place of its page."""
    return (link.get("href") or "").startswith("#")


def too_short(seen: Evidence) -> str | None:
    """A text shorter than the outlet's articles are, where its file says how long these are at least."""
    fewest = seen.outlet.text.min_chars
    return f"{seen.text_chars} characters" if fewest is not None and seen.text_chars < fewest else None


def page_texts(page: Inventory) -> list[str]:
    """Every short text node of the page's body, ``noscript`` included, scripts and styles left out."""
    unread = {"script", "style", "template"}
    nodes = (node for node in page.elements if node.tag not in unread)
    return [text for text in (folded(node.text) for node in nodes) if text]
