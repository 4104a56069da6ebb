"""The bytes of one page -> its article with each field's provenance, or the verdict that it is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from extractors.errors import Reason
from extractors.normalize.attribution import Attribution, attribution_of, without_repetition
from extractors.normalize.authors import authors_of, byline_of
from extractors.normalize.candidates import Candidate, provenance
from extractors.normalize.dates import Moment, day_on_page, modified_of, published_of
from extractors.normalize.languages import language_of, language_tag
from extractors.normalize.standfirsts import standfirst_of
from extractors.normalize.texts import clean_line, clean_lines, squeezed, without_debris, without_edge_numbers
from extractors.normalize.titles import clean_title, headline_of, outlet_names
from extractors.normalize.urls import image_key, normalize_url
from extractors.outlets import Outlet, compiled
from extractors.parse.body import generic_lines
from extractors.parse.documents import parse_document
from extractors.parse.identity import canonical_url, identity_of, original_from
from extractors.parse.layouts import Fit, fitting_layout
from extractors.parse.verdicts import Evidence, verdict_on
from extractors.parse.witnesses import Witnesses, free_from, hear
from extractors.records import Article, Capture, FieldSource, Hints

MAX_TAGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why a page is no article, and the text that it shows all the same."""

    reason: Reason
    detail: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """The words of an article, each part with the candidate that gave it."""

    title: str
    title_from: Candidate | None
    kicker: str | None
    standfirst: str | None
    standfirst_from: Candidate | None
    attribution: Attribution
    text_from: str

    @property
    def text(self) -> str:
        """The text, one line a paragraph."""
        return "\n".join(self.attribution.lines)


def parse_page(body: bytes, *, capture: Capture, hints: Hints, outlet: Outlet, extractor: str) -> Article | Verdict:
    """Read one page.

    Args:
        body: The decoded response body.
        capture: Its capture, for URL, headers and time.
        hints: What the source that listed the link said of it.
        outlet: Whose page it is.
        extractor: Name and version to record in the article; the path taken is added.
    """
    tree = parse_document(body, capture.header("content-type"))
    if tree is None:
        return Verdict(reason=Reason.EMPTY, detail="no element could be read")
    seen = hear(tree, url=capture.final_url, hints=hints, outlet=outlet)
    fit = fitting_layout(tree, outlet, first_day(seen, capture))
    prose = read_prose(seen, fit)
    free, _ = free_from(seen)
    judged = verdict_on(
        Evidence(
            tree=tree,
            url=capture.final_url,
            title=prose.title,
            lines=prose.attribution.lines,
            json_ld=seen.json_ld,
            metadata=seen.metadata,
            outlet=outlet,
            has_layout=fit is not None,
            is_free=free,
        )
    )
    if judged is not None:
        return Verdict(reason=judged[0], detail=judged[1], text=prose.text)
    return build_article(seen, fit, prose, capture=capture, extractor=extractor)


def first_day(seen: Witnesses, capture: Capture) -> date:
    """The day that decides which layout a page was made with."""
    published = published_of(seen.published(None), not_after=capture.fetched_at, zone=seen.outlet.timezone)
    return (published.at if published else capture.fetched_at).date()


def read_prose(seen: Witnesses, fit: Fit | None) -> Prose:
    """Read headline, standfirst and text, and part them from one another."""
    outlet = seen.outlet
    names = outlet_names(outlet, seen.site_names())
    headline = headline_of(seen.titles(fit), outlet, names)
    raw_lines = fit.lines() if fit else generic_lines(seen)
    lines = without_debris(clean_lines(raw_lines), [compiled(pattern) for pattern in outlet.text.drop_lines])
    attribution = attribution_of(lines, outlet, names)
    standfirst, standfirst_from = standfirst_of(seen.standfirsts(fit), attribution.lines, names)
    of_layout = standfirst_from is not None and standfirst_from.source.startswith("layout")
    kept = without_repetition(
        attribution.lines,
        title=headline.title,
        kicker=headline.kicker,
        names=names,
        standfirst=standfirst if of_layout else None,
        headings=[*seen.metadata.headings, clean_title(seen.metadata.first("og:title") or "", names)],
    )
    return Prose(
        title=headline.title,
        title_from=headline.candidate,
        kicker=headline.kicker,
        standfirst=standfirst,
        standfirst_from=standfirst_from,
        attribution=attribution.with_lines(without_edge_numbers(kept)),
        text_from=fit.source("body") if fit else "trafilatura",
    )


