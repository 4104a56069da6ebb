"""A line that says where an article comes from -> the publisher, its address and the agencies that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from extractors.normalize.agencies import agencies_in, agency_named, credit_parts, is_agency_credit, is_collective
from extractors.normalize.texts import clean_line
from extractors.normalize.titles import known_names, squeezed_name

NAME = r"(?P<{}>(?:[^.:：]|\.(?=\S)){{2,80}}?)"
LABEL = (
    r"(?:original )?source|(?:article |story )?courtesy(?: of)?|via|source originale|originalquelle|quelle|"
    r"fuente(?: original)?|"
    r"fonte|bron|kaynak|haber kayna[ğg][ıi]|منبع(?: خبر)?|المصدر(?: الأصلي)?|مصدر الخبر|نقلاً? عن|نقلا عن"
)
PIECE = r"(?:article|story|report|piece|post|essay|analysis|commentary|interview|column|op-ed)"
PUT = r"(?:appeared|published|ran|posted|produced)"
SAID = {
    "en": rf"^(?:this (?:\w+ )?{PIECE} )?(?:was |is |has been )?(?:first|originally) (?:{PUT})(?: (?:in|on|by|"
    rf"at|with))+ NAME(?:[,.(].*)?$",
    "en_re": rf"^(?:this (?:\w+ )?{PIECE} )?(?:was |is |has been )?(?:re-?published|reprinted|reproduced|syndicated)"
    rf"(?: here)?(?: with (?:the )?(?:kind )?permission)? (?:from|of|by|courtesy of) NAME"
    rf"(?: (?:under|with|via|as part of|through)\b.*)?(?:[,.(].*)?$",
    "en_read": rf"^read the original (?:{PIECE} )?(?:at|on|in|here[:,]?) NAME\.?$",
    "fr": r"^(?:cet (?:article|entretien)|cette (?:tribune|analyse)|ce (?:texte|reportage)) a (?:d['’]abord |"
    r"initialement )?"
    r"[ée]t[ée] (?:d['’]abord |initialement |originellement )?publi[ée]e? (?:initialement )?(?:dans|sur|par|en)"
    r" NAME(?:[,.(].*)?$",
    "fr_short": r"^(?:publi[ée]|paru) (?:initialement|[àa] l['’]origine|d['’]abord) (?:dans|sur|par)"
    r" NAME(?:[,.(].*)?$",
    "de": r"^(?:dieser|der) (?:\w+ )?(?:artikel|text|beitrag|bericht|gastbeitrag) (?:ist |erschien |wurde )(?:\w+ )?"
    r"(?:zuerst|zunächst|ursprünglich|erstmals) (?:in der|bei der|in|im|bei|beim|auf|von) NAME(?: (?:erschienen|"
    r"veröffentlicht))?(?:[,.(].*)?$",
    "es": r"^(?:este (?:art[íi]culo|texto|reportaje)|esta (?:nota|entrevista|columna)) (?:fue |se |ha sido "
    r")?(?:public[óo] |publicad[oa] )?"
    r"(?:originalmente|originariamente|por primera vez) (?:publicad[oa] )?(?:en|por) NAME(?:[,.(].*)?$",
    "tr": r"^bu (?:yaz[ıi]|makale|haber|s[öo]yle[şs]i),? (?:ilk (?:olarak|kez|defa) )NAME['’](?:da|de|ta|te|nda|"
    r"nde)? "
    r"(?:yay[ıi][mn]lan).*$",
    "fa": r"^(?:این (?:مقاله|گزارش|مطلب) )?(?:نخستین بار|ابتدا) (?:در|توسط) NAME (?:منتشر|چاپ) شد.*$",
    "ar": r"^(?:نُ?شرت? )?(?:هذا المقال|هذه المقالة|هذه المادة|هذا التقرير|المقال|المادة|التقرير)?\s?(?:نُ?شرت? )?"
    r"(?:أولاً?|لأول مرة|في الأصل|أصلاً) (?:في|على|لدى) NAME(?:[،,.(].*)?$",
}
SOURCE_LINE = "|".join(
    [
        rf"^(?:{LABEL})\s*[:：]\s*{NAME.format('publisher')}\s*\.?$",
        r"^(?:sources?|quellen?|fuentes?|kaynak|المصدر|المصادر|منبع)\s*[:：]\s*(?P<address>https?://\S+)$",
        *(form.replace("NAME", NAME.format(f"publisher_{key}")) for key, form in SAID.items()),
    ]
)
"""Source lines in English, French, German, Spanish, Turkish, Persian and Arabic."""

SOURCES_LINE = re.compile(
    r"^(?:sources|quellen|fuentes|kaynaklar|المصادر|منابع)\s*[:：]\s*(?P<names>.{2,120})$", re.IGNORECASE
)
CLOSING_CREDIT = re.compile(
    r"(?<=[.!?…؟»”\"])\s*(?:[(\[](?P<bracketed>[^()\[\]]{2,50})[)\]]\.?|[-–—]+\s?(?P<dashed>[^.!?\-–—]{2,40}))$"
)
CONTRIBUTED = re.compile(
    r"\bwith (?:inputs?|reporting|additional reporting|files|material|information) (?:from|by)\s(?P<en>.{2,80})|"
    r"^(?P<by>.{2,80}?) contributed to (?:this|the) (?:report|story|article)|"
    r"\bmit (?:material|informationen) (?:von|der) (?P<de>.{2,60})|\bcon informaci[óo]n de (?P<es>.{2,60})|"
    r"\bساهم(?:ت)? (?P<ar>.{2,60}) في (?:إعداد|هذا)",
    re.IGNORECASE,
)
CONTRIBUTED_WORDS = ("with ", "contributed to", "mit ", "con inform", "ساهم")
"""One of these is in whatever ``CONTRIBUTED`` finds; to look for them takes a tenth of its time."""

CREDIT_LINE = re.compile(r"^[(\[«\"\s]*(?P<names>[^.!?؟]{2,60}?)[)\]»\"\s.]*$")
PART_OF_OUTLET = re.compile(r"(?:news|staff|online|english|arabic|com|net|org)$")
OWN_EDGES = " .,:;-–—«»\"'“”()[]،"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Who a line says had the article first, where, and which agencies it was made with."""

    publisher: str | None = None
    url: str | None = None
    agencies: tuple[str, ...] = ()


