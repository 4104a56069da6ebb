"""What `outlets add` and `outlets check` found, as tables for a terminal of 80 columns and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from extractors.discover.autodiscovery.findings import Finding
from extractors.errors import Reason
from extractors.readings import Reading
from extractors.records import Article
from flows.outlets.add import Addition
from flows.outlets.check import OutletCheck, SourceCheck
from flows.shown.progress import printable

FIRST_WORDS_CHARS = 160


def grid(*columns: tuple[str, dict[str, Any]]) -> Table:
    """A table without lines between its cells."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for heading, options in columns:
        table.add_column(heading, **{"overflow": "fold", **options})
    return table


NUMBER: dict[str, Any] = {"justify": "right", "no_wrap": True}
WORD: dict[str, Any] = {"no_wrap": True}
TEXT: dict[str, Any] = {}


def cell(text: str, style: str = "") -> Text:
    """Text of a page or a source on one line, that cannot steer the terminal."""
    return Text(printable(" ".join(text.split())), style=style)


def stacked(*lines: Text | None) -> Text:
    """Lines of one cell. Each stands alone, so that right-to-left text is not mixed with other text."""
    return Text("\n").join(line for line in lines if line is not None and line.plain)


def findings_table(findings: Sequence[Finding], used: Sequence[Finding] = ()) -> Table:
    """What was asked and what it proved, those that the file takes marked."""
    table = grid(("", WORD), ("kind", WORD), ("source", TEXT))
    for finding in findings:
        mark = str(used.index(finding) + 1) if finding in used else ""
        about = cell(f"{finding.why()} ({finding.candidate.found_by})", "dim")
        table.add_row(mark, finding.candidate.kind, stacked(cell(finding.candidate.url), about))
    return table


def preview_table(readings: Iterable[Reading]) -> Table:
    """Articles as they would be loaded, and why a page gives none."""
    table = grid(("published", WORD), ("words", NUMBER), ("article", TEXT))
    for reading in readings:
        article = reading.article
        if article is None:
            about = cell(f"no article: {reading.reason} {reading.detail}".strip(), "yellow")
            table.add_row("", "", stacked(cell(reading.link.requested_url), about))
        else:
            table.add_row(time_of(article), str(words_of(article)), article_cell(article))
    return table


def article_cell(article: Article) -> Text:
    """Headline, authors and first words."""
    beginning = article.text[:FIRST_WORDS_CHARS].rsplit(" ", 1)[0] if len(article.text) > FIRST_WORDS_CHARS else ""
    first_words = f"{beginning} …" if beginning else article.text[:FIRST_WORDS_CHARS]
    return stacked(cell(article.title, "bold"), cell(", ".join(article.authors)), cell(first_words, "dim"))


def time_of(article: Article) -> str:
    """When an article was published, as exactly as it says."""
    if article.published_at is None:
        return "no date"
    return article.published_at.strftime("%Y-%m-%d" if article.published_precision == "day" else "%Y-%m-%d %H:%M")


def words_of(article: Article) -> int:
    """Words of the text."""
    return len(article.text.split())


def show_addition(console: Console, addition: Addition, *, with_file: bool) -> None:
    """Print what a search found and would load, and the file where it is not going to be written."""
    found, proposal = addition.found, addition.proposal
    if found.problem is not None:
        console.print(cell(f"{found.problem.url}: {found.problem.reason}: {found.problem.detail}", "yellow"))
    console.print(findings_table(found.findings, proposal.sources if proposal else ()))
    if proposal is None:
        return
    console.print()
    console.print(preview_table(addition.readings))
    console.print()
    if with_file:
        console.print(Text(addition.text), soft_wrap=True)


def addition_summary(addition: Addition, *, is_written: bool) -> dict[str, Any]:
    """The same for another program."""
    proposal = addition.proposal
    used = proposal.sources if proposal else ()
    return {
        "outlet_id": proposal.outlet_id if proposal else None,
        "file": str(addition.path) if addition.path else None,
        "is_written": is_written,
        "sources": [finding_summary(finding) for finding in used],
        "others": [finding_summary(finding) for finding in addition.found.findings if finding not in used],
        "preview": [reading_summary(reading) for reading in addition.readings],
        "toml": addition.text or None,
    }


def finding_summary(finding: Finding) -> dict[str, Any]:
    """One candidate."""
    return {
        "kind": finding.candidate.kind,
        "url": finding.candidate.url,
        "found_by": finding.candidate.found_by,
        "reason": finding.reason,
        "is_usable": finding.is_usable,
        "why": finding.why(),
    }