def build_article(seen: Witnesses, fit: Fit | None, prose: Prose, *, capture: Capture, extractor: str) -> Article:
    """Fill the record of a page that is an article."""
    outlet = seen.outlet
    names = outlet_names(outlet, seen.site_names())
    canonical_from = canonical_url(seen, capture.final_url)
    canonical = canonical_from.raw
    identity_from = identity_of(seen, canonical)
    original = original_from(seen, prose.attribution.original_publisher)
    published = published_of(seen.published(fit), not_after=capture.fetched_at, zone=outlet.timezone) or day_on_page(
        seen.tree, url=capture.final_url, not_after=capture.fetched_at
    )
    modified = modified_of(seen.modified(), published=published, not_after=capture.fetched_at, zone=outlet.timezone)
    people, people_from = authors_of(seen.authors(fit), names)
    byline_from = next(iter(seen.bylines(fit)), people_from)
    language, language_from, declared = told_language(seen, prose)
    free, is_free_from = free_from(seen)
    section_from = next(iter(seen.sections(fit)), None)
    tags_from = next(iter(seen.tags(fit)), None)
    image_from = next(iter(seen.images()), None)
    sources = [
        *said("title", prose.title_from),
        *(said("kicker", prose.title_from) if prose.kicker else []),
        *said("standfirst", prose.standfirst_from),
        FieldSource(field="text", source=prose.text_from, raw=""),
        *said("byline", byline_from),
        *said("authors", people_from),
        *of_moment("published_at", published),
        *of_moment("modified_at", modified),
        *language_from,
        *said("section", section_from),
        *said("tags", tags_from),
        *said("image_url", image_from),
        *line_sources(prose.attribution, prose.text_from),
        *said("canonical_url", canonical_from),
        *said("identity", identity_from),
        *said("original_url", original),
        *said("is_free", is_free_from),
    ]
    return Article(
        outlet_id=outlet.outlet_id,
        identity=identity_from.raw,
        canonical_url=canonical,
        normalized_url=normalize_url(canonical, outlet),
        capture_id=capture.capture_id,
        language=language,
        declared_language=declared,
        title=prose.title,
        kicker=prose.kicker,
        standfirst=prose.standfirst,
        text=prose.text,
        byline=byline_of(byline_from.raw if byline_from else None),
        authors=people,
        published_at=published.at if published else None,
        published_precision=published.precision if published else None,
        modified_at=modified.at if modified else None,
        section=clean_line(section_from.raw) if section_from else None,
        tags=tags_of(tags_from),
        image_url=image_of(image_from),
        original_publisher=prose.attribution.original_publisher,
        original_url=original.raw if original else None,
        has_disclaimer=prose.attribution.disclaimer is not None,
        is_free=free,
        extractor=f"{extractor} {prose.text_from.split('.')[0]}",
        provenance=tuple(sources),
    )


def told_language(seen: Witnesses, prose: Prose) -> tuple[str | None, list[FieldSource], str | None]:
    """The article's language with its provenance, and the one that the page declares."""
    declared_from = next((found for found in seen.languages() if language_tag(found.raw)), None)
    declared = language_tag(declared_from.raw) if declared_from else None
    language, rule = language_of(prose.title, prose.text, declared=declared, expected=seen.outlet.languages)
    sources = [FieldSource(field="language", source=rule, raw=language)] if language else []
    return language, [*sources, *said("declared_language", declared_from)], declared


def image_of(candidate: Candidate | None) -> str | None:
    """An image's URL; of Drupal's renditions the image itself, since their URLs change while the image does not."""
    if candidate is None:
        return None
    return image_key(candidate.raw) if "/styles/" in candidate.raw else candidate.raw


def tags_of(candidate: Candidate | None) -> tuple[str, ...]:
    """Tags without repetitions."""
    raws = (clean_line(raw) for raw in (candidate.values or (candidate.raw,))) if candidate else ()
    return tuple({squeezed(tag): tag for tag in raws if squeezed(tag)}.values())[:MAX_TAGS]


def said(field: str, candidate: Candidate | None) -> list[FieldSource]:
    """Provenance of a field that a candidate gave."""
    return [provenance(field, candidate)] if candidate else []


def of_moment(field: str, moment: Moment | None) -> list[FieldSource]:
    """Provenance of a time."""
    return said(field, moment.candidate if moment else None)


def line_sources(attribution: Attribution, text_from: str) -> list[FieldSource]:
    """Provenance of what was read from lines of the text."""
    found = []
    if attribution.original_publisher:
        found.append(
            provenance("original_publisher", Candidate(f"{text_from}:source_line", attribution.source_line or ""))
        )
    if attribution.disclaimer:
        found.append(provenance("has_disclaimer", Candidate(f"{text_from}:disclaimer", attribution.disclaimer)))
    return found
