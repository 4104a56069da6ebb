"""What differs between two readings of a page though nobody edited it: named rules that a person can read.

A difference that these rules explain makes no revision. Beside a real edit it is left out of the diff, and hides
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from warehouse.history.calendar_words import MONTH_WORDS
from warehouse.history.words import Span, tokens

# Possessive (*+): nothing is tried twice, so that no page can hold a load up.
COUNT = r"\d[\d.,٫٬\u00a0\u202f]*+\s?[kKmM]?"
EDGE = r"[^\w\n]*+"
"""What may stand around a line's words: spaces, bullets, icons, brackets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseRule:
    """Passages of a text that say nothing of the news; ``example`` is one that the pattern finds."""

    name: str
    example: str
    pattern: re.Pattern[str]


def counter_line(*labels: str) -> re.Pattern[str]:
    """A whole line that is a count and its label, in either order, or the label alone."""
    label = "|".join(labels)
    counted = rf"(?:(?:عدد\s+)?(?:{label}){EDGE}{COUNT}|{COUNT}\s*(?:{label})|(?:no|لا|لا توجد)\s+(?:{label}))"
    return re.compile(rf"^{EDGE}{counted}{EDGE}$", re.IGNORECASE | re.MULTILINE)


UNITS = {
    "en": r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?)",
    "fr": r"(?:secondes?|minutes?|min|heures?|h|jours?)",
    "de": r"(?:Sekunden?|Minuten?|Min\.?|Stunden?|Tage?n?)",
    "es": r"(?:segundos?|minutos?|min|horas?|días?)",
    "tr": r"(?:saniye|dakika|dk\.?|saat|gün)",
    "ar": r"(?:ثانية|ثوان[يٍ]?|دقيقة|دقيقتين|دقائق|ساعة|ساعتين|ساعات|يوم|يوماً|يومين|أيام)",
}
AGO = "|".join(
    (
        rf"(?:{COUNT}|an?|one)\s*{UNITS['en']}\s+ago|just\s+now",
        rf"il\s+y\s+a\s+(?:{COUNT}|une?)\s*{UNITS['fr']}",
        rf"vor\s+(?:{COUNT}|einer|einem)\s*{UNITS['de']}(?:\s+aktualisiert)?",
        rf"hace\s+(?:{COUNT}|una?)\s*{UNITS['es']}",
        rf"(?:{COUNT}|bir)\s*{UNITS['tr']}\s+önce(?:\s+güncellendi)?",
        rf"(?:منذ|قبل)\s+(?:{COUNT}\s+)?{UNITS['ar']}",
    )
)
UPDATED = (
    r"(?:(?:last\s+)?(?:updated|modified)|published|posted|mis(?:e)?\s+à\s+jour|publié|(?:zuletzt\s+)?aktualisiert|"
    r"actualizado|publicado|(?:son\s+)?güncelleme|(?:آخر\s+|تم\s+ال)?تحديث|نشر)"
)
STAMP_WORDS = r"at|on|am|pm|a\.m|p\.m|gmt|utc|cet|bst|est|edt|à|le|um|uhr|a las|el|de|saat|في|الساعة|بتوقيت"
# Months are listed with a plain alef; pages write it in four ways.
MONTH = "|".join(sorted(MONTH_WORDS, key=len, reverse=True)).replace("ا", "[اأإآ]")
STAMP = rf"(?:\d|(?<=\d)(?:st|nd|rd|th)|{MONTH}|{STAMP_WORDS}|[^\w\n])"