def reading_summary(reading: Reading) -> dict[str, Any]:
    """One page."""
    article = reading.article
    summary: dict[str, Any] = {"url": reading.link.requested_url, "reason": reading.reason, "detail": reading.detail}
    if article is not None:
        summary |= {
            "title": article.title,
            "published_at": article.published_at.isoformat() if article.published_at else None,
            "authors": list(article.authors),
            "language": article.language,
            "word_count": words_of(article),
            "first_words": article.text[:FIRST_WORDS_CHARS],
            "read_by": reading.read_by,
        }
    return summary


def show_check(console: Console, check: OutletCheck) -> None:
    """Print what a check found."""
    for number, source in enumerate(check.sources, start=1):
        console.print(cell(f"{number}. {source.source.kind} {source.source.place}"), soft_wrap=True)
    console.print()
    console.print(sources_table(check.sources))
    for note in notes_of(check.sources):
        console.print(note)
    if check.readings:
        console.print()
        console.print(Group(*pages_tables(check)))
    for problem in check.problems():
        console.print(cell(problem, "yellow"))
    console.print(conclusion(check), highlight=False)


def sources_table(sources: Sequence[SourceCheck]) -> Table:
    """One row a source."""
    table = grid(
        ("#", NUMBER), ("ended", TEXT), ("items", NUMBER), ("own", NUMBER), ("foreign", NUMBER), ("excluded", NUMBER),
        ("newest", WORD), ("304", TEXT), ("articles", NUMBER),
    )  # fmt: skip
    for number, each in enumerate(sources, start=1):
        rejected = each.rejected
        table.add_row(
            str(number),
            Text(each.poll.outcome.reason, style="" if each.is_working else "yellow"),
            str(each.poll.listed_count),
            str(len(each.poll.links)),
            str(rejected[Reason.FOREIGN_HOST]),
            str(rejected[Reason.EXCLUDED_URL]),
            each.newest_at.strftime("%Y-%m-%d") if each.newest_at else "",
            each.conditional,
            f"{each.articles_count}/{len(each.readings)}" if each.readings else "",
        )
    return table


def notes_of(sources: Sequence[SourceCheck]) -> Iterator[Text]:
    """What polls say in words."""
    for number, each in enumerate(sources, start=1):
        if each.poll.outcome.detail:
            yield cell(f"{number}. {each.poll.outcome.detail}", "dim")


def pages_tables(check: OutletCheck) -> Iterator[RenderableType]:
    """The pages, how often each field is filled, and how each layout fits."""
    pages = grid(("published", WORD), ("words", NUMBER), ("read by", WORD), ("page", TEXT))
    for reading in check.readings:
        article = reading.article
        if article is None:
            about = cell(reading.detail, "dim")
            pages.add_row(
                "", "", Text(str(reading.reason), style="yellow"), stacked(cell(reading.link.requested_url), about)
            )
        else:
            pages.add_row(time_of(article), str(words_of(article)), reading.read_by, cell(article.title))
    yield pages
    articles_count = sum(reading.article is not None for reading in check.readings)
    if articles_count:
        filled = ", ".join(f"{name} {count}" for name, count in check.fill().items())
        yield Text(f"\nFilled in {articles_count} articles: {filled}.")
    for index, layout in enumerate(check.outlet.layouts):
        matches_count, tried_count, _ = check.layout_matches(index)
        of_old = f" It is for pages up to {layout.valid_until}." if layout.valid_until else ""
        yield Text(f"layout[{index}] fits {matches_count} of {tried_count} pages.{of_old}")


def conclusion(check: OutletCheck) -> str:
    """One sentence."""
    working = sum(each.is_working for each in check.sources)
    articles = sum(reading.article is not None for reading in check.readings)
    return (
        f"{check.outlet.outlet_id}: {working} of {len(check.sources)} sources work, "
        f"{articles} of {len(check.readings)} pages gave an article."
    )


def check_summary(check: OutletCheck) -> dict[str, Any]:
    """The same for another program."""
    return {
        "outlet_id": check.outlet.outlet_id,
        "is_good": check.is_good,
        "is_tls_verified": check.outlet.fetch.verify_tls,
        "sources": [source_summary(each) for each in check.sources],
        "pages": [reading_summary(reading) for reading in check.readings],
        "filled": check.fill(),
        "layouts": [
            dict(zip(("fits", "tried", "silent_rules"), check.layout_matches(index), strict=True))
            for index, _ in enumerate(check.outlet.layouts)
        ],
        "problems": check.problems(),
    }


def source_summary(each: SourceCheck) -> dict[str, Any]:
    """One source."""
    return {
        "source_id": each.source.source_id,
        "reason": each.poll.outcome.reason,
        "detail": each.poll.outcome.detail,
        "is_working": each.is_working,
        "items": each.poll.listed_count,
        "own": len(each.poll.links),
        "rejected": dict(each.rejected),
        "newest_at": each.newest_at.isoformat() if each.newest_at else None,
        "conditional": each.conditional,
        "pages": len(each.readings),
        "articles": each.articles_count,
    }
