"""URLs as sources and pages spell them into the one form by which wirewatch tells them apart (RFC 3986, section 6.2).

A normalized URL is a name, not an address to fetch: the fetch stage asks for the URL as it was listed.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit, urlunsplit

from extractors.errors import Reason
from extractors.outlets import Outlet, compiled

LONGEST_CHARS = 4_000
AROUND = "".join(map(chr, range(33))) + "\xa0\ufeff"
LINE_BREAK = re.compile(r"[\t\r\n]")
DEFAULT_PORTS = {"http": 80, "https": 443}
HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")

TRACKING_PREFIXES = ("utm_", "at_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "__hs", "oly_", "vero_", "ns_", "fb_")
"""Beginnings of names of query parameters that say where a reader came from, not what is read."""

TRACKING_NAMES = frozenset(
    (
        # click identifiers of advertising networks
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid"),
        *("li_fat_id", "epik", "rb_clickid", "srsltid", "s_kwcid", "ef_id", "wickedid", "irclickid", "_openstat"),
        # mail and analytics
        *("mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi", "hsctatracking", "mkt_tok", "elqtrackid", "elqtrack"),
        *("guccounter", "guce_referrer", "guce_referrer_sig", "ncid", "ocid", "xtor", "wt_mc", "s_cid", "cmpid", "cmp"),
        # where a link was shared or listed; traffic_source=rss is on every link of a feed seen in 2026
        *("traffic_source", "igshid", "igsh", "ref_src", "ref_url", "smid", "smtyp", "intcmp", "icid", "mbid", "spm"),
        *("sr_share", "echobox", "__twitter_impression", "trk", "trkcampaign", "action_object_map", "action_ref_map"),
    )
)
"""Names of query parameters that say where a reader came from, in lower case."""

ESCAPED_AMPERSAND = re.compile(r"^(?:amp;)+")
SESSION_ID = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
IMAGE_STYLE = re.compile(r"/styles/[^/]+/(?:public|private)/")
IMAGE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)$", re.IGNORECASE)

UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
KEPT_IN_PATH = UNRESERVED | frozenset(b"!$&'()*+,;=:@/")
KEPT_IN_QUERY = KEPT_IN_PATH | frozenset(b"?")


@lru_cache(maxsize=512)
def normalize(url: str) -> str:
    """Spell a URL in its normal form.

    Scheme and host in lower case, an international host in its ASCII form; no credentials, default port, fragment,
    session id or tracking parameter; no dot segments; percent-encoding in capitals and only where it is needed, so
    that a letter has one spelling whether it came raw or encoded. Query parameters keep their order: patterns of an
    outlet are written against the URL as it is seen. A trailing slash is kept or left out as it came.

    Args:
        url: An absolute URL; white space around it and line breaks inside are dropped, as browsers do.

    Raises:
        ValueError: It is no absolute http or https URL, its host or port is none, or it is longer than 4,000
            characters, as it is or in its normal form.
    """
    cleaned = LINE_BREAK.sub("", url.strip(AROUND))
    if len(cleaned) > LONGEST_CHARS:
        raise ValueError(f"a URL of {len(cleaned)} characters")
    parts = urlsplit(cleaned)
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise ValueError(f"{cleaned[:80]!r} is not an absolute http or https URL")
    if "\\" in parts.netloc:
        raise ValueError("a backslash before the path: readers do not agree on the host")
    host = normal_host(parts.hostname or "")
    port = "" if parts.port in (None, DEFAULT_PORTS[scheme]) else f":{parts.port}"
    path = remove_dot_segments(SESSION_ID.sub("", recode(parts.path.replace("\\", "/"), KEPT_IN_PATH)))
    normal = urlunsplit((scheme, f"{host}{port}", path or "/", normal_query(parts.query), ""))
    if len(normal) > LONGEST_CHARS:
        raise ValueError(f"a URL of {len(normal)} characters with its letters encoded")
    return normal


def normalize_url(url: str, outlet: Outlet) -> str:
    """Spell a URL in its normal form for an outlet.

    Besides what :func:`normalize` does: http becomes https on the outlet's hosts where its homepage is https, and the
    outlet's ``urls.rewrite`` rules are applied once each, in order.

    Raises:
        ValueError: As :func:`normalize`, also for what a rule made of the URL.
    """
    normal = normalize(url)
    if normal.startswith("http://") and outlet.homepage.lower().startswith("https://"):
        host = host_of(normal)
        if outlet.has_host(host) and ":" not in host:
            normal = f"https://{normal.removeprefix('http://')}"
    rewritten = normal
    for rule in outlet.urls.rewrite:
        rewritten = compiled(rule.pattern).sub(rule.replace, rewritten)
    return normal if rewritten == normal else normalize(rewritten)


def link_problem(url: str, outlet: Outlet) -> Reason | None:
    """Tell why a URL is none of an outlet's articles.

    Returns:
        ``bad_url``, ``foreign_host`` or ``excluded_url``; ``None`` where the URL may be fetched. The host is looked
        at before the outlet's rewrite rules, since it is the one that would be asked; ``include`` and ``exclude``
        see the normalized URL.
    """
    try:
        host = host_of(url)
        normal = normalize_url(url, outlet)
    except ValueError:
        return Reason.BAD_URL
    if not outlet.has_host(host):
        return Reason.FOREIGN_HOST
    return None if outlet.accepts_url(normal) else Reason.EXCLUDED_URL


def is_home(url: str, outlet: Outlet) -> bool:
    """Whether a URL is the outlet's home page, or the root of one of its hosts."""
    normal = normalize_url(url, outlet)
    if normal == normalize_url(outlet.homepage, outlet):
        return True
    parts = urlsplit(normal)
    return outlet.has_host(parts.netloc) and parts.path == "/" and not parts.query


