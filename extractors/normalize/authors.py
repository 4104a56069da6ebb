"""Bylines -> the names of the people in them, without roles, outlets, addresses and handles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extractors.normalize.candidates import Candidate
from extractors.normalize.texts import clean_line, squeezed
from extractors.normalize.titles import squeezed_name

MAX_AUTHORS = 30
MAX_NAME_CHARS = 80

OPENING = re.compile(
    r"^(?:(?:written|words|story|report(?:ed|ing)?|analysis|opinion|text|posted|published|compiled|photos?)\s+)?"
    r"(?:by|von|par|por|da|di|door|av|af|przez|yazan|oleh)\s*:?\s+|"
    r"^(?:authors?|autore?s?|auteurs?|redactor|reporter|text|fotos?)\s*:\s*|"
    r"^(?:بقلم|كتبت?|كتبه?ا?|إعداد|اعداد|تقرير|الكاتب|المصدر|المحرر)\s*[:：/\-–]?\s*",
    re.IGNORECASE,
)
PARTS = re.compile(r"\s*(?:[;|•·/\n]|,|،|؛|&|\s(?:and|und|et|y|e|og|och|en|ve)\s|\sو(?=\s?[\u0621-\u064a]{2}))\s*")
ARABIC_AND = re.compile(r"\s+و\s*(?=[\u0621-\u064a])")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+|www\.\S+|(?<!\w)@\w+")
BRACKETED = re.compile(r"\s*[(\[].*?[)\]]")
ROLE = re.compile(
    r"^(?:(?:senior|chief|deputy|staff|foreign|political|diplomatic|middle east|science|sports?|business|economics?|"
    r"defen[cs]e|environment|health|special|investigations?|associate|managing|executive|contributing|world|national|"
    r"global|technology|media|home affairs|security)\s+)*"
    r"(?:correspondent|reporters?|editors?|writers?|columnist|contributors?|journalists?|producer|photographer|analyst|"
    r"editor-in-chief|editor in chief|bureau chief|redakteur(?:in)?|journaliste|redactora?|giornalista)"
    r"(?:\s+(?:in|at|for|on)\s+.+)?$|"
    r"^(?:مراسل|مراسلة|محرر|محررة|صحفي|صحفية|صحافي|صحافية|كاتب|كاتبة|رئيس التحرير|رئيسة التحرير)(?:\s.+)?$",
    re.IGNORECASE,
)
COLLECTIVE = re.compile(
    r"^(?:(?:our|the|news)\s+)*(?:staff(?: writers?| reporters?)?|agenc(?:y|ies)|wires?|news ?desk|"
    r"editorial (?:board|team|staff)|newsroom|"
    r"web ?desk|admin(?:istrator)?|editors?|redaktion|r[eé]daction|redacci[oó]n|redazione|redactie|guest|unknown|"
    r"none|null|n/?a|anonymous|author|staff (?:and|&) agencies|correspondents?)$|"
    r"^(?:وكالات|الوكالات|فريق التحرير|هيئة التحرير|قسم التحرير|التحرير|مراسلون|متابعات|خاص)$",
    re.IGNORECASE,
)
DATE_LIKE = re.compile(r"\d{4}|\d{1,2}[:.]\d{2}|\b(?:updated|published|posted|last modified|min read)\b", re.IGNORECASE)


def authors_of(candidates: Iterable[Candidate], names: Sequence[str]) -> tuple[tuple[str, ...], Candidate | None]:
    """Choose the authors: the first candidate in which a person is named.

    Args:
        candidates: In order of trust; lists as the page gives them, or a byline as one text.
        names: The outlet's names, which are no authors.

    Returns:
        Names in their order, each once, and the candidate that gave them; none and ``None`` when nobody is named.
    """
    known = {squeezed_name(name) for name in names} - {""}
    for candidate in candidates:
        raws = candidate.values or (candidate.raw,)
        people = unique(person for raw in raws for person in people_in(raw, known))
        if people:
            return people[:MAX_AUTHORS], candidate
    return (), None


def people_in(raw: str, known: set[str]) -> list[str]:
    """The people whom one byline names."""
    text = ADDRESS.sub(" ", clean_line(BRACKETED.sub("", raw)))
    stripped = OPENING.sub("", text.strip(" .,-–—|•"))
    parts = (OPENING.sub("", part.strip(" .,;:-–—|•*\"'“”")) for part in split_people(stripped))
    return [part for part in parts if is_person(part, known)]


def split_people(text: str) -> list[str]:
    """Part a byline into names and what stands beside them."""
    if re.search(r"[\u0600-\u06ff]", text):
        text = ARABIC_AND.sub("، ", text) if "،" in text or "," in text else text
    return [part for part in PARTS.split(text) if part]


def is_person(part: str, known: set[str]) -> bool:
    """Whether a part of a byline can be a person's name."""
    if not part or len(part) > MAX_NAME_CHARS or not any(char.isalpha() for char in part):
        return False
    if ROLE.match(part) or COLLECTIVE.match(part) or DATE_LIKE.search(part):
        return False
    squeezed_part = squeezed_name(part)
    return squeezed_part not in known and not is_staff_of(squeezed_part, known)


def is_staff_of(squeezed_part: str, known: set[str]) -> bool:
    """Whether a part names the outlet's staff as a body ("The Gazette Staff")."""
    suffixes = (
        "",
        "staff",
        "staffagencies",
        "staffandagencies",
        "correspondent",
        "reporter",
        "newsdesk",
        "team",
        "online",
    )
    return any(squeezed_part == name + suffix for name in known for suffix in suffixes)


def unique(people: Iterable[str]) -> tuple[str, ...]:
    """Names in their order, each once whatever its spelling."""
    return tuple({squeezed(person): person for person in reversed(list(people))}.values())[::-1]


def byline_of(raw: str | None) -> str | None:
    """A byline as written, white space folded; ``None`` for what is too long to be one."""
    text = clean_line(raw or "")
    return text if 0 < len(text) <= 300 else None