RULES = (
    NoiseRule(
        name="view_count",
        example="1,204 views",
        pattern=counter_line(
            "views?",
            "page ?views?",
            "reads?",
            "hits?",
            "vues?",
            "lectures?",
            "Aufrufe?",
            "Zugriffe",
            "vistas",
            "visitas",
            "lecturas",
            "visualizaciones",
            "okunma",
            "görüntülen?me",
            "(?:ال)?مشاهد(?:ة|ات)",
            "(?:ال)?قراء(?:ة|ات)",
            "(?:ال)?زيار(?:ة|ات)",
        ),
    ),
    NoiseRule(
        name="share_count",
        example="Shares: 31",
        pattern=counter_line(
            "shares?",
            "likes?",
            "retweets?",
            "tweets?",
            "partages?",
            "j['’]aime",
            "(?:mal )?geteilt",
            "compartidos?",
            "me gusta",
            "paylaşım",
            "beğeni",
            "(?:ال)?مشارك(?:ة|ات)",
            "(?:ال)?إعجاب(?:ات)?",
        ),
    ),
    NoiseRule(
        name="comment_count",
        example="12 comments",
        pattern=counter_line(
            "comments?",
            "commentaires?",
            "Kommentare?",
            "comentarios?",
            "yorum(?:lar)?",
            "(?:ال)?تعليق(?:ات)?",
        ),
    ),
    NoiseRule(
        name="reading_time",
        example="3 min read",
        pattern=counter_line(
            r"min(?:ute)?s?\s+read",
            r"reading\s+time",
            r"min(?:utes)?\s+de\s+lecture",
            r"Min(?:uten|\.)?\s+Lesezeit",
            r"min(?:utos)?\s+de\s+lectura",
            r"d(?:a)?k(?:ika)?\s+okuma(?:\s+süresi)?",
            r"(?:دقيقة|دقائق)\s+(?:لل)?قراءة",
        ),
    ),
    NoiseRule(
        name="time_ago",
        example="5 minutes ago",
        pattern=re.compile(rf"^{EDGE}(?:{AGO}){EDGE}$", re.IGNORECASE | re.MULTILINE),
    ),
    NoiseRule(
        name="updated_ago",
        example="By Ana Marsh | Updated 5 minutes ago",
        pattern=re.compile(rf"\b{UPDATED}{EDGE}(?:{AGO})(?!\w)", re.IGNORECASE),
    ),
    NoiseRule(
        name="updated_stamp",
        example="Last updated: 3 March 2026, 14:05 GMT",
        pattern=re.compile(rf"^{EDGE}{UPDATED}(?!\w){STAMP}++$", re.IGNORECASE | re.MULTILINE),
    ),
    # Arabic pages of SOHR show their view count without a label, above or below the text (November 2026).
    NoiseRule(
        name="bare_count",
        example="A line of text\n512",
        pattern=re.compile(rf"\A{EDGE}{COUNT}{EDGE}\n|\n{EDGE}{COUNT}{EDGE}\Z"),
    ),
)
"""Every passage that one of these finds is left out of a comparison. Spaces and most punctuation are, too: see
``words.tokens``."""

PICTURE_PARAMETERS = frozenset(
    [
        "itok",
        "h",
        "w",
        "width",
        "height",
        "q",
        "quality",
        "fit",
        "crop",
        "resize",
        "ssl",
        "v",
        "ver",
        "t",
        "ts",
        "timestamp",
        "cb",
        "auto",
        "format",
        "s",
        "fm",
        "dpr",
    ]
)
"""Parameters of an image's address that name a rendering or a cache, not a picture."""
PICTURE_STYLE = re.compile(r"/styles/[^/]+/public/")
PICTURE_SIZE = re.compile(r"-\d{2,4}x\d{2,4}(?=\.\w{3,4}$)")

WORDED_FIELDS = frozenset(
    [
        "title",
        "kicker",
        "standfirst",
        "dateline",
        "text",
        "corrections",
        "byline",
        "section",
        "image_caption",
        "image_credit",
    ]
)


def noise_spans(text: str) -> list[Span]:
    """Where the rules find noise in a text."""
    return [match.span() for rule in RULES for match in rule.pattern.finditer(text)]


@lru_cache(maxsize=256)
def essence(text: str) -> tuple[str, ...]:
    """Words of a text without noise: two texts with one essence say the same."""
    return tuple(token.key for token in tokens(text, without=noise_spans(text)))


def picture(url: str) -> str:
    """An image's address without what names its rendering: query, style of Drupal, size of WordPress."""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in PICTURE_PARAMETERS]
    path = PICTURE_SIZE.sub("", PICTURE_STYLE.sub("/", parts.path))
    return parts._replace(scheme="", path=path, query=urlencode(query)).geturl()


REDUCTIONS: dict[str, Callable[..., object]] = {
    **dict.fromkeys(WORDED_FIELDS, essence),
    "image_url": picture,
}
"""By field, what of a value counts; a field that is not here counts as it is, such as the order of tags."""


def says_the_same(field: str, before: object, after: object) -> bool:
    """Whether two values of a field differ by noise alone. A value that has nothing but noise is as good as none."""
    reduce = REDUCTIONS.get(field)
    if before == after or reduce is None:
        return before == after
    return reduce(before or "") == reduce(after or "")
