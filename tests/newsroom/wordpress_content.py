"""An Observatory article -> the HTML that WordPress keeps as its content and its excerpt."""

from __future__ import annotations

from newsroom.markup import attribute, body_html, line_html, plain, wordpress_escape
from newsroom.sample_articles import SampleArticle
from newsroom.sites import Wording

EXCERPT_WORDS = 55
DESCRIPTION_CHARS = 200


def content_html(article: SampleArticle, wording: Wording) -> str:
    """The post's content: standfirst, body, source line and disclaimer, as an editor pasted them.

    The source line and the disclaimer are plain paragraphs: nothing but their words tells them from the body.
    """
    parts: list[str] = []
    if article.opens_with_name:
        parts.append(f"<p>{wordpress_escape(article.outlet.name)}</p>")
        parts.append(f"<p><strong>{wordpress_escape(article.full_headline)}</strong></p>")
    if article.standfirst:
        parts.append(f'<p class="entry-standfirst">{line_html(article.standfirst, wordpress_escape)}</p>')
    parts.append(body_html(article.body, wordpress_escape))
    if article.republished_from:
        publisher = wordpress_escape(article.republished_from)
        if article.source_url:
            publisher = f'<a href="{attribute(article.source_url)}">{publisher}</a>'
        parts.append(f"<p>{wording.source_label}: {publisher}</p>")
    if article.disclaimer:
        parts.append(f"<p>{wordpress_escape(wording.disclaimer)}</p>")
    return "\n\n".join(parts) + "\n"


def excerpt_html(article: SampleArticle) -> str:
    """The standfirst where an editor wrote one, else the first 55 words with WordPress' mark of a cut."""
    if article.standfirst:
        return f"<p>{wordpress_escape(plain(article.standfirst))}</p>\n"
    words = running_text(article).split()
    cut = " [&hellip;]" if len(words) > EXCERPT_WORDS else ""
    return f"<p>{wordpress_escape(' '.join(words[:EXCERPT_WORDS]))}{cut}</p>\n"


def description(article: SampleArticle) -> str:
    """The standfirst, or the beginning of the text, as a plugin puts it into ``og:description``."""
    text = plain(article.standfirst) if article.standfirst else running_text(article)
    return text if len(text) <= DESCRIPTION_CHARS else text[:DESCRIPTION_CHARS].rsplit(" ", 1)[0] + "…"


def running_text(article: SampleArticle) -> str:
    """The body without its paragraphs."""
    return " ".join(plain(line) for block in article.body for line in block.lines)
