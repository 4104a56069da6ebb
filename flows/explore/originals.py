"""One archived response, out of its WARC file, to what can be shown of it without running or asking for anything.

The page is shown twice. As words: its elements without what an element can do (no script, style, form, frame or image,
no attribute but direction, language and spans of tables), in a frame with an empty sandbox and a policy that allows
nothing. And as source: text. A frame with the page as it came would not do: a sandbox stops scripts, but not the
connections that ``<link rel=preconnect>`` and its like open, which tell an outlet who looks at what and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from extractors.archive import ArchivedResponse
from extractors.archive.reader import read_response
from extractors.errors import ArchiveError
from extractors.parse.documents import decode, parse_document

MOST_BODY_BYTES = 50_000_000
MOST_SOURCE_CHARS = 300_000
"""More of a page's source is not sent to the browser; the archive has the rest."""

# fmt: off
UNSEEN = (
    "script", "style", "noscript", "template", "head", "iframe", "frame", "object", "embed", "applet", "svg", "math",
    "select", "textarea", "audio", "video", "canvas",
)
SHOWN = frozenset((
    "html", "body", "main", "article", "section", "header", "footer", "nav", "aside", "div", "span", "p",
    "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "q",
    "cite", "pre", "code", "em", "strong", "b", "i", "u", "s", "small", "sub", "sup", "mark", "time", "a",
    "abbr", "address", "figure", "figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr", "th",
    "td",
))
# fmt: on
KEPT_ATTRIBUTES = frozenset({"dir", "lang", "colspan", "rowspan"})

FRAME = """<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{{font:15px/1.55 system-ui,sans-serif;margin:1rem;color:#1d2630;background:#fff;overflow-wrap:anywhere}}
table{{border-collapse:collapse}}td,th{{border:1px solid #ccd3da;padding:.2rem .4rem}}a{{text-decoration:underline}}
</style></head>{body}</html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """What is shown of one capture; ``problem`` says why there is no more than its row."""

    capture: dict[str, Any]
    problem: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    is_as_recorded: bool = False
    source: str = ""
    source_chars: int = 0
    frame: str = ""


def read_original(archive_folder: Path, capture: dict[str, Any]) -> Original:
    """Read a capture's response back from the archive and make it safe to look at.

    Args:
        archive_folder: Where the home keeps responses.
        capture: A row of ``captures``.
    """
    try:
        place = capture["warc_file"], capture["warc_offset"]
        response = read_response(archive_folder, *place, max_body_bytes=MOST_BODY_BYTES)
    except ArchiveError as error:
        return Original(capture=capture, problem=str(error))
    content_type = response.header("content-type")
    source = decode(response.body, content_type)
    return Original(
        capture=capture,
        headers=response.headers,
        is_as_recorded=response.body_sha256 == capture["body_sha256"],
        source=source[:MOST_SOURCE_CHARS],
        source_chars=len(source),
        frame=frame_of(response, content_type),
    )


def frame_of(response: ArchivedResponse, content_type: str | None) -> str:
    """The whole of a frame's document with a page's words; empty where the body is no page that can be read."""
    tree = parse_document(response.body, content_type)
    if tree is None:
        return ""
    return FRAME.format(body=words_of(tree))


def words_of(tree: HtmlElement) -> str:
    """A page's body with nothing in it but words and the elements that arrange them."""
    etree.strip_elements(tree, *UNSEEN, with_tail=False)
    for element in tree.iter(etree.Element):
        if element.tag not in SHOWN:
            element.tag = "span"
        for name in [name for name in element.attrib if name not in KEPT_ATTRIBUTES]:
            del element.attrib[name]
    body = tree.find("body")
    return etree.tostring(tree if body is None else body, encoding="unicode", method="html", with_tail=False)


def frame_element(document: str, title: str) -> str:
    """The HTML of the frame; what is in it can do nothing, whatever it is."""
    return (
        f'<iframe class="ww-frame" sandbox="" referrerpolicy="no-referrer" loading="eager" title="{escape(title)}" '
        f'srcdoc="{escape(document)}"></iframe>'
    )
