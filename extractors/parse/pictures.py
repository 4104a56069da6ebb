"""The lead image of a page -> its caption, and who is credited for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from extractors.normalize.agencies import agency_named
from extractors.normalize.candidates import Candidate
from extractors.normalize.texts import clean_line, squeezed
from extractors.parse.elements import text_of
from extractors.parse.json_ld import as_list, text_value
from extractors.parse.witnesses import Witnesses

MAX_FIGURES = 40
MAX_CHARS = 1_000
LONGEST_CREDIT = 150

ENDING = re.compile(r"\.\w{2,5}$")
SIZE = re.compile(r"(?:[-_@](?:\d{2,4}x\d{2,4}|scaled|\d{1,4}w|\dx))+$")
CREDIT_NAMES = re.compile(r"credit|copyright|photographer|image-?source|photo-?source", re.IGNORECASE)
CREDIT_LABEL = (
    r"(?:(?:photo|image|picture|file|file photo|symbolfoto)(?:graph)?s?(?: credits?| by| courtesy)?|credits?|source|"
    r"cr[ée]dits?(?: photo)?|"
    r"foto|bild|quelle|fuente|kaynak|foto[ğg]raf|تصوير|المصدر|الصورة|صورة|عکس)"
)
CREDIT_END = re.compile(
    rf"\s*(?:[\[(](?:{CREDIT_LABEL}\s*[:：]\s*)?(?P<bracketed>[^\[\]()]{{2,80}})[\])]|"
    rf"(?:^|(?<=[.!?؟])\s|\s[|–—-]\s)\s*{CREDIT_LABEL}\s*[:：/]\s*(?P<labelled>[^.:]{{2,80}}?)|"
    rf"(?:©|\(c\))\s*(?P<sign>[^©]{{2,80}}?)|\s(?:[|/]|[–—-])\s(?P<parted>[^|–—]{{2,60}}?))\s*\.?$",
    re.IGNORECASE,
)
LABEL_START = re.compile(rf"^(?:{CREDIT_LABEL}\s*[:：]|©|\(c\))\s*", re.IGNORECASE)
DATED = re.compile(r"\b\d{4}, |\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}:\d{2}")
BYLINE = re.compile(r"(?:by|von|par|por|بقلم)\s", re.IGNORECASE)
NO_CREDIT = re.compile(r"^(?:file|archive?|left|right|centre|center|l|r|c|\d+|[^A-Za-z]{0,3})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What stands beside an image."""

    caption: Candidate | None = None
    credit: Candidate | None = None


def lead_picture(seen: Witnesses, image_url: str | None) -> Picture:
    """Read the caption and the credit of the lead image.

    Args:
        seen: The page.
        image_url: Its lead image.

    Returns:
        From JSON-LD's ImageObject where it says them; else from the figure that shows the same file, or that opens
        the article.
    """
    figure = figure_of(seen, image_url)
    caption, credit = (None, None) if figure is None else of_figure(figure)
    node = image_node(seen, image_url)
    told, told_credit = split_credit(told_in(node, "caption"))
    credited = bare_credit(told_in(node, "creditText", "copyrightNotice", "copyrightHolder")) or told_credit
    return Picture(
        caption=candidate("json-ld.image", told) or caption,
        credit=candidate("json-ld.image", credited) or credit,
    )


def image_node(seen: Witnesses, image_url: str | None) -> Mapping[str, object]:
    """The ImageObject of the lead image."""
    nodes = [seen.json_ld.followed(value) for value in as_list(seen.json_ld.article.get("image"))]
    objects = [node for node in nodes if isinstance(node, Mapping)]
    wanted = file_of(image_url)
    same = (node for node in objects if file_of(text_value(node.get("url") or node.get("contentUrl"))) == wanted)
    return next(same, {}) if wanted else {}


def told_in(node: Mapping[str, object], *names: str) -> str:
    """The first of some properties that a node has as a short text; empty where it has none."""
    for name in names:
        text = clean_line(text_value(node.get(name)))
        if 1 < len(text) <= MAX_CHARS and not text.startswith(("http://", "https://")):
            return text
    return ""


