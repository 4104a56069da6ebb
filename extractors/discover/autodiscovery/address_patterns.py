"""The addresses of an outlet's articles into the pattern that they share, or none where that is not sure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from extractors.discover.autodiscovery.home_pages import folder_of
from extractors.records import Link

FEWEST_LINKS = 5
ENOUGH_FOR_A_WORD = 20
"""Links that must share a section's name before it is thought to be in every article's address."""
ANY = "[^/?]+"
NUMBER, YEAR, DAY = r"\d+", r"\d{4}", r"\d{1,2}"
EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$", re.IGNORECASE)
NUMBER_AT_END = re.compile(r"-\d{5,}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPattern:
    """An ``include`` pattern, how it was found, and the ``cms_id`` pattern where the address holds the id."""

    include: str
    told_by: str
    cms_id: str | None = None


def pattern_of(links: Sequence[Link], home: str) -> AddressPattern | None:
    """The pattern that all of some links share.

    Only what is sure to stay is spelled out: the site's own folder (``/en/``), numbers, extensions. A year is any year.

    Args:
        links: Links of sources that list articles only.
        home: The site's home page; it must not match.

    Returns:
        ``None`` for few links, for addresses that tell articles by their query, and for shapes that would fit every
        other page of the site.
    """
    parts = [urlsplit(link.normalized_url) for link in links]
    if len(parts) < FEWEST_LINKS or any(part.query for part in parts):
        return None
    rows, folder = [folder_of(part.geturl()) for part in parts], folder_of(home)
    beginning = beginning_of(parts)
    if not rows[0] or len({len(row) for row in rows}) > 1:
        return pattern_of_folder(rows, folder, beginning)
    columns = list(zip(*rows, strict=True))
    pieces = [piece_of(column, i, folder, is_last=i + 1 == len(columns)) for i, column in enumerate(columns)]
    if pieces == [ANY]:
        return None
    slashes = {part.path.endswith("/") for part in parts}
    end = "/?$" if len(slashes) > 1 else "/$" if slashes == {True} else "$"
    include = f"^{beginning}/{'/'.join(pieces)}{end}"
    if re.search(include, home) or not all(re.search(include, link.normalized_url) for link in links):
        return None
    place = place_of_id(rows, [link.hints.cms_id for link in links])
    with_id = [r"(?P<id>\d+)" if index == place else piece for index, piece in enumerate(pieces)]
    return AddressPattern(
        include=include,
        told_by=f"each of the {len(rows)} listed links has this shape",
        cms_id=f"^{beginning}/{'/'.join(with_id)}{end}" if place is not None else None,
    )


def pattern_of_folder(
    rows: Sequence[tuple[str, ...]], folder: tuple[str, ...], beginning: str
) -> AddressPattern | None:
    """The pattern of addresses that share nothing but the site's own folder; ``None`` at the root of a host."""
    if not folder or not all(row[: len(folder)] == folder and len(row) > len(folder) for row in rows):
        return None
    below = "/".join(map(escaped, folder))
    told_by = f"each of the {len(rows)} listed links is below this folder"
    return AddressPattern(include=f"^{beginning}/{below}/.", told_by=told_by)


def beginning_of(parts: Sequence[SplitResult]) -> str:
    """Scheme and host as a pattern."""
    schemes, hosts = sorted({part.scheme for part in parts}), sorted({part.netloc for part in parts})
    scheme = schemes[0] if len(schemes) == 1 else "https?"
    host = escaped(hosts[0]) if len(hosts) == 1 else f"(?:{'|'.join(map(escaped, hosts))})"
    return f"{scheme}://{host}"


def piece_of(column: Sequence[str], index: int, folder: Sequence[str], *, is_last: bool) -> str:
    """One segment of all the addresses as a pattern."""
    values = set(column)
    if all(map(is_number, values)):
        if not is_last and all(re.fullmatch(r"(?:19|20)\d\d", value) for value in values):
            return YEAR
        return DAY if not is_last and all(len(value) <= 2 for value in values) else NUMBER
    if len(values) == 1 and (folder[index : index + 1] == (column[0],) or len(column) >= ENOUGH_FOR_A_WORD):
        return escaped(column[0])
    extensions = {(found[0] if (found := EXTENSION.search(value)) else "") for value in values}
    extension = extensions.pop() if len(extensions) == 1 else ""
    has_number = all(NUMBER_AT_END.search(value.removesuffix(extension)) for value in values)
    return f"{ANY}{r'-[0-9]+' if has_number else ''}{escaped(extension)}"


def escaped(text: str) -> str:
    """A text as a pattern, a hyphen as it is."""
    return re.escape(text).replace(r"\-", "-")


def place_of_id(rows: Sequence[Sequence[str]], ids: Sequence[str | None]) -> int | None:
    """The segment that is a number in every address, and the content management system's id where that is known."""
    known = [(row, each) for row, each in zip(rows, ids, strict=True) if each]
    if len(known) < FEWEST_LINKS:
        return None
    numbers = [place for place in range(len(rows[0])) if all(is_number(row[place]) for row in rows)]
    return next((place for place in numbers if all(row[place] == each for row, each in known)), None)


def is_number(text: str) -> bool:
    """Whether a segment is made of the digits 0 to 9."""
    return text.isascii() and text.isdigit()


def article_like(links: Sequence[Link]) -> list[Link]:
    """Of a page's links those that look like articles: with the shape that most of the likely ones share."""
    likely = [link for link in links if looks_like_article(link.normalized_url)]
    shapes = Counter(len(folder_of(link.normalized_url)) for link in likely)
    if not shapes:
        return []
    commonest = shapes.most_common(1)[0][0]
    return [link for link in likely if len(folder_of(link.normalized_url)) == commonest]


def looks_like_article(url: str) -> bool:
    """Whether an address ends in a headline of four words or more, in a number, or in a day."""
    path = urlsplit(url).path.rstrip("/")
    last = EXTENSION.sub("", path.rpartition("/")[2])
    has_words = len([word for word in re.split(r"[-_]", last) if word]) >= 4
    return (
        has_words or re.search(r"/(?:19|20)\d\d/\d{1,2}/", path) is not None or re.search(r"\d{4,}$", last) is not None
    )
