"""Turns the bytes of a robots.txt into the rules for one crawler, after RFC 9309 section 2.2.

Own code in place of a library: Protego lets a Crawl-delay end a group, cuts no version off a name, and takes other
characters than CR and LF for the end of a line; section 2.2 is short enough to be followed to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PRODUCT_TOKEN = "wirewatch"  # noqa: S105 - RFC 9309's word for the name that a group of rules is addressed to
MAX_ROBOTS_BYTES = 512_000
"""RFC 9309 section 2.5 asks for at least 500 KiB; what comes after it is not read."""
BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xfe\xff"
"""Some files begin with one, or with a part of one."""

END_OF_LINE = re.compile(r"\r\n?|\n")
ANY_AGENT = "*"
ANY_AGENT_VALUE = re.compile(r"\*(?!\S)")
TOKEN = re.compile(r"[A-Za-z_-]+")

USER_AGENT = frozenset(("user-agent", "useragent", "user agent"))
ALLOW = frozenset(("allow",))
DISALLOW = frozenset(("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"))
CRAWL_DELAY = frozenset(("crawl-delay", "crawl delay"))
SITEMAP = frozenset(("sitemap", "sitemaps", "site-map"))
"""The fields that are read; the spellings beside the right ones are those that other readers forgive too."""

STARS = re.compile(r"\*+")
TO_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}|[^!-~]|[*$]")
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
PLAIN_IN_QUERY = UNRESERVED | frozenset(":/?@!'(),;")
"""Section 2.2.2, figure 4: inside a query, an escaped ``https://`` and a plain one are the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One ``Allow`` or ``Disallow`` line: the pieces of its pattern between the stars, in comparable form."""

    is_allowed: bool
    length: int
    pieces: tuple[str, ...]
    is_anchored: bool

    def matches(self, target: str) -> bool:
        """Whether the pattern fits the beginning of a path and query, or all of it where it ends in ``$``.

        Each piece is looked for behind the one before it, so that no pattern costs more than its own length and the
        target's.
        """
        first, *rest = self.pieces
        if not target.startswith(first):
            return False
        at = len(first)
        last = rest.pop() if rest and self.is_anchored else None
        for piece in rest:
            found = target.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        if last is not None:
            return target.endswith(last) and len(target) - len(last) >= at
        return not self.is_anchored or at == len(target)


@dataclass(slots=True, kw_only=True)
class Group:
    """What a file says to one crawler; the groups that name the same one are read as one."""

    rules: list[Rule] = field(default_factory=list)
    crawl_delay: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRules:
    """What a robots.txt says to one crawler; ``rules`` are in the order in which they count."""

    rules: tuple[Rule, ...]
    crawl_delay: float | None
    sitemaps: tuple[str, ...]

    def can_fetch(self, url: str) -> bool:
        """Whether a URL may be fetched: the longest pattern that fits says so, and ``Allow`` before ``Disallow``."""
        parts = urlsplit(url.encode("utf-8", "replace").decode())
        has_query = "?" in url.partition("#")[0]
        target = comparable(parts.path or "/", parts.query if has_query else None)
        if target == "/robots.txt":
            return True
        return next((rule.is_allowed for rule in self.rules if rule.matches(target)), True)


