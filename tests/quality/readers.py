"""Labelled pages -> what wirewatch and other extractors read from each, in one form.

The others are in the dependency group ``peers`` and need not be there: ``make peers`` installs them.
"""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from quality.pages import Case

from extractors.records import Extraction

Texts = tuple[str, ...]
WARMING_PAGES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """What an extractor says of one page; ``None`` and empty where it says nothing.

    ``authors`` are all who are credited, as the labels have them, and ``people`` the persons among them, of an
    extractor that tells them apart. ``path`` is the part of wirewatch that read the text, with how sure it was, or the
    reason why the page is no article; ``loaded`` is the text that wirewatch would load, which is none for such a page.
    """

    text: str = ""
    title: str | None = None
    published_at: datetime | None = None
    authors: Texts = ()
    people: Texts = ()
    language: str | None = None
    path: str = ""
    loaded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """An extractor by name; ``has_metadata`` says whether it is asked for more than the text."""

    name: str
    read: Callable[[Case], PageRead]
    has_metadata: bool = True


def read_by_wirewatch(case: Case) -> PageRead:
    """Read a page as one of an outlet that has no file."""
    return page_read(case.extract())


def page_read(extraction: Extraction) -> PageRead:
    """An extraction in the form of the others."""
    article = extraction.article
    if article is None:
        return PageRead(text=extraction.shown_text, path=f"no article: {extraction.reason}")
    return PageRead(
        text=article.text,
        title=article.title,
        published_at=article.published_at,
        authors=tuple(credit.name for credit in article.credits),
        people=article.authors,
        language=article.language,
        path=next((each.source for each in article.provenance if each.field == "text"), ""),
        loaded=article.text,
    )


def read_by_trafilatura(case: Case, **settings: Any) -> PageRead:
    """Read a page with trafilatura's own defaults but for some settings."""
    from trafilatura import bare_extraction

    found: Any = bare_extraction(case.body, url=case.url, include_comments=False, with_metadata=True, **settings)
    if found is None:
        return PageRead()
    return PageRead(
        text=found.text or "",
        title=found.title,
        published_at=moment_of(found.date),
        authors=tuple(re.split(r";\s*", found.author)) if found.author else (),
        language=found.language,
    )


def load_newspaper() -> Callable[[Case], PageRead]:
    """newspaper4k."""
    import newspaper

    def read(case: Case) -> PageRead:
        article = newspaper.Article(case.url, fetch_images=False)
        article.download(input_html=text_of(case))
        article.parse()
        return PageRead(
            text=article.text,
            title=article.title,
            published_at=moment_of(article.publish_date),
            authors=tuple(article.authors),
            language=article.meta_lang or None,
        )

    return read


def load_news_please() -> Callable[[Case], PageRead]:
    """news-please."""
    from newsplease import NewsPlease

    def read(case: Case) -> PageRead:
        found = NewsPlease.from_html(text_of(case), url=case.url, fetch_images=False)
        return PageRead(
            text=found.maintext or "",
            title=found.title,
            published_at=moment_of(found.date_publish),
            authors=tuple(found.authors or ()),
            language=found.language,
        )

    return read


def load_readability() -> Callable[[Case], PageRead]:
    """readability-lxml, which gives text and title only."""
    from lxml import html
    from readability import Document

    def read(case: Case) -> PageRead:
        document = Document(text_of(case))
        summary = html.fromstring(document.summary())
        return PageRead(text="\n".join(map(str, summary.itertext())), title=document.short_title())

    return read


def load_resiliparse() -> Callable[[Case], PageRead]:
    """Resiliparse's main content, which is text only."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(case: Case) -> PageRead:
        tree = HTMLTree.parse(text_of(case))
        return PageRead(text=extract_plain_text(tree, main_content=True, alt_texts=False))

    return read


def text_of(case: Case) -> str:
    """The page decoded as wirewatch does it, since these readers want text."""
    from extractors.parse.documents import decode

    return decode(case.body, case.capture.header("content-type"))


def moment_of(raw: object) -> datetime | None:
    """A time or an ISO day as an aware time."""
    try:
        found = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


WIREWATCH = Reader(name="wirewatch", read=read_by_wirewatch)
TRAFILATURA: dict[str, dict[str, Any]] = {
    "trafilatura": {},
    "trafilatura, precision": {"favor_precision": True},
    "trafilatura, recall": {"favor_recall": True},
}
OPTIONAL = {
    "newspaper4k": (load_newspaper, True),
    "news-please": (load_news_please, True),
    "readability-lxml": (load_readability, False),
    "resiliparse": (load_resiliparse, False),
}


def peers() -> Iterator[Reader | str]:
    """The other extractors, or the name of one that is not installed."""
    for name, settings in TRAFILATURA.items():
        yield Reader(name=name, read=partial(read_by_trafilatura, **settings))
    for name, (load, has_metadata) in OPTIONAL.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # each tells of parts of its own that are missing
                yield Reader(name=name, read=load(), has_metadata=has_metadata)
        except ImportError:
            yield name


def read_all(reader: Reader, cases: Sequence[Case]) -> tuple[list[PageRead], float]:
    """Read pages one after the other.

    Returns:
        What was read, nothing where the reader failed, and the seconds of one processor that it took without what
        comes once, such as models: that is loaded, and the first pages are read, before the time is taken.
    """
    load_what_comes_once()
    for case in cases[:WARMING_PAGES]:
        read_or_nothing(reader, case)
    started = time.process_time()
    found = [read_or_nothing(reader, case) for case in cases]
    return found, time.process_time() - started


@cache
def load_what_comes_once() -> None:
    """Let the libraries that several readers use load their word lists, which takes a second and depends on no page."""
    from htmldate.extractors import month_words
    from trafilatura.external import jt_stoplist_init

    jt_stoplist_init()
    month_words()


def read_or_nothing(reader: Reader, case: Case) -> PageRead:
    """Read a page; an extractor that fails has read nothing."""
    try:
        return reader.read(case)
    except Exception:  # noqa: BLE001 - whatever another project raises for a page
        return PageRead()
