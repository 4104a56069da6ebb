"""Bylines -> the names of the people in them, without roles, outlets, agencies, places, addresses and handles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extractors.normalize.agencies import agency_named
from extractors.normalize.candidates import Candidate
from extractors.normalize.texts import clean_line, squeezed
from extractors.normalize.titles import known_names, squeezed_name

MAX_AUTHORS = 30
MAX_NAME_CHARS = 60
MAX_BYLINE_CHARS = 1_000
MAX_NAME_WORDS = 6

BY = r"by|von|vom|par|por|da|di|a cura di|de|door|av|af|przez|yazan|oleh|tarafından|kirjoittanut"
OPENING = re.compile(
    r"^(?:(?:written|words|stor(?:y|ies)|report(?:s|ed|ing)?|analysis|comment|opinion|text|posted|published|compiled|"
    r"created|submitted|gespeichert|eingestellt|saved|interview|"
    r"ein (?:kommentar|gastbeitrag|interview)|geschrieben|veröffentlicht|verfasst|erstellt|"
    r"publié|rédigé|écrit|publicado|escrito|scritto|pubblicato|geplaatst|geschreven|skrevet|skriven|opublikowan[eyo]|"
    r"napisan[eyo])\s+)?"
    rf"(?:{BY})\s*:?\s+|"
    r"^(?:authors?|autor(?:in|en|es|a|as)?(?:/autor(?:in)?)?|autore|autori|auteurs?|verfasser(?:in)?|redactor|"
    r"reporters?|report|text|texte|texto|testo|tekst|interview|analyse|kommentar|haber|yazar|نویسنده|به قلم)\s*:\s*|"
    r"^(?:autorin/autor|autor/in|autor\*in)\s+|"
    r"^(?:بقلم|كتبت?|كتبه?ا?|إعداد|اعداد|تقرير|الكاتبة?|المحررة?)\s*[:：/\-–]?\s+|"
    r"^(?:بقلم|الكاتبة?|المحررة?)\s*[:：/\-–]\s*",
    re.IGNORECASE,
)
NO_AUTHOR = re.compile(
    r"^(?:photos?|photograph(?:y|s|er)?|fotos?|bilder?|videos?|illustrations?|graphics?|grafik|credit|image|source|"
    r"quelle|kaynak|edited|editing|translat\w+|übersetz\w+|المصدر|مصدر|تصوير|ترجمة|تحرير)\s*(?:by|von|par|:|：)",
    re.IGNORECASE,
)
PARTS = re.compile(
    r"\s*(?:[;|•·/\n]|,|،|؛|、|&|\s[-–—]\s|\s(?:and|und|et|y|e|og|och|en|ve|ja|mit|with|avec)\s|"
    r"\sو(?=\s?[\u0621-\u064a]{2}))\s*",
    re.IGNORECASE,
)
ARABIC_AND = re.compile(r"\s+و\s*(?=[\u0621-\u064a])")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+|www\.\S+|(?<!\w)@\w+")
BRACKETED = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
PLACE = re.compile(r"\s+(?:in|in:|reporting from|aus)\s+(?!['’]t\b|der\b|den\b|het\b|de\b)[A-ZÄÖÜ].*$")
CLAUSE = re.compile(
    r"\s+(?:is|was|are|ist|est|es|è)\s+(?:a|an|the|one|ein|eine|un|une|una|uno)\s.*$|\s+\d+ (?:min|hours?|days?)\b.*$",
    re.IGNORECASE,
)
DEGREE = re.compile(r"^(?:Ph\.?\s?D|M\.?D|MBE|OBE|CBE|Jr|Sr|Esq|M\.?A|B\.?A|M\.?Sc|LL\.?[BM])\.?$", re.IGNORECASE)
ROLE_WORDS = (
    r"correspondent|reporters?|editors?|writers?|columnist|contributors?|journalists?|producer|photographer|analyst|"
    r"editor-in-chief|editor in chief|bureau chief|redakteur(?:in)?|reporter(?:in)?|autor(?:in)?|korrespondent(?:in)?|"
    r"volontär(?:in)?|journaliste|rédact(?:eur|rice)(?: en chef)?|redactora?|periodista|giornalista|redattore|"
    r"redacteur|verslaggever|journalist[ae]?|muhabir[i]?|editörü?|yazar[ı]?"
)
ROLE = re.compile(
    r"^(?:(?:senior|chief|deputy|staff|foreign|political|politics|diplomatic|middle east|science|sports?|business|"
    r"economics?|defen[cs]e|environment|health|special|investigati(?:ons?|ve)|associate|managing|executive|contributing|"
    r"world|national|global|technology|tech|media|home affairs|security|crime|education|culture|food|travel|digital|"
    r"news|data|features?|freelance|guest|local|city|freie[r]?|our|a|the)\s+)*"
    rf"(?:{ROLE_WORDS})(?:\s+(?:in|at|for|on|of|de|du|bei|für)\s+.+)?$|"
    r"^(?:مراسل|مراسلة|محرر|محررة|صحفي|صحفية|صحافي|صحافية|كاتب|كاتبة|رئيس التحرير|رئيسة التحرير|باحث|باحثة)(?:\s.+)?$",
    re.IGNORECASE,
)
COLLECTIVE = re.compile(
    r"^(?:(?:our|the|news|web|online|digital|die|la|le)\s+)*(?:staff(?: writers?| reporters?)?|agenc(?:y|ies)|wires?|"
    r"news ?desk|web ?desk|editorial(?: (?:board|team|staff))?|newsroom|press release|"
    r"(?:(?:wordpress|wp|web|site)[-_ ]?)?admin(?:istrator)?\d*|editors?|[\w-]*redaktion|red|agenturen?|"
    r"r[eé]daction|redacci[oó]n|redazione|redactie|"
    r"redakcja|redaksi|haber merkezi|guest|unknown|none|null|n/?a|anonymous|author|staff (?:and|&) agencies|"
    r"correspondents?|team|agencias?|agences?|agenzie|ajanslar|written by|share)$|"
    r"^[\w-]+[- ]redaktion$|^(?:der|die) redaktion .*$|"
    r"^(?:وكالات|الوكالات|فريق التحرير|هيئة التحرير|قسم التحرير|التحرير|مراسلون|متابعات|خاص|وكالة .*|ادمین|تحریریه)$",
    re.IGNORECASE,
)
DATE_LIKE = re.compile(
    r"\d{4}|\d{1,2}[:.]\d{2}|\b(?:updated|published|posted|last modified|min read|min\.|minuten|uhr|ago|minutos)\b",
    re.IGNORECASE,
)
NO_NAME = re.compile(
    r"\b(?:cookies?|newsletter|subscribe|comments?|kommentare?|mehr|more|view|profile|follow|share|articles?|artikel|"
    r"posts?|read|all)\b",
    re.IGNORECASE,
)
MONTH = (
    r"jan\w*|feb\w*|m[aä]r\w*|apr\w*|ma[iy]o?|ju[nl]\w*|aug\w*|ago\w*|sep\w*|[ou][ck]t\w*|nov\w*|de[cz]\w*|janvier|"
    r"février|avril|juin|juillet|août|décembre|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık"
)
DATED = re.compile(
    rf"[\s,;|•·–—-]*(?<!\w)(?:(?:am|on|at|le|el|il|op|den|vom|du|del|the|datum:?|date:?|updated:?|published:?)\s+)*"
    rf"(?:(?:{MONTH})\.?\s+)?\d.*$",
    re.IGNORECASE,
)
GLUED_MONTH = re.compile(
    r"(?<=[a-z])(?:January|February|March|April|May|June|July|August|September|October|November|December)$"
)
FOOTNOTE = re.compile(r"(?<=[^\W\d])[\d¹²³*†‡]+$")
MOTTO = re.compile(r"\s+[-–—:]\s+")
TRUSTED = ("layout", "hints.")


def authors_of(candidates: Iterable[Candidate], names: Sequence[str]) -> tuple[tuple[str, ...], Candidate | None]:
    """Choose the authors: the first candidate in which a person is named.

    Two later ones are preferred: one with whole names, where the first has only the CMS's handles; and the page's
    first byline, where it names everybody whom the first names and others, since structured data often has the first
    author alone.

    Args:
        candidates: In order of trust; lists as the page gives them, or a byline as one text.
        names: The outlet's names, which are no authors.

    Returns:
        Names in their order, each once, and the candidate that gave them; none and ``None`` when nobody is named.
    """
    known = known_names(names)
    readings = []
    for candidate in candidates:
        people = unique(person for raw in candidate.values or (candidate.raw,) for person in people_in(raw, known))
        if people:
            readings.append((people[:MAX_AUTHORS], candidate))
            if candidate.source.startswith(TRUSTED):
                break
    if not readings:
        return (), None
    first = readings[0]
    if first[1].source.startswith(TRUSTED):
        return first
    if not any(is_whole_name(person) for person in first[0]):
        first = next((found for found in readings if all(is_whole_name(person) for person in found[0])), first)
    nearest = next((found for found in readings if found[1].source == "html.byline"), first)
    return nearest if is_fuller(nearest, first) else first


def is_fuller(found: tuple[tuple[str, ...], Candidate], first: tuple[tuple[str, ...], Candidate]) -> bool:
    """Whether a byline of the page names the same people and more, each with a whole name."""
    have, wanted = ({squeezed(person) for person in people} for people, _ in (found, first))
    return wanted < have and all(map(is_whole_name, found[0]))


def is_whole_name(person: str) -> bool:
    """Whether a name is of two words or more, and not a handle of the CMS."""
    return " " in person and not (person.islower() and person.isascii())


def people_in(raw: str, known: frozenset[str]) -> list[str]:
    """The people whom one byline names."""
    text = clean_line(raw[:MAX_BYLINE_CHARS])
    if NO_AUTHOR.match(text) or any(squeezed_name(inner) in known for inner in BRACKETED.findall(text)):
        return []
    head, *motto = MOTTO.split(text, maxsplit=1)
    if motto and squeezed_name(head) in known:
        return []
    return [person for part in split_people(opened(text)) if (person := person_in(part, known))]


def opened(raw: str) -> str:
    """A byline without addresses, what stands in brackets and "By"."""
    text = ADDRESS.sub(" ", BRACKETED.sub("", raw))
    text = OPENING.sub("", text.strip(" ,-–—|•"))
    undated = GLUED_MONTH.sub("", DATED.sub("", text))
    return undated if any(char.isalpha() for char in undated) else text


def split_people(text: str) -> list[str]:
    """Part a byline into names and what stands beside them."""
    if re.search(r"[\u0600-\u06ff]", text):
        text = ARABIC_AND.sub("، ", text) if "،" in text or "," in text else text
    return [part for part in PARTS.split(text) if part]


def person_in(part: str, known: frozenset[str]) -> str | None:
    """The person whom a part of a byline names, without place and description; ``None`` when it names none."""
    if NO_AUTHOR.match(part):
        return None
    name = OPENING.sub("", CLAUSE.sub("", part).strip(" ,;:-–—|•*\"'“”«»"))
    name = PLACE.sub("", FOOTNOTE.sub("", name) if " " in name else name)
    if not re.search(r"(?:^|[\s.])\w\.$|\b[JS]r\.$", name):
        name = name.rstrip(".")
    return name if is_person(name, known) else None


def is_person(part: str, known: frozenset[str]) -> bool:
    """Whether a part of a byline can be a person's name."""
    if not part or len(part) > MAX_NAME_CHARS or not any(char.isalpha() for char in part):
        return False
    if len(part.split()) > MAX_NAME_WORDS or agency_named(part) or DEGREE.match(part):
        return False
    if ROLE.match(part) or COLLECTIVE.match(part) or DATE_LIKE.search(part) or NO_NAME.search(part):
        return False
    first, *others = part.split()
    if others and first.isupper() and len(first) > 2 and squeezed_name(first) in known:
        return False  # a department of the outlet: MDR THÜRINGEN
    squeezed_part = squeezed_name(part)
    return squeezed_part not in known and not is_staff_of(squeezed_part, known)


def is_staff_of(squeezed_part: str, known: frozenset[str]) -> bool:
    """Whether a part names the outlet's staff as a body ("The Gazette Staff")."""
    suffixes = (
        "staff",
        "staffagencies",
        "staffandagencies",
        "staffwriter",
        "correspondent",
        "reporter",
        "newsdesk",
        "desk",
        "team",
        "online",
        "redaktion",
        "editorial",
    )
    return any(squeezed_part.removesuffix(suffix) in known for suffix in suffixes)


def unique(people: Iterable[str]) -> tuple[str, ...]:
    """Names in their order, each once whatever its spelling."""
    return tuple({squeezed(person): person for person in reversed(list(people))}.values())[::-1]


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
