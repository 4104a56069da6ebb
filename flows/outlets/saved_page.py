"""``wirewatch outlets check OUTLET --page FILE``: each layout on a saved page, side by side with the general rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractors.content_encoding import decode_body
from extractors.discover.folders import read_file, told_by
from extractors.layout_readings import LayoutReading, PageReading, lines_only_in, read_by_layouts, text_lines
from extractors.outlets import Outlet
from extractors.readings import RULES
from extractors.records import Capture, Extraction
from flows.outlets.tables import WORD, cell, grid, stacked
from flows.runs.run import now
from flows.settings import Workspace

FIELDS = {rule: "published_at" if rule == "published" else rule for rule in RULES}
"""The rules of a layout, and the fields of an article that they give."""
SHOWN_LINES = 12
SHOWN_CHARS = 300


def read_saved_page(workspace: Workspace, outlet_id: str, path: Path) -> tuple[Outlet, PageReading]:
    """Read one file with an outlet's rules; nothing is asked of the network, and nothing is written.

    Raises:
        ConfigurationError: There is no such outlet.
        BodyError: ``file_error``, ``too_large``, ``bad_encoding`` or ``truncated_body``.
    """
    (outlet,) = workspace.select([outlet_id])
    max_bytes = workspace.settings.fetch.max_body_bytes
    raw_body, _ = read_file(path, path.resolve().parent, max_bytes)
    body = decode_body([raw_body], "gzip" if path.suffix == ".gz" else None, max_bytes=max_bytes)
    url = told_by(body).url or outlet.homepage.rstrip("/") + f"/{path.name}"
    capture = Capture(
        capture_id="",
        outlet_id=outlet.outlet_id,
        requested_url=url,
        final_url=url,
        http_status=200,
        headers=(("Content-Type", "text/html"),),
        fetched_at=now(),
        body_sha256="",
        body_bytes=len(body),
        warc_file="",
        warc_offset=0,
    )
    return outlet, read_by_layouts(body, capture, outlet)


def show_saved_page(console: Console, outlet: Outlet, page: PageReading) -> None:
    """Print what each layout takes from a page."""
    console.print(cell(f"{outlet.outlet_id}: {page.url}"), soft_wrap=True)
    for index, reading in enumerate(page.layouts):
        console.print()
        console.print(layout_table(f"layout[{index}]", reading, page.general))
        for line in differences(f"layout[{index}]", reading, page.general):
            console.print(line)
    if not page.layouts:
        console.print()
        console.print(general_table(page.general))
        console.print(cell("The outlet has no layout: this is what the general rules read.", "dim"))


def layout_table(name: str, reading: LayoutReading, general: Extraction) -> Table:
    """What the layout gives, field by field, with the words that its rule takes, and what the general rules give."""
    table = grid(("field", WORD), (name, {"ratio": 1}), ("general rules", {"ratio": 1}))
    for rule, field in FIELDS.items():
        table.add_row(rule, by_rule(reading, rule), cell(shortened(value_of(general, field))))
    table.add_row("text", text_cell(reading.read), text_cell(general))
    return table


def general_table(general: Extraction) -> Table:
    """The same for an outlet without a layout."""
    table = grid(("field", WORD), ("general rules", {"ratio": 1}))
    for rule, field in FIELDS.items():
        table.add_row(rule, cell(shortened(value_of(general, field))))
    table.add_row("text", text_cell(general))
    return table


def by_rule(reading: LayoutReading, rule: str) -> Text:
    """What a rule gives: the field as it would be loaded and, where they differ, the words that the rule takes."""
    if rule not in reading.taken:
        return cell("no rule", "dim")
    if not reading.taken[rule]:
        return cell(f"finds nothing: {getattr(reading.layout, rule)}", "yellow")
    taken = " ¦ ".join(reading.taken[rule])
    loaded = value_of(reading.read, FIELDS[rule])
    return stacked(cell(shortened(loaded)), cell(shortened(f"from: {taken}"), "dim") if taken != loaded else None)


def value_of(read: Extraction, field: str) -> str:
    """A field as text; empty where the page is no article or has no such thing."""
    value = getattr(read.article, field, None)
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


def text_cell(read: Extraction) -> Text:
    """How long a text is, how it begins and ends, and why the page is no article."""
    lines = text_lines(read)
    about = f"{len(lines)} lines, {sum(len(line.split()) for line in lines)} words"
    verdict = cell(f"no article: {read.reason} {read.detail}", "yellow") if read.article is None else None
    return stacked(verdict, cell(about), *(cell(shortened(line), "dim") for line in (*lines[:1], *lines[1:][-1:])))


def differences(name: str, reading: LayoutReading, general: Extraction) -> Iterator[Text]:
    """What ``body`` finds, what ``drop`` takes out, and the lines that only one of the texts has."""
    layout = reading.layout
    if layout.valid_until is not None:
        yield cell(f"{name} is for pages up to {layout.valid_until}.", "dim")
    if not reading.bodies_count:
        yield cell(f"{name}.body finds nothing: {layout.body}", "yellow")
    elif not reading.lines:
        yield cell(f"{name}.body finds an element without text: {layout.body}", "yellow")
    for rule, lines in reading.dropped.items():
        if lines:
            yield from block(f"{name}.drop {rule} takes out:", lines)
        else:
            yield cell(f"{name}.drop finds no text in the body: {rule}", "yellow")
    if reading.lines:
        yield from block(f"Only in the text by {name}:", lines_only_in(reading.read, general))
        yield from block("Only in the text by the general rules:", lines_only_in(general, reading.read))


def block(heading: str, lines: Sequence[str]) -> Iterator[Text]:
    """A heading and the first of some lines; nothing where there are none."""
    if lines:
        yield cell(heading, "bold")
        yield from (cell(shortened(line), "dim") for line in lines[:SHOWN_LINES])
    if len(lines) > SHOWN_LINES:
        yield cell(f"  ... and {len(lines) - SHOWN_LINES} more", "dim")


def shortened(text: str) -> str:
    """The beginning of a text."""
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS].rsplit(' ', 1)[0]} …"


def is_fitting(page: PageReading) -> bool:
    """Whether a layout gives an article or, where there is none, the general rules do."""
    reads: Iterable[Extraction] = [each.read for each in page.layouts if each.lines] if page.layouts else [page.general]
    return any(read.article is not None for read in reads)


def saved_page_summary(outlet: Outlet, page: PageReading) -> dict[str, Any]:
    """The same for another program."""
    return {
        "outlet_id": outlet.outlet_id,
        "url": page.url,
        "is_good": is_fitting(page),
        "general": read_summary(page.general),
        "layouts": [
            {
                **read_summary(each.read),
                "is_match": bool(each.lines),
                "taken": each.taken,
                "dropped": each.dropped,
                "only_here": lines_only_in(each.read, page.general),
                "only_general": lines_only_in(page.general, each.read),
            }
            for each in page.layouts
        ],
    }


def read_summary(read: Extraction) -> dict[str, Any]:
    """A page as it would be loaded."""
    return {
        "reason": read.reason,
        "detail": read.detail,
        **{field: value_of(read, field) or None for field in FIELDS.values()},
        "text": "\n".join(text_lines(read)),
    }
