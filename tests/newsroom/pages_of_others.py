"""A page of a newspaper that is no sample outlet, for archives and folders that somebody else filled."""

from __future__ import annotations

PARAGRAPHS = (
    "The council of the harbor town voted on Tuesday to repair the breakwater that last winter's storms had torn open.",
    "Fishermen had asked for the work since January, saying that boats could no longer lie safely at the eastern quay.",
    "The repairs are to begin in April and to end before the autumn gales, the mayor told residents after the vote.",
)


def page(title: str, *, paragraphs: tuple[str, ...] = PARAGRAPHS) -> bytes:
    """An article's page, as any small newspaper would serve it."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    meta = '<meta property="article:published_time" content="2026-03-03T08:15:00+02:00">'
    head = f"<head><title>{title}</title>{meta}</head>"
    return f"<html>{head}<body><article><h1>{title}</h1>{body}</article></body></html>".encode()