def parse_robots(body: bytes, *, agent: str = PRODUCT_TOKEN) -> RobotsRules:
    """Read a robots.txt; whatever is no rule is passed over, so anybody's bytes will do.

    Args:
        body: The file; what comes after the first 500 KiB is not read.
        agent: The product token whose group counts; without a group of its own, the group for all.
    """
    head = body[:MAX_ROBOTS_BYTES].lstrip(BYTE_ORDER_MARKS).replace(b"\x00", b"")
    # octets that are no UTF-8 stay themselves, to be compared as escapes
    text = head.decode("utf-8", errors="surrogateescape")
    ours = agent.lower()
    groups: dict[str, Group] = {}
    current: dict[str, Group] = {}
    sitemaps: list[str] = []
    is_naming = False
    for name, value in read_lines(text):
        if name in SITEMAP:
            sitemaps.append(value)
        elif name in USER_AGENT:
            if not is_naming:
                current = {}
            is_naming = True
            # of all others nothing is kept: a file may name ten thousand before ten thousand rules
            if (token := token_of(value)) in (ours, ANY_AGENT):
                current[token] = groups.setdefault(token, Group())
        elif name in ALLOW or name in DISALLOW:
            # only these end the list of names: other records must not interfere, section 2.2.4
            is_naming = False
            add_rule(current.values(), value, is_allowed=name in ALLOW)
        elif name in CRAWL_DELAY and (seconds := read_seconds(value)) is not None:
            for group in current.values():
                group.crawl_delay = seconds
    group = groups.get(ours) or groups.get(ANY_AGENT) or Group()
    return RobotsRules(
        rules=tuple(sorted(group.rules, key=lambda rule: (-rule.length, not rule.is_allowed))),
        crawl_delay=group.crawl_delay,
        sitemaps=tuple(filter(None, sitemaps)),
    )


def read_lines(text: str) -> Iterator[tuple[str, str]]:
    """The fields of a file with their values; the colon may be missing between two words."""
    for line in END_OF_LINE.split(text):
        record = line.partition("#")[0].strip()
        name, colon, value = record.partition(":")
        if not colon:
            words = record.split()
            if len(words) != 2:
                continue
            name, value = words
        yield name.strip().lower(), value.strip()


def token_of(value: str) -> str:
    """Whom a group is for: the product token at the start of the value, or the star for all.

    ``""`` where the value starts with neither; its rules are nobody's. What follows the token, such as a version, does
    not count.
    """
    if ANY_AGENT_VALUE.match(value):
        return ANY_AGENT
    found = TOKEN.match(value)
    return found[0].lower() if found else ""


def add_rule(groups: Iterable[Group], pattern: str, *, is_allowed: bool) -> None:
    """Add a rule to the groups that a list of names has opened; an empty pattern fits nothing."""
    if not pattern:
        return
    rule = make_rule(pattern, is_allowed=is_allowed)
    for group in groups:
        group.rules.append(rule)


def make_rule(pattern: str, *, is_allowed: bool) -> Rule:
    """Read a pattern; one that starts with neither slash nor star is meant from the root."""
    rooted = pattern if pattern[0] in "/*" else f"/{pattern}"
    body = rooted.removesuffix("$")
    folded = STARS.sub("*", body)
    path, mark, query = folded.partition("?")
    pieces = [comparable(piece) for piece in path.split("*")]
    if mark:
        of_query = [comparable_query(piece) for piece in query.split("*")]
        pieces = [*pieces[:-1], f"{pieces[-1]}?{of_query[0]}", *of_query[1:]]
    return Rule(
        is_allowed=is_allowed,
        length=len("*".join(pieces)) + (body != rooted),
        pieces=tuple(pieces),
        is_anchored=body != rooted,
    )


def comparable(path: str, query: str | None = None) -> str:
    """A path, with its query where it has one, as section 2.2.2 has it compared."""
    found = TO_ESCAPE.sub(lambda match: escape(match[0], UNRESERVED), path)
    return found if query is None else f"{found}?{comparable_query(query)}"


def comparable_query(query: str) -> str:
    """A query as section 2.2.2 has it compared."""
    return TO_ESCAPE.sub(lambda match: escape(match[0], PLAIN_IN_QUERY), query)


def escape(found: str, plain: frozenset[str]) -> str:
    """One escape as the character that it stands for, if that is plain; else it, or a character, as escapes."""
    if len(found) == 3:
        character = chr(int(found[1:], 16))
        return character if character in plain else found.upper()
    return "".join(f"%{octet:02X}" for octet in found.encode("utf-8", "surrogateescape"))


def read_seconds(value: str) -> float | None:
    """A number of seconds that can be waited for, or ``None``."""
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None
