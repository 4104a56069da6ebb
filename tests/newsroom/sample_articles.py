"""``articles/*.toml`` -> the sample outlets' articles, each as it stands in the morning and in the evening."""

from __future__ import annotations

import dataclasses
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from newsroom.sites import SITES, Site, SiteKey

FOLDER = Path(__file__).parent / "articles"

Kind = Literal["article", "paywall", "live_blog", "listing", "gallery", "advert"]
BlockKind = Literal["paragraph", "list", "heading", "quote"]


class Edition(StrEnum):
    """The two states of the newsroom: 30 March 2026, before and after noon."""

    MORNING = "morning"
    EVENING = "evening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, heading or quotation, or one list with a line for each of its items.

    Lines hold two marks: ``[words](https://...)`` for a link and ``*words*`` for emphasis. A star inside a word is a
    star: that is how the Observatory masks words.
    """

    kind: BlockKind
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArticle:
    """One article of a sample outlet at one time.

    ``evening`` holds what the evening changes, ``recorded`` expectations that were written down by hand.
    ``reason`` is the outcome that a pipeline should end with where the page is no article, ``None`` where it is one.
    ``dateline`` opens the body's first line with a colon behind it; ``corrections`` are the updates in it.
    ``source_url`` is where the source line links to. ``opens_with_name`` says that the site's name and the headline
    were pasted into the content before the body.
    """

    site: SiteKey
    kind: Kind = "article"
    article_id: int
    slug: str
    published: datetime
    modified: datetime
    kicker: str | None = None
    headline: str
    standfirst: str | None = None
    dateline: str | None = None
    corrections: tuple[str, ...] = ()
    byline: str | None = None
    authors: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    section: str
    tags: tuple[str, ...] = ()
    image: str | None = None
    body: tuple[Block, ...]
    republished_from: str | None = None
    source_url: str | None = None
    reprint_of: int | None = None
    disclaimer: bool = False
    opens_with_name: bool = False
    advert_url: str | None = None
    reason: str | None = None
    edition: Edition = Edition.MORNING
    removed_in: Edition | None = None
    evening: Mapping[str, Any] | None = field(default=None, hash=False)
    recorded: Mapping[str, Any] | None = field(default=None, hash=False)

    @property
    def outlet(self) -> Site:
        """The outlet that it stands in."""
        return SITES[self.site]

    @property
    def path(self) -> str:
        """Path of its page, percent-encoded as its site writes it: WordPress in lower-case escapes."""
        if self.site == "observatory_en":
            return f"/en/{self.article_id}/"
        if self.site == "observatory_ar":
            return f"/{quote(self.slug).lower()}/{self.article_id}/"
        return f"/{self.section.lower()}/{self.slug}"

    @property
    def full_headline(self) -> str:
        """Kicker and headline as the page prints them."""
        return f"{self.kicker} | {self.headline}" if self.kicker else self.headline

    def at(self, edition: Edition) -> SampleArticle | None:
        """The article as it stands in an edition; ``None`` where it is not yet, or no longer, there."""
        if edition is Edition.MORNING:
            return self if self.edition is Edition.MORNING else None
        if self.removed_in is Edition.EVENING:
            return None
        return dataclasses.replace(self, **self.evening) if self.evening else self


@lru_cache(maxsize=1)
def load_articles() -> tuple[SampleArticle, ...]:
    """Every article of every sample outlet, as first published; the Gazette's first, since others reprint them."""
    articles: list[SampleArticle] = []
    for site in ("gazette", "observatory_en", "observatory_ar"):
        written = tomllib.loads((FOLDER / f"{site}.toml").read_text(encoding="utf-8"))["article"]
        known = {article.article_id: article for article in articles if article.site == "gazette"}
        articles += [make_article(SITES[site], values, known) for values in written]
    return tuple(articles)


@lru_cache(maxsize=16)
def articles_in(edition: Edition, site: SiteKey | None = None) -> tuple[SampleArticle, ...]:
    """The articles that stand in an edition, newest first."""
    standing = (article.at(edition) for article in load_articles() if site in (None, article.site))
    return tuple(sorted(filter(None, standing), key=lambda article: article.published, reverse=True))


def make_article(site: Site, values: Mapping[str, Any], reprinted: Mapping[int, SampleArticle]) -> SampleArticle:
    """Build an article from its TOML table; what a reprint does not say itself, it takes from its original."""
    fields = {"article_id": values["id"], "site": site.key} | {key: values[key] for key in values.keys() - {"id"}}
    if (original := reprinted.get(values.get("reprint_of", 0))) is not None:
        fields = {"headline": original.headline, "standfirst": original.standfirst} | fields
        fields.setdefault("body", original.body)
    fields.setdefault("modified", fields["published"])
    fields.setdefault("slug", slug_of(fields["headline"]))
    return SampleArticle(**clean(fields))


def clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    """TOML values as the record's types: UTC times, tuples, blocks, editions; the evening's changes too."""
    cleaned = dict(fields)
    for key in ("published", "modified"):
        if key in fields:
            cleaned[key] = fields[key].astimezone(UTC)
    for key in ("authors", "agency", "corrections", "tags"):
        if key in fields:
            cleaned[key] = tuple(fields[key])
    for key in ("edition", "removed_in"):
        if key in fields:
            cleaned[key] = Edition(fields[key])
    if "body" in fields:
        cleaned["body"] = tuple(make_blocks(fields["body"]))
    if fields.get("evening") is not None:
        cleaned["evening"] = clean(fields["evening"])
    return cleaned


def make_blocks(written: Iterable[object]) -> Iterable[Block]:
    """TOML body -> blocks: a string is a paragraph, an array a list, a table a heading or a quotation."""
    for part in written:
        if isinstance(part, Block):
            yield part
        elif isinstance(part, str):
            yield Block(kind="paragraph", lines=(part.strip(),))
        elif isinstance(part, list):
            yield Block(kind="list", lines=tuple(part))
        elif isinstance(part, dict):
            ((kind, line),) = part.items()
            yield Block(kind=kind, lines=(line,))
        else:
            raise TypeError(f"{part!r} is no block of a body")


def slug_of(headline: str) -> str:
    """A headline as a URL's last part: letters and digits of any script, joined by hyphens; no vowel marks."""
    folded = unicodedata.normalize("NFKC", headline).lower()
    letters = "".join(c for c in folded if unicodedata.category(c) != "Mn" and c not in "’'")
    return "-".join(re.findall(r"\w+", letters))[:80].strip("-")
