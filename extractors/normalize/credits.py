"""One part of a byline -> who is credited there: a person, an agency, the outlet itself, another body, or nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.normalize.agencies import agency_named
from extractors.normalize.texts import squeezed
from extractors.normalize.titles import squeezed_name
from extractors.records import Credit, CreditKind

MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 6

DEGREE = re.compile(r"^(?:Ph\.?\s?D|M\.?D|MBE|OBE|CBE|Jr|Sr|Esq|M\.?A|B\.?A|M\.?Sc|LL\.?[BM])\.?$", re.IGNORECASE)
ROLE_WORDS = (
    r"correspondent|reporters?|editors?|writers?|columnist|contributors?|journalists?|producer|photographer|analyst|"
    r"editor-in-chief|editor in chief|bureau chief|redakteur(?:in)?|reporter(?:in)?|autor(?:in)?|korrespondent(?:in)?|"
    r"volontär(?:in)?|journaliste|rédact(?:eur|rice)(?: en chef)?|redactora?|periodista|giornalista|redattore|"
    r"redacteur|verslaggever|journalist[ae]?|muhabir[i]?|editörü?|yazar[ı]?|attorney|lawyer|director|professor|lecturer|"
    r"fellow|researcher|scientist|economist|historian|consultant|founder|co-founder|president|chair(?:man|woman)?|"
    r"head|manager|chief executive|ceo"
)
ROLE = re.compile(
    r"^(?:(?:senior|chief|deputy|staff|foreign|political|politics|diplomatic|middle east|science|sports?|business|"
    r"economics?|defen[cs]e|environment|health|special|investigati(?:ons?|ve)|associate|managing|executive|contributing|"
    r"world|national|global|technology|tech|media|home affairs|security|crime|education|culture|food|travel|digital|"
    r"news|data|features?|freelance|guest|local|city|assistant|research|legal|general|vice|freie[r]?|our|a|the)\s+)*"
    rf"(?:{ROLE_WORDS})(?:\s+(?:in|at|for|on|of|de|du|bei|für)\s+.+)?$|"
    r"\s(?:writers?|contributors?|correspondents?|reporters?|columnist|attorney)$|"
    r"^(?:مراسل|مراسلة|محرر|محررة|صحفي|صحفية|صحافي|صحافية|كاتب|كاتبة|رئيس التحرير|رئيسة التحرير|باحث|باحثة)(?:\s.+)?$",
    re.IGNORECASE,
)
STAFF = re.compile(
    r"^(?:(?:our|the|news|web|online|digital|die|la|le)\s+)*(?:staff(?: writers?| reporters?)?|"
    r"news ?desk|web ?desk|editorial(?: (?:board|team|staff))?|newsroom|editors?|[\w-]*redaktion|red|r[eé]daction|"
    r"redacci[oó]n|redazione|redactie|redakcja|redakce|redaksi|haber merkezi|team)$|"
    r"^.+[- ](?:redaktion|staff(?: writers?| reporters?)?|newsroom|news ?desk|desk|editorial team|editorial board)$|"
    r"^(?:(?:der|die) redaktion|r[eé]daction|redacci[oó]n|redazione|redactie) .+$|"
    r"^(?:فريق التحرير|هيئة التحرير|قسم التحرير|التحرير|تحریریه)$",
    re.IGNORECASE,
)
"""The outlet's own staff as a body."""

BODY_WORD = re.compile(
    r"^The\s|(?<!\w)(?:News|Media|Medien|Group|Press|Agency|Network|Institute?|University|Universität|Foundation|"
    r"Stiftung|Association|Council|Committee|Ministry|Department|Company|Ediciones|Editions|Verlag|Magazine|Magazin|"
    r"GmbH|Inc\.?|Ltd\.?|LLC|e\.\s?V\.?|TV|Nachrichten|Zeitung|Presseportal|Haber|Gazetesi|Ajansı)(?!\w)|"
    r"نيوز|صحيفة|جريدة|وكالة|قناة|موقع|خبرگزاری|روزنامه"
)
"""Words that are in the names of bodies and not in those of people."""

WIRES = re.compile(
    r"^(?:(?:the|news)\s+)*(?:agenc(?:y|ies)|wires?|agenturen?|agencias?|agences?|agenzie|ajanslar|"
    r"staff (?:and|&) agencies)$|^(?:وكالات|الوكالات|وكالة .*)$",
    re.IGNORECASE,
)
"""Agencies that are not named."""

NOBODY = re.compile(
    r"^(?:(?:wordpress|wp|web|site)?[-_ ]?admin(?:istrator)?\d*|\w+admin|guest|unknown|none|null|n/?a|anonymous|author|"
    r"no author|correspondents?|press release|written by|share|nachrichten|actualit[eé]s?|noticias|notizie|"
    r"مراسلون|متابعات|خاص|ادمین)$",
    re.IGNORECASE,
)
"""What a CMS writes where nobody is named."""

