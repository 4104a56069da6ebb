"""The bytes of one page -> its article with each field's provenance, or the verdict that it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from extractors.errors import Reason
from extractors.normalize.attribution import Attribution, attribution_of, without_repetition
from extractors.normalize.authors import byline_candidate, byline_of, credits_of, people_of
from extractors.normalize.candidates import Candidate, provenance
from extractors.normalize.datelines import Dateline, dateline_of
from extractors.normalize.dates import Moment, day_on_page, modified_of, published_of
from extractors.normalize.languages import TextLanguage, language_of, language_tag
from extractors.normalize.standfirsts import standfirst_of
from extractors.normalize.texts import clean_line, clean_lines, squeezed, without_debris, without_edge_numbers
from extractors.normalize.titles import clean_title, headline_of, outlet_names
from extractors.normalize.urls import image_key, normalize_url
from extractors.outlets import Outlet, compiled
from extractors.parse.body import generic_lines
from extractors.parse.documents import MAX_ELEMENTS, MAX_TEXT_CHARS, drop_drawings, is_too_large, parse_any_size, recode
from extractors.parse.identity import canonical_url, identity_of
from extractors.parse.layouts import Fit, fitting_layout
from extractors.parse.live_blogs import live_lines
from extractors.parse.origins import agencies_from, declared_publisher, original_from
from extractors.parse.paging import first_page, next_page
from extractors.parse.pictures import lead_picture
from extractors.parse.verdicts import Evidence, verdict_on
from extractors.parse.witnesses import Witnesses, free_from, hear
from extractors.records import Article, Capture, Credit, CreditKind, FieldSource, Hints

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
    dateline: Dateline | None
    text_from: str

    @property
    def text(self) -> str:
        """The text, one line a paragraph."""
        return "\n".join(self.attribution.lines)

    @property
    def path(self) -> str:
        """Which rule or reading gave the text, without how sure it was."""
        return self.text_from.partition("@")[0]


def parse_page(
    body: bytes, *, capture: Capture, hints: Hints, outlet: Outlet, extractor: str, is_further: bool = False
) -> Article | Verdict:
    """Read one page.

    Args:
        body: The decoded response body.
        capture: Its capture, for URL, headers and time.
        hints: What the source that listed the link said of it.
        outlet: Whose page it is.
        extractor: Name and version to record in the article; the path taken is added.
        is_further: It is read as a further page of an article, however short; otherwise such a page is none.
    """
    raw = recode(body, capture.header("content-type"))
    tree = parse_any_size(raw)
    if tree is None:
        return Verdict(reason=Reason.EMPTY, detail="no element could be read")
    if is_too_large(tree, raw):
        return Verdict(
            reason=Reason.TOO_LARGE,
            detail=f"more than {MAX_ELEMENTS:,} elements, or {MAX_TEXT_CHARS:,} characters of text",
        )
    drop_drawings(tree)
    seen = hear(tree, url=capture.final_url, hints=hints, outlet=outlet)
    if not is_further and (first := first_page(capture.final_url, seen.metadata)):
        return Verdict(reason=Reason.FURTHER_PAGE, detail=f"a further page of {first}"[:500])
    fit = fitting_layout(tree, outlet, first_day(seen, capture)) if outlet.layouts else None
    prose = read_prose(seen, fit)
    free, _ = free_from(seen)
    judged = verdict_on(
        Evidence(
            tree=tree,
            page=seen.page,
            url=capture.final_url,
            title=prose.title,
            lines=prose.attribution.lines,
            json_ld=seen.json_ld,
            metadata=seen.metadata,
            outlet=outlet,
            has_layout=fit is not None,
            has_entries=prose.path == "json-ld.liveBlogUpdate",
            is_free=free,
        )
    )
    if judged is not None and not (is_further and judged[0] is Reason.TOO_SHORT):
        return Verdict(reason=judged[0], detail=judged[1], text=prose.text)
    return build_article(seen, fit, prose, capture=capture, extractor=extractor)


def first_day(seen: Witnesses, capture: Capture) -> date:
    """The day that decides which layout a page was made with."""
    published = publication_of(seen, None, capture)
    return (published.at if published else capture.fetched_at).date()


def publication_of(seen: Witnesses, fit: Fit | None, capture: Capture) -> Moment | None:
    """When the article was published: what is declared, else the date beside the headline or in the URL."""
    for candidates in (seen.published(fit), seen.shown_dates()):
        found = published_of(
            candidates,
            not_after=capture.fetched_at,
            zone=seen.outlet.timezone,
            language=seen.metadata.language,
            modified=seen.modified(),
        )
        if found:
            return found
    return None


def read_prose(seen: Witnesses, fit: Fit | None) -> Prose:
    """Read headline, standfirst and text, and part them from one another."""
    outlet = seen.outlet
    names = outlet_names(outlet, seen.site_names())
    headline = headline_of(seen.titles(fit), outlet, names)
    raw_lines, text_from = body_of(seen, fit)
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
    kept = without_edge_numbers(kept)
    dateline = dateline_of(kept, names)
    # Of a host that no file names, the text stays as it was published.
    is_cut = dateline is not None and (bool(outlet.sources) or dateline.names_outlet)
    return Prose(
        title=headline.title,
        title_from=headline.candidate,
        kicker=headline.kicker,
        standfirst=standfirst,
        standfirst_from=standfirst_from,
        attribution=attribution.with_lines(dateline.cut(kept) if dateline and is_cut else kept),
        dateline=dateline,
        text_from=text_from,
    )


def body_of(seen: Witnesses, fit: Fit | None) -> tuple[list[str], str]:
    """The lines of the text, and which rule or reading gave them."""
    if fit:
        return fit.lines(), fit.source("body")
    entries = live_lines(seen.json_ld, seen.outlet.timezone)
    return (entries, "json-ld.liveBlogUpdate") if entries else generic_lines(seen)


def build_article(seen: Witnesses, fit: Fit | None, prose: Prose, *, capture: Capture, extractor: str) -> Article:
    """Fill the record of a page that is an article."""
    outlet = seen.outlet
    names = outlet_names(outlet, seen.site_names())
    canonical_from = canonical_url(seen, capture.final_url)
    canonical = canonical_from.raw
    identity_from = identity_of(seen, canonical)
    original = original_from(seen, prose.attribution)
    told_publisher = prose.attribution.original_publisher
    publisher_from = None if told_publisher else declared_publisher(seen, names)
    bylines = seen.authors(fit)
    told, language_from, declared = told_language(seen, prose)
    agencies = agencies_from(bylines, prose.attribution, prose.dateline)
    published = publication_of(seen, fit, capture) or day_on_page(
        seen.tree, url=capture.final_url, not_after=capture.fetched_at, languages=told.languages
    )
    modified = modified_of(seen.modified(), published=published, not_after=capture.fetched_at, zone=outlet.timezone)
    credited, credits_from = credited_by(seen, bylines, names)
    people = people_of(credited)
    byline_from = byline_candidate(seen.bylines(fit), people, credits_from) or next(iter(bylines), None)
    free, is_free_from = free_from(seen)
    section_from = next(iter(seen.sections(fit)), None)
    tags_from = next(iter(seen.tags(fit)), None)
    image_from = next(iter(seen.images()), None)
    picture = lead_picture(seen, image_from.raw if image_from else None)
    following = next_page(seen)
    sources = [
        *said("title", prose.title_from),
        *(said("kicker", prose.title_from) if prose.kicker else []),
        *said("standfirst", prose.standfirst_from),
        FieldSource(field="text", source=prose.text_from, raw=""),
        *said("byline", byline_from),
        *(said("authors", credits_from) if people else []),
        *said("credits", credits_from),
        *of_moment("published_at", published),
        *of_moment("modified_at", modified),
        *language_from,
        *said("section", section_from),
        *said("tags", tags_from),
        *said("agency", agencies),
        *said("image_url", image_from),
        *said("image_caption", picture.caption),
        *said("image_credit", picture.credit),
        *line_sources(prose),
        *said("original_publisher", publisher_from),
        *said("canonical_url", canonical_from),
        *said("identity", identity_from),
        *said("next_page", following),
        *said("original_url", original),
        *said("is_free", is_free_from),
    ]
    return Article(
        outlet_id=outlet.outlet_id,
        identity=identity_from.raw,
        canonical_url=canonical,
        normalized_url=normalize_url(canonical, outlet),
        capture_id=capture.capture_id,
        language=told.language,
        languages=told.languages,
        declared_language=declared,
        title=prose.title,
        kicker=prose.kicker,
        standfirst=prose.standfirst,
        dateline=prose.dateline.text if prose.dateline else None,
        text=prose.text,
        corrections="\n".join(prose.attribution.corrections) or None,
        byline=byline_of(byline_from.raw if byline_from else None),
        authors=people,
        credits=credited,
        agency=agencies.values if agencies else (),
        published_at=published.at if published else None,
        published_precision=published.precision if published else None,
        modified_at=modified.at if modified else None,
        section=clean_line(section_from.raw) if section_from else None,
        tags=tags_of(tags_from),
        image_url=image_of(image_from),
        image_caption=picture.caption.raw if picture.caption else None,
        image_credit=picture.credit.raw if picture.credit else None,
        original_publisher=publisher_from.raw if publisher_from else told_publisher,
        original_url=original.raw if original else None,
        has_disclaimer=prose.attribution.disclaimer is not None,
        is_free=free,
        extractor=f"{extractor} {prose.path.split('.')[0]}",
        provenance=tuple(sources),
        is_complete=following is None,
        next_url=following.raw if following else None,
    )


def credited_by(
    seen: Witnesses, bylines: Sequence[Candidate], names: Sequence[str]
) -> tuple[tuple[Credit, ...], Candidate | None]:
    """Whom the page credits: by what it declares and the bylines close to its headline, else by those far from it."""
    found = credits_of(bylines, names, seen.bodies())
    if any(credit.kind != CreditKind.OUTLET for credit in found[0]):
        return found
    far = credits_of(seen.far_bylines(), names)
    return far if people_of(far[0]) or not found[0] else found


def told_language(seen: Witnesses, prose: Prose) -> tuple[TextLanguage, list[FieldSource], str | None]:
    """The article's language with its provenance, and the one that the page declares."""
    candidates = [(found, tag) for found in seen.languages() if (tag := language_tag(found.raw))]
    declared_from, declared = candidates[0] if candidates else (None, None)
    told = language_of(prose.title, prose.text, declared=[tag for _, tag in candidates], expected=seen.outlet.languages)
    sources = [FieldSource(field="language", source=told.rule, raw=told.language)] if told.language else []
    return told, [*sources, *said("declared_language", declared_from)], declared


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


def line_sources(prose: Prose) -> list[FieldSource]:
    """Provenance of what was read from lines of the text."""
    attribution = prose.attribution
    read = {
        ("dateline", "dateline"): prose.dateline.text if prose.dateline else None,
        ("corrections", "note"): "\n".join(attribution.corrections),
        ("original_publisher", "source_line"): attribution.original_publisher and attribution.source_line,
        ("has_disclaimer", "disclaimer"): attribution.disclaimer,
    }
    return [
        provenance(field, Candidate(f"{prose.path}:{rule}", written))
        for (field, rule), written in read.items()
        if written
    ]