def led_home(requested_url: str, final_url: str, outlet: Outlet) -> bool:
    """Whether an address that was not the home page's led there."""
    if requested_url == final_url or not is_home(final_url, outlet):
        return False
    return normalize_url(requested_url, outlet) != normalize_url(final_url, outlet)


def cms_id_of(url: str, outlet: Outlet) -> str | None:
    """Find the content management system's id of an article in its URL, by the outlet's ``urls.cms_id``.

    Returns:
        The id; ``None`` where the outlet has no such pattern, or it finds nothing in the normalized URL.
    """
    if outlet.urls.cms_id is None:
        return None
    try:
        match = compiled(outlet.urls.cms_id).search(normalize_url(url, outlet))
    except ValueError:
        return None
    return match["id"] or None if match else None


def host_of(url: str) -> str:
    """Host of a URL as outlets list it: ``host``, or ``host:port`` where the port is not the scheme's own.

    Raises:
        ValueError: As :func:`normalize`.
    """
    return urlsplit(normalize(url)).netloc


def image_key(url: str) -> str:
    """Spell an image's URL without what only chooses a rendition of it.

    Drupal's ``styles/<style>/public`` and the query of an image file go; the query of a script that serves images
    by number stays. What is no URL is returned as it came.
    """
    try:
        parts = urlsplit(normalize(url))
    except ValueError:
        return url.strip()
    query = "" if IMAGE_FILE.search(parts.path) else parts.query
    return urlunsplit((parts.scheme, parts.netloc, IMAGE_STYLE.sub("/", parts.path, count=1), query, ""))


def normal_host(host: str) -> str:
    """A host name in lower case and ASCII, or an address of version 6 in its shortest form."""
    if ":" in host and "%" not in host:
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    if len(host) > 253:
        raise ValueError("a host of more than 253 characters")
    name = host if host.isascii() else host.encode("idna").decode("ascii")
    name = name.lower().removesuffix(".")
    if not HOST_NAME.fullmatch(name):
        raise ValueError(f"{host[:80]!r} is not a host")
    return name


def normal_query(query: str) -> str:
    """A query without tracking parameters and empty pieces, percent-encoded in one way."""
    pieces = [ESCAPED_AMPERSAND.sub("", piece) for piece in recode(query, KEPT_IN_QUERY).split("&")]
    return "&".join(piece for piece in pieces if piece and not is_tracking(piece.partition("=")[0]))


def is_tracking(name: str) -> bool:
    """Whether a query parameter's name only says where a reader came from."""
    lower = unquote(name).lower()
    return lower in TRACKING_NAMES or lower.startswith(TRACKING_PREFIXES)


def recode(text: str, kept: frozenset[int]) -> str:
    """Percent-encode what must be, decode what need not be, and leave encoded delimiters as they are.

    An encoded delimiter means something else than a bare one (RFC 3986, section 2.2), so ``%2F`` stays.
    """
    out: list[str] = []
    for encoded, plain in re.findall(r"%([0-9A-Fa-f]{2})|(%|[^%]+)", text):
        if encoded:
            byte = int(encoded, 16)
            out.append(chr(byte) if byte in UNRESERVED else f"%{byte:02X}")
        else:
            raw = plain.encode("utf-8", "replace")
            out.extend(chr(byte) if byte in kept else f"%{byte:02X}" for byte in raw)
    return "".join(out)


def remove_dot_segments(path: str) -> str:
    """A path without ``.`` and ``..`` segments (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    out: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            out = out[:-1]
        elif segment != ".":
            out.append(segment)
    if segments[-1] in (".", ".."):
        out.append("")
    return "/" + "/".join(out)