def figure_of(seen: Witnesses, image_url: str | None) -> HtmlElement | None:
    """The figure that shows the lead image."""
    wanted = file_of(image_url)
    if wanted is None or not seen.page.named("figcaption"):
        return None
    figures = captioned_figures(seen)
    shown = (figure for figure in figures if any(is_file(url, wanted) for url in image_urls(figure)))
    opening = (figure for figure in figures[:1] if opens_article(figure))
    return next(chain(shown, opening), None)


def captioned_figures(seen: Witnesses) -> list[HtmlElement]:
    """The page's first figures, those with a caption."""
    captioned = {figure for caption in seen.page.named("figcaption") for figure in caption.iterancestors("figure")}
    return [figure for figure in seen.page.named("figure")[:MAX_FIGURES] if figure in captioned]


def is_file(url: str, wanted: str) -> bool:
    """Whether an address is of a file, whose name is looked for first: to take an address apart takes longer."""
    return wanted in (unquote(url) if "%" in url else url).lower() and file_of(url) == wanted


def image_urls(figure: HtmlElement) -> Iterator[str]:
    """Addresses of the images in a figure."""
    for element in figure.iter("img", "source", "a"):
        for name in ("src", "data-src", "data-lazy-src", "href"):
            if value := element.get(name):
                yield value
        for part in (element.get("srcset") or element.get("data-srcset") or "").split(","):
            yield part.strip().split(" ")[0]


def file_of(url: str | None) -> str | None:
    """An image's file name without its size and ending: what its renditions have in common."""
    try:
        name = unquote(urlsplit(url or "").path).rstrip("/").rpartition("/")[2]
    except ValueError:
        return None
    return SIZE.sub("", ENDING.sub("", name)).lower() or None


def opens_article(figure: HtmlElement) -> bool:
    """Whether a figure stands in the article, with no paragraph of it before."""
    around = next((element for element in figure.iterancestors("article", "main")), None)
    if around is None or DATED.search(text_of(figure)) or BYLINE.match(text_of(figure)):
        return False
    for element in around.iter("p", "figure"):
        if element is figure:
            return True
        if element.tag == "p" and len(text_of(element)) > 80:
            return False
    return False


def of_figure(figure: HtmlElement) -> tuple[Candidate | None, Candidate | None]:
    """Caption and credit of a figure: the credit in an element of its own, or at the caption's end."""
    below = figure.find(".//figcaption")
    if below is None:
        return None, None
    marked = next((e for e in figure.iter() if isinstance(e.tag, str) and e is not below and is_credit(e)), None)
    whole = clean_line(" ".join(below.itertext()))[: 2 * MAX_CHARS]
    if marked is not None and (credit := clean_line(" ".join(marked.itertext()))):
        caption = clean_line(whole.replace(credit, " ")) if squeezed(credit) != squeezed(whole) else ""
        return candidate("html.figcaption", caption), candidate("html.credit", bare_credit(credit))
    caption, credit = split_credit(whole)
    return candidate("html.figcaption", caption), candidate("html.figcaption", credit)


def is_credit(element: HtmlElement) -> bool:
    """Whether the markup calls an element a credit."""
    named = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    return bool(CREDIT_NAMES.search(named)) and element.find(".//figcaption") is None and len(text_of(element)) > 1


def bare_credit(credit: str) -> str:
    """A credit without brackets and its label ("(Image credit: AFP)")."""
    bare = LABEL_START.sub("", credit.strip(" ()[]")).strip()
    return "" if DATED.search(bare) else bare


def split_credit(caption: str) -> tuple[str, str]:
    """Part a caption and the credit at its end ("The port at dawn [Getty]")."""
    found = CREDIT_END.search(caption)
    if found is None:
        return (caption, "") if agency_named(caption) is None else ("", caption)
    credit = next(filter(None, found.groups()), "").strip()
    is_certain = found["parted"] is None or agency_named(credit.split("/")[0]) is not None
    if not credit or NO_CREDIT.match(credit) or not is_certain:
        return caption, ""
    return caption[: found.start()].strip(" |–—-"), credit


def candidate(source: str, text: str) -> Candidate | None:
    """A text with what gave it; nothing for no text."""
    return Candidate(source, text[:MAX_CHARS]) if squeezed(text) else None
