"""Extracted articles, one after the other -> what becomes of the articles that the warehouse knows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from extractors.errors import Reason
from extractors.records import Article, Extraction, make_article_id
from warehouse.chains import StoredArticle
from warehouse.links import StoredLink
from warehouse.revisions import Revision, current_of, place, removed_at, revision_of, text_sha256
from warehouse.rows import storable


@dataclass(kw_only=True)
class Books:
    """What the warehouse knows of a batch's articles, and what the batch makes of it."""

    names: dict[str, str]
    articles: dict[str, StoredArticle]
    chains: dict[str, list[Revision]]
    links: dict[str, StoredLink]
    texts: dict[str, str]
    page_counts: dict[str, int] = field(default_factory=dict)
    changed: dict[str, StoredArticle] = field(default_factory=dict)
    named: dict[str, dict[str, str]] = field(default_factory=dict)
    read: dict[str, Article] = field(default_factory=dict)
    fresh_texts: dict[str, str] = field(default_factory=dict)

    def enter(
        self, extraction: Extraction, article: Article, *, run_id: str, now: datetime
    ) -> tuple[Reason, str | None]:
        """Take one article in.

        Returns:
            ``loaded``, ``revised`` or ``unchanged``, and the id of the article in the warehouse; ``incomplete`` and
            None for one of which a page is missing that was there before: what is known of it stands.
        """
        names = names_of(article)
        article_id = self.article_id_of(names)
        known = self.articles.get(article_id)
        chain = self.chains.get(article_id, [])
        if not article.is_complete and chain and article.page_count < self.pages_of(chain):
            return Reason.INCOMPLETE, None
        state = revision_of(article, extraction.capture, article_id=article_id, run_id=run_id, now=now)
        if known is not None:
            self.texts[text_sha256(article.text)] = storable(article.text)
        placed = place(chain, state, last=known.last_reading if known else None, texts=self.texts)
        if placed is not None:
            known_ids = {revision.revision_id for revision in chain}
            new_id = next(each.revision_id for each in placed if each.revision_id not in known_ids)
            self.chains[article_id] = placed
            self.read[new_id] = article
            if state.content is not None:
                self.fresh_texts[state.content.text_sha256] = article.text
        self.name(article, names, article_id)
        link = self.links.get(extraction.link_id)
        # Another article may have the address by now; the older owner of a name keeps it.
        url_is_ours = self.names[next(reversed(names))] == article_id
        updated = self.updated(
            known,
            extraction,
            article,
            article_id,
            discovered_at=link.first_seen_at if link else now,
            url_is_ours=url_is_ours,
        )
        if updated != known:
            self.articles[article_id] = self.changed[article_id] = updated
        if known is None:
            return Reason.LOADED, article_id
        return (Reason.UNCHANGED if placed is None else Reason.REVISED), article_id

    def pages_of(self, chain: Sequence[Revision]) -> int:
        """Of how many pages an article's current text is."""
        return self.page_counts.get(current_of(chain).capture_id or "", 1)

    def article_id_of(self, names: Mapping[str, str]) -> str:
        """Id of the stored article that bears one of an article's names, else the one it gets now: its first name's."""
        found = (self.names.get(identity_id) for identity_id in names)
        return next((article_id for article_id in found if article_id), next(iter(names)))

    def name(self, article: Article, names: Mapping[str, str], article_id: str) -> None:
        """Note the names of an article that are not known yet."""
        for identity_id, identity in names.items():
            if identity_id not in self.names:
                self.names[identity_id] = article_id
                self.named[identity_id] = {
                    "identity_id": identity_id,
                    "outlet_id": article.outlet_id,
                    "identity": identity,
                    "article_id": article_id,
                }

    def updated(
        self,
        known: StoredArticle | None,
        extraction: Extraction,
        article: Article,
        article_id: str,
        *,
        discovered_at: datetime,
        url_is_ours: bool,
    ) -> StoredArticle:
        """The article's row after this capture; an older capture changes only what it is older for."""
        capture, chain = extraction.capture, self.chains[article_id]
        is_newest = known is None or capture.fetched_at >= known.last_captured_at
        newest = StoredArticle(
            article_id=article_id,
            outlet_id=article.outlet_id,
            identity=known.identity if known else article.identity,
            normalized_url=article.normalized_url if url_is_ours or known is None else known.normalized_url,
            link_id=extraction.link_id,
            current_revision_id=current_of(chain).revision_id,
            revision_count=len(chain),
            modified_at=article.modified_at,
            first_seen_at=min(capture.fetched_at, known.first_seen_at if known else discovered_at),
            last_seen_at=max(capture.fetched_at, known.last_seen_at if known else capture.fetched_at),
            last_captured_at=capture.fetched_at,
            last_capture_id=capture.capture_id,
            last_extractor=article.extractor,
            removed_at=removed_at(chain),
        )
        if is_newest or known is None:
            return newest
        kept = {name: getattr(newest, name) for name in ("first_seen_at", "removed_at", "revision_count")}
        return replace(known, current_revision_id=newest.current_revision_id, **kept)


def url_identity(article: Article) -> str:
    """The name that an article has by its address."""
    return f"url:{article.normalized_url}"


def names_of(article: Article) -> dict[str, str]:
    """Identity by id of each name of an article; its own identity comes before its address."""
    return {make_article_id(article.outlet_id, each): each for each in (article.identity, url_identity(article))}