def credit_of(match: re.Match[str], names: Sequence[str]) -> Credit:
    """What a source line credits.

    Args:
        match: Of ``SOURCE_LINE`` or of an outlet's own pattern, whose group is called ``publisher``.
        names: The outlet's own names, which are no first publisher.
    """
    groups = match.groupdict()
    if address := groups.get("address"):
        return Credit(publisher=(urlsplit(address).hostname or "").removeprefix("www.") or None, url=address)
    named = (value for key, value in groups.items() if key.startswith("publisher") and value)
    name = clean_line(next(named, "")).strip(OWN_EDGES)
    return Credit(publisher=publisher_of(name, names), agencies=agencies_in(name))


def publisher_of(name: str, names: Sequence[str]) -> str | None:
    """The publisher that a name stands for: of a list with the outlet or "agencies" in it, the first of the others."""
    own = known_names(names)
    parts = credit_parts(name)
    others = [part for part in parts if not is_own(part, own) and not is_collective(part)]
    if not name or is_own(name, own) or not others:
        return None
    is_list = len(others) < len(parts) or any(map(agency_named, parts))
    return others[0].strip(OWN_EDGES) if is_list else name


def is_own(name: str, own: frozenset[str]) -> bool:
    """Whether a name is the outlet's, with or without what it calls a part of itself ("Gazette News")."""
    return PART_OF_OUTLET.sub("", squeezed_name(name)) in own or squeezed_name(name) in own


def agency_line(line: str) -> tuple[str, ...]:
    """The agencies of a line that is nothing but their credit ("(AFP)", "Sources: Reuters, dpa"); none of any other."""
    match = SOURCES_LINE.match(line) or CREDIT_LINE.match(line)
    return agencies_in(match["names"]) if match and is_agency_credit(match["names"]) else ()


def closing_credit(line: str) -> tuple[str, tuple[str, ...]]:
    """A text's last line without the agencies credited behind its last sentence ("... he said. (AFP)"), and these."""
    match = CLOSING_CREDIT.search(line)
    credit = (match["bracketed"] or match["dashed"]) if match else ""
    if not match or not is_agency_credit(credit):
        return line, ()
    return line[: match.start()].rstrip(), agencies_in(credit)


def contributors(line: str) -> tuple[str, ...]:
    """The agencies that a sentence says took part in a report."""
    lowered = line.lower()
    match = CONTRIBUTED.search(line) if any(words in lowered for words in CONTRIBUTED_WORDS) else None
    return agencies_in(next(filter(None, match.groups()), "").rstrip(").")) if match else ()