DATE_LIKE = re.compile(
    r"(?<![^\W\d_])\d{4}|\d{1,2}[:.]\d{2}|"
    r"\b(?:updated|published|posted|last modified|min read|min\.|minuten|uhr|ago|minutos|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lundi|mardi|mercredi|"
    r"jeudi|vendredi|samedi|dimanche|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)\b|"
    r"^(?:january|february|march|april|may|june|july|august|september|october|november|december) \d",
    re.IGNORECASE,
)
NO_NAME = re.compile(
    r"\b(?:cookies?|newsletter|subscribe|comments?|kommentare?|mehr|more|view|profile|follow|share|articles?|artikel|"
    r"posts?|read|all|uncategorized|übersicht|artikelübersicht)\b|"
    r"^(?:in|zur|zum|alle[rs]?|about|über|à propos|sobre)\s",
    re.IGNORECASE,
)
HOST = re.compile(r"^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}$", re.IGNORECASE)
PARTICLES = frozenset((
    "a", "af", "al", "and", "av", "aus", "ben", "bin", "bint", "da", "das", "de", "dei", "del", "della", "den", "der",
    "des", "di", "do", "dos", "du", "e", "el", "en", "et", "i", "ibn", "in", "la", "las", "le", "les", "lo", "los",
    "of", "og", "och", "'t", "te", "ten", "ter", "und", "van", "vd", "ve", "vom", "von", "y", "zu", "zum", "zur",
))  # fmt: skip
"""Small words inside the names of people and bodies."""

STAFF_ENDINGS = (
    "staff", "staffagencies", "staffandagencies", "staffwriter", "correspondent", "reporter", "newsdesk", "desk",
    "team", "online", "redaktion", "editorial",
)  # fmt: skip


def credit_of(name: str, known: frozenset[str], bodies: frozenset[str] = frozenset()) -> Credit | None:
    """Who is credited in a part of a byline.

    Args:
        name: The part, without "By", place and description.
        known: The outlet's names, squeezed.
        bodies: Names that the page's structured data calls organizations, squeezed.

    Returns:
        The name as it was written, with its kind; ``None`` for a role, a date and what else is no name.
    """
    if not name or len(name) > MAX_NAME_CHARS or not any(map(str.isalpha, name)) or NOBODY.match(name):
        return None
    kind = body_kind(name, known, bodies)
    if kind is None and is_person(name):
        kind = CreditKind.PERSON
    return Credit(name=name, kind=kind) if kind else None


def body_kind(name: str, known: frozenset[str], bodies: frozenset[str]) -> CreditKind | None:
    """What kind of body a name is one of; ``None`` for a person's name and for none."""
    if agency_named(name) or WIRES.match(name):
        return CreditKind.AGENCY
    own = squeezed_name(name)
    if own in known or STAFF.match(name) or is_staff_of(own, known) or is_department(name, known):
        return CreditKind.OUTLET
    if own in bodies or HOST.match(name) or (BODY_WORD.search(name) and is_capitalized(name)):
        return CreditKind.ORGANIZATION
    return None


def is_person(name: str) -> bool:
    """Whether a name that is no known body's can be a person's."""
    if len(name.split()) > MAX_NAME_WORDS or DEGREE.match(name):
        return False
    return is_capitalized(name) and not (ROLE.search(name) or DATE_LIKE.search(name) or NO_NAME.search(name))


def is_capitalized(name: str) -> bool:
    """Whether each word of a name begins as names do; one that is all in small letters is a handle, and may be one."""
    words = [word for word in name.split() if word.lower() not in PARTICLES]
    small_count = sum(map(str.islower, words))
    return small_count in (0, len(words)) or len(words) == 2


def is_department(name: str, known: frozenset[str]) -> bool:
    """Whether a name begins with the outlet's, written as initials ("MDR THÜRINGEN")."""
    first, *others = name.split()
    return bool(others) and first.isupper() and len(first) > 2 and squeezed_name(first) in known


def is_staff_of(squeezed_part: str, known: frozenset[str]) -> bool:
    """Whether a part names the outlet's staff as a body ("The Gazette Staff")."""
    return any(squeezed_part.removesuffix(ending) in known for ending in STAFF_ENDINGS)


def is_whole_name(person: str) -> bool:
    """Whether a name is of two words or more, and not a handle of the CMS."""
    return " " in person and not (person.islower() and person.isascii())


def unique(credited: Sequence[Credit]) -> tuple[Credit, ...]:
    """Credits in their order, each name once whatever its spelling; of two spellings the first."""
    return tuple({squeezed(credit.name): credit for credit in reversed(credited)}.values())[::-1]
