"""Bylines -> whom they credit: people, agencies and other bodies, without roles, places, addresses and handles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from extractors.normalize.agencies import agency_named
from extractors.normalize.candidates import Candidate
from extractors.normalize.credits import HOST, credit_of, is_whole_name, unique
from extractors.normalize.texts import clean_line, squeezed
from extractors.normalize.titles import known_names, squeezed_name
from extractors.records import Credit, CreditKind

MAX_CREDITS = 30
MAX_BYLINE_CHARS = 1_000

BY = r"by|von|vom|par|por|da|di|a cura di|de|door|av|af|przez|yazan|oleh|tarafından|kirjoittanut"
OPENING = re.compile(
    r"^(?:(?:written|words|stor(?:y|ies)|report(?:s|ed|ing)?|analysis|comment|opinion|text|posted|published|compiled|"
    r"created|submitted|article|artikel|beitrag|gespeichert|eingestellt|saved|interview|"
    r"ein (?:kommentar|gastbeitrag|interview)|geschrieben|veröffentlicht|verfasst|erstellt|"
    r"publié|rédigé|écrit|publicado|escrito|scritto|pubblicato|geplaatst|geschreven|skrevet|skriven|opublikowan[eyo]|"
    r"napisan[eyo])\s+)?"
    rf"(?:{BY})\s*:?\s+|"
    r"^(?:authors?|autor(?:in|en|es|a|as)?(?:/autor(?:in)?)?|autore|autori|auteurs?|verfasser(?:in)?|redactor|"
    r"reporters?|report|text|texte|texto|testo|tekst|interview|analyse|kommentar|haber|yazar|نویسنده|به قلم)\s*:\s*|"
    r"^(?:autorin/autor|autor/in|autor\*in|(?-i:Author|Autor(?:in)?|Auteur|Autore)(?=\s(?-i:[A-ZÀ-Þ])))\s+|"
    r"^(?:بقلم|كتبت?|كتبه?ا?|إعداد|اعداد|تقرير|الكاتبة?|المحررة?)\s*[:：/\-–]?\s+|"
    r"^(?:بقلم|الكاتبة?|المحررة?)\s*[:：/\-–]\s*",
    re.IGNORECASE,
)
NO_AUTHOR = re.compile(
    r"^(?:photos?|photograph(?:y|s|er)?|fotos?|bilder?|videos?|illustrations?|graphics?|grafik|credit|image|source|"
    r"quelle|kaynak|edited|editing|translat\w+|übersetz\w+|المصدر|مصدر|تصوير|ترجمة|تحرير)\s*(?:by|von|par|:|：)",
    re.IGNORECASE,
)
OTHER_WORK = re.compile(
    r"^(?:photos?|fotos?|illustrations?|translation|übersetzung|traduction|traducción)\s", re.IGNORECASE
)
PARTS = re.compile(
    r"\s*(?:[;|•·/／\n]|,|،|؛|、|&|\s[-–—]\s|\s(?:and|und|et|y|e|og|och|en|ve|ja|mit|with|avec)\s|"
    r"\sو(?=\s?[\u0621-\u064a]{2}))\s*",
    re.IGNORECASE,
)
ARABIC_AND = re.compile(r"\s+و\s*(?=[\u0621-\u064a])")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+|www\.\S+|(?<!\w)@\w+")
NO_LETTERS = re.compile(r"[@/(\[]|www\.")
"""What addresses and brackets have."""

BRACKETED = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
PLACE = re.compile(r"\s+(?:in|in:|reporting from|aus)\s+(?!['’]t\b|der\b|den\b|het\b|de\b)[A-ZÄÖÜ].*$")
CLAUSE = re.compile(
    r"\s(?:Fotos?|Photos?|Bild(?:er)?|Videos?|Translation|Übersetzung)\s*:.*$|"
    r"\s+(?:is|was|are|ist|est|es|è)\s+(?:a|an|the|one|ein|eine|un|une|una|uno)\s.*$|\s+\d+ (?:min|hours?|days?)\b.*$",
    re.IGNORECASE,
)
MONTH = (
    r"jan\w*|feb\w*|m[aä]r\w*|apr\w*|ma[iy]o?|ju[nl]\w*|aug\w*|ago\w*|sep\w*|[ou][ck]t\w*|nov\w*|de[cz]\w*|janvier|"
    r"février|avril|juin|juillet|août|décembre|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık"
)
DATED = re.compile(
    r"[\s,;|•·–—-]*(?<!\w)(?:(?:am|on|at|le|el|il|op|den|vom|du|del|the|datum:?|date:?|updated:?|published:?|"
    r"publi[eé]e?|mis à jour|veröffentlicht)\s+)*"
    rf"(?:(?:{MONTH})\.?\s+)?\d.*$",
    re.IGNORECASE,
)
GLUED_MONTH = re.compile(
    r"(?<=[a-z])(?:January|February|March|April|May|June|July|August|September|October|November|December)$"
)
FOOTNOTE = re.compile(r"(?<=[^\W\d])[\d¹²³*†‡]+$")
DATE_BEFORE = re.compile(rf"^[^·|•]{{0,80}}?\d[^·|•]{{0,40}}?[\s·|•,-]+(?=(?:{BY})\s)", re.IGNORECASE)
MOTTO = re.compile(r"\s+[-–—:]\s+")
FULL_NAME = re.compile(r"^[^\W\d_a-z][\w.'’-]*(?: (?:(?:von|van|der|de|del|di|da|bin|al)|[^\W\d_a-z][\w.'’-]*)){1,3}$")
TRUSTED = ("layout", "hints.")

Reading = tuple[tuple[Credit, ...], Candidate]
"""Whom a candidate credits, and the candidate."""


def credits_of(
    candidates: Iterable[Candidate], names: Sequence[str], bodies: frozenset[str] = frozenset()
) -> tuple[tuple[Credit, ...], Candidate | None]:
    """Choose who is credited: all whom the first candidate that names a person names.

    Two later ones are preferred: one with whole names, where the first has only the CMS's handles; and the page's
    first byline, where it names everybody whom the first names and others, since structured data often has the first
    author alone. Where no candidate names a person, the first that declares another body than the outlet is taken, else
    the first that names the outlet.

    Args:
        candidates: In order of trust; lists as the page gives them, or a byline as one text.
        names: The outlet's names.
        bodies: Names that the page's structured data calls organizations.

    Returns:
        Whom it credits in their order, each once, and the candidate; none and ``None`` when nobody is credited.
    """
    known = known_names(names)
    called = frozenset(map(squeezed_name, bodies))
    readings = []
    for candidate in candidates:
        found = [each for raw in candidate.values or (candidate.raw,) for each in credits_in(raw, known, called)]
        if candidate.source.startswith("html.") and people_of(found):
            found = [each for each in found if each.kind != CreditKind.OUTLET]
        if found:
            readings.append((unique(found)[:MAX_CREDITS], candidate))
            if candidate.source.startswith(TRUSTED) and people_of(found):
                break
    return chosen(readings) if readings else ((), None)


def chosen(readings: Sequence[Reading]) -> Reading:
    """The reading to believe; see ``credits_of``."""
    shown = [found for found in readings if is_shown(found)]
    # Further bylines that the page shows are often those of other articles.
    personal = [found for found in readings if people_of(found[0]) and (not is_shown(found) or found == shown[0])]
    if not personal and is_shown(readings[0]):
        return readings[0]
    if not personal:
        declared = (found for found in readings if not is_shown(found))
        other = (found for found in declared if any(each.kind != CreditKind.OUTLET for each in found[0]))
        return next(other, readings[0])
    first = personal[0]
    if first[1].source.startswith(TRUSTED):
        return first
    if not is_shown(first) and not any(map(is_whole_name, people_of(first[0]))):
        first = next((found for found in personal if all(map(is_whole_name, people_of(found[0])))), first)
    nearest = next((found for found in personal if found[1].source == "html.byline"), first)
    return nearest if is_fuller(nearest, first) else first


def is_shown(reading: Reading) -> bool:
    """Whether a reading is of a byline on the visible page, and not of what the page declares."""
    return reading[1].source.startswith("html.")


def people_of(credited: Iterable[Credit]) -> tuple[str, ...]:
    """Names of the persons who are credited."""
    return tuple(credit.name for credit in credited if credit.kind == CreditKind.PERSON)


def is_fuller(found: Reading, first: Reading) -> bool:
    """Whether a byline of the page names the same people and more, each with a whole name."""
    have, wanted = ({squeezed(person) for person in people_of(credited)} for credited, _ in (found, first))
    return wanted < have and all(map(is_whole_name, people_of(found[0])))


@lru_cache(maxsize=4_096)
def credits_in(raw: str, known: frozenset[str], bodies: frozenset[str]) -> tuple[Credit, ...]:
    """Whom one byline credits; remembered, since a page says it several times and an outlet has the same people."""
    text = clean_line(raw[:MAX_BYLINE_CHARS])
    if NO_AUTHOR.match(text):
        return ()
    brackets = BRACKETED.findall(text) if "(" in text or "[" in text else []
    bare = BRACKETED.sub("", text).strip() if brackets else text
    if any(squeezed_name(inner) in known for inner in brackets):
        return (Credit(name=bare, kind=CreditKind.OUTLET),) if bare else ()
    if (bodies and squeezed_name(bare) in bodies) or any(map(HOST.match, brackets)):
        whole = credit_of(bare, known, frozenset((squeezed_name(bare),)))
        return (whole,) if whole else ()
    head, *motto = MOTTO.split(text, maxsplit=1)
    if motto and squeezed_name(head) in known and not FULL_NAME.match(motto[0]):
        return (Credit(name=head, kind=CreditKind.OUTLET),)
    parts = [name for part in split_names(opened(text)) for name in without_affiliation(bare_name(part), known)]
    found = [each for name in parts if (each := credit_of(name, known, bodies))]
    # Beside a person in one byline the outlet's name says where that person works.
    return tuple(each for each in found if each.kind != CreditKind.OUTLET or not people_of(found))


def opened(raw: str) -> str:
    """A byline without addresses, what stands in brackets and "By"."""
    bare = OPENING.sub("", raw)
    if "." in bare and HOST.match(bare):
        return bare
    text = ADDRESS.sub(" ", BRACKETED.sub("", raw)) if NO_LETTERS.search(raw) else raw
    text = OPENING.sub("", DATE_BEFORE.sub("", text).strip(" ,-–—|•"))
    undated = GLUED_MONTH.sub("", DATED.sub("", text)) if any(map(str.isdigit, text)) else text
    return undated if any(map(str.isalpha, undated)) else text


def split_names(text: str) -> list[str]:
    """Part a byline into names and what stands beside them."""
    if not text.isascii() and re.search(r"[\u0600-\u06ff]", text):
        text = ARABIC_AND.sub("، ", text) if "،" in text or "," in text else text
    return [part for part in PARTS.split(text) if part]


def bare_name(part: str) -> str:
    """A part of a byline without place and description; empty for a credit of another work than writing."""
    if NO_AUTHOR.match(part) or OTHER_WORK.match(part):
        return ""
    name = OPENING.sub("", CLAUSE.sub("", part).strip(" ,;:-–—|•*\"'“”«»"))
    name = PLACE.sub("", FOOTNOTE.sub("", name) if " " in name else name)
    return name if re.search(r"(?:^|[\s.])\w\.$|\b[JS]r\.$", name) else name.rstrip(".")


def without_affiliation(name: str, known: frozenset[str]) -> tuple[str, ...]:
    """A name of two words or more and the agency or outlet behind it ("Rula Sabbagh Associated Press") as two."""
    words = name.split()
    if len(words) < 3 or squeezed_name(name) in known or agency_named(name):
        return (name,)
    for count in range(1, min(4, len(words) - 1)):
        tail = " ".join(words[-count:])
        if (count > 1 and agency_named(tail)) or ((count > 1 or tail.isupper()) and squeezed_name(tail) in known):
            return " ".join(words[:-count]), tail
    return (name,)


def byline_candidate(
    bylines: Sequence[Candidate], people: Sequence[str], people_from: Candidate | None
) -> Candidate | None:
    """The byline to keep as written: one of the page that names one of the authors, else what named them.

    Args:
        bylines: The page's, in order of trust.
        people: The authors.
        people_from: What named them.
    """
    wanted = {squeezed(person) for person in people}
    named = (found for found in bylines if any(person in squeezed(found.raw) for person in wanted))
    return next(named, None) or people_from or next(iter(bylines), None)


def byline_of(raw: str | None) -> str | None:
    """A byline as written, white space folded; ``None`` for what is too long to be one."""
    text = clean_line(raw or "")
    return text if 0 < len(text) <= 300 else None
