"""Collections of feeds with expected values, which are no part of the project -> cases, and how many values are right.

Two forms are known: gofeed's, where ``X.xml`` or ``X.json`` lies beside the expected ``X.json`` or
``X_expected.json``, and feedparser's, where a comment at the top of the feed holds the headers that it came with and an
expression over feedparser's own result.
"""

from __future__ import annotations

import ast
import calendar
import json
import re
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from extractors.discover.feeds import read_feed
from extractors.discover.listings import Item
from extractors.errors import DiscoverError
from extractors.normalize.timestamps import parse_timestamp
from extractors.records import Capture

FEED_URL = "http://127.0.0.1:8097/tests/"
"""What feedparser's collection takes for its feeds' address."""
HEADER = re.compile(r"^\s*Header:\s*([A-Za-z-]+):[ \t]*(.*)$", re.MULTILINE)
EXPECTATION = re.compile(r"^\s*Expect:\s*(.*)$", re.MULTILINE)
FEEDPARSER_NAMES = {
    "title": "title",
    "link": "link",
    "published": "date",
    "updated": "date",
    "published_parsed": "date",
    "updated_parsed": "date",
}
GOFEED_NAMES = {
    "title": ("title",),
    "link": ("link", "url"),
    "date": ("publishedParsed", "pubDateParsed", "date_published", "updatedParsed", "date_modified"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One value that is expected of an entry; ``field`` is ``title``, ``link`` or ``date``."""

    entry: int
    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What wirewatch made of a feed: its items, or the reason why there are none."""

    items: tuple[Item, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCase:
    """One feed with what is expected of it."""

    case_id: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    expected: tuple[Expected, ...] = ()

    @property
    def url(self) -> str:
        """Where it is said to have come from."""
        return urljoin(FEED_URL, dict(self.headers).get("Content-Location", self.case_id))

    @property
    def is_wellformed(self) -> bool:
        """Whether it is XML as the standard has it, or JSON."""
        try:
            if self.case_id.endswith(".json"):
                json.loads(self.body)
            else:
                etree.fromstring(self.body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
        except (etree.XMLSyntaxError, ValueError):
            return False
        return True

    def read(self) -> Reading:
        """Read the feed as if it had been fetched.

        Raises:
            Exception: Whatever is no named reason: a defect.
        """
        capture = Capture(
            capture_id=self.case_id,
            outlet_id="generic",
            requested_url=self.url,
            final_url=self.url,
            http_status=200,
            headers=self.headers,
            fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
            body_sha256="",
            body_bytes=len(self.body),
            warc_file="",
            warc_offset=0,
        )
        try:
            return Reading(items=tuple(read_feed(self.body, capture).items))
        except DiscoverError as error:
            return Reading(reason=error.reason)

    def is_right(self, expected: Expected, items: Sequence[Item]) -> bool:
        """Whether an item has an expected value."""
        if expected.entry >= len(items):
            return False
        item = items[expected.entry]
        if expected.field == "title":
            return (item.hints.title or "") in (folded(expected.value), folded(text_of(expected.value)))
        if expected.field == "link":
            return item.url == urljoin(self.url, expected.value)
        wanted = parse_timestamp(expected.value)
        found = [parse_timestamp(raw) for raw in (item.hints.published, item.hints.modified) if raw]
        return wanted is not None and wanted[0] in [each[0] for each in found if each]


def read_feed_cases(folder: Path) -> Iterator[FeedCase]:
    """Read the archives and loose feeds of a folder, in the order of their names."""
    for path in sorted(folder.iterdir()):
        files = unpacked(path) if path.name.endswith(".tar.gz") else {path.name: path.read_bytes()}
        yield from cases_of(files)


def unpacked(path: Path) -> dict[str, bytes]:
    """The files of an archive, by name."""
    with tarfile.open(path) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        opened = {member.name.removeprefix("./"): archive.extractfile(member) for member in members}
        return {name: file.read() for name, file in sorted(opened.items()) if file}


def cases_of(files: Mapping[str, bytes]) -> Iterator[FeedCase]:
    """Tell feeds from the values that are expected of them."""
    for name, body in files.items():
        stem, _, suffix = name.rpartition(".")
        beside = files.get(f"{stem}_expected.json") or (files.get(f"{stem}.json") if suffix == "xml" else None)
        if suffix == "json" and not is_json_feed(body):
            continue
        expected = expected_by_gofeed(json.loads(beside)) if beside else expected_by_feedparser(body)
        headers = HEADER.findall(comment_of(body)) or [("Content-Type", "application/xml")]
        yield FeedCase(case_id=name, body=body, headers=tuple(headers), expected=tuple(expected))


def is_json_feed(body: bytes) -> bool:
    """Whether a JSON file is a feed, and not what is expected of one."""
    found = json.loads(body)
    return isinstance(found, dict) and "jsonfeed.org" in str(found.get("version")) and "feedType" not in found


def expected_by_gofeed(record: Mapping[str, Any]) -> Iterator[Expected]:
    """The values of gofeed's own result."""
    for number, entry in enumerate(record.get("items") or record.get("entries") or ()):
        values = {**entry, "link": first_link(entry)}
        for field, names in GOFEED_NAMES.items():
            value = next((str(values[name]) for name in names if values.get(name)), None)
            if value:
                yield Expected(entry=number, field=field, value=value)


def first_link(entry: Mapping[str, Any]) -> str | None:
    """The alternate of an Atom entry's links, which are records, or the link of an item."""
    links = entry.get("links") or ()
    alternates = [each.get("href") for each in links if isinstance(each, dict) and each.get("rel") == "alternate"]
    return entry.get("link") or next(iter(alternates), None)


def comment_of(body: bytes) -> str:
    """The comment at the top of a feed of feedparser's."""
    found = re.search(rb"<!--(.*?)-->", body, re.DOTALL)
    return found[1].decode("utf-8", "replace") if found else ""


def expected_by_feedparser(body: bytes) -> Iterator[Expected]:
    """The comparisons of an entry's field with a literal in the expression of a feed's comment."""
    found = EXPECTATION.search(comment_of(body))
    try:
        tree = ast.parse(found[1].strip(), mode="eval") if found else None
    except SyntaxError:
        return
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Compare) and all(isinstance(each, ast.Eq) for each in node.ops):
            yield from expected_by_comparison(node)


def expected_by_comparison(node: ast.Compare) -> Iterator[Expected]:
    """``entries[0]['title'] == 'x'`` as what is expected; several entries may be compared with one literal."""
    try:
        value = ast.literal_eval(node.comparators[-1])
    except ValueError:
        return
    if isinstance(value, tuple) and len(value) == 9:
        value = datetime.fromtimestamp(calendar.timegm(value), UTC).isoformat()
    for side in [node.left, *node.comparators[:-1]]:
        match = re.fullmatch(r"entries\[(\d+)\](?:\['(\w+)'\]|\.(\w+))", ast.unparse(side))
        field = FEEDPARSER_NAMES.get(match[2] or match[3]) if match else None
        if match and field and isinstance(value, str) and value:
            yield Expected(entry=int(match[1]), field=field, value=value)


def folded(text: str) -> str:
    """Text with its white space folded."""
    return " ".join(text.split())


def text_of(markup: str) -> str:
    """The text of an expected value that is markup; wirewatch's titles are text."""
    try:
        return "".join(map(str, html.fromstring(f"<div>{markup}</div>").itertext()))
    except (etree.LxmlError, ValueError):
        return markup
