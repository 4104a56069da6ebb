"""Words in which a text credits news agencies -> the agencies by one name each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from types import MappingProxyType

from extractors.normalize.texts import clean_line, squeezed

FORMS: dict[str, str] = {
    "AAP": "Australian Associated Press",
    "AFP": "Agence France-Presse; France Presse; وكالة فرانس برس; فرانس برس; أ ف ب; ا ف ب; АФП; خبرگزاری فرانسه",
    "AKI": "وكالة آكي; آكي",
    "Anadolu": "AA; Anadolu Agency; Anadolu Ajansı; الأناضول; الاناضول; وكالة الأناضول; آناتولی; خبرگزاری آناتولی",
    "ANI": "Asian News International",
    "ANP": "Algemeen Nederlands Persbureau",
    "ANSA": "",
    "AP": "Associated Press; The Associated Press; أسوشيتد برس; أسوشييتد برس; اسوشيتد برس; آسوشیتدپرس; آسوشيتد برس",
    "APA": "Austria Presse Agentur",
    "APS": "واج; وكالة الأنباء الجزائرية",
    "Belga": "",
    "Bernama": "",
    "BNA": "بنا; وكالة أنباء البحرين",
    "Canadian Press": "The Canadian Press; La Presse canadienne; CP",
    "ČTK": "CTK",
    "DHA": "Demirören Haber Ajansı",
    "dpa": "Deutsche Presse-Agentur; د ب أ; د ب ا; وكالة الأنباء الألمانية; الألمانية",
    "EFE": "Agencia EFE; إفي; وكالة إفي",
    "epd": "Evangelischer Pressedienst",
    "Europa Press": "",
    "Fars": "Fars News Agency; فارس; وكالة فارس; خبرگزاری فارس",
    "IANS": "Indo-Asian News Service",
    "İHA": "IHA; İhlas Haber Ajansı",
    "INA": "واع; وكالة الأنباء العراقية",
    "Interfax": "Интерфакс; إنترفاكس; انترفاكس",
    "IRNA": "إرنا; ارنا; ایرنا; وكالة إرنا; خبرگزاری ایرنا",
    "ISNA": "إيسنا; ایسنا; خبرگزاری ایسنا",
    "Jiji": "Jiji Press",
    "Keystone-SDA": "SDA; ATS; Keystone-ATS",
    "KNA": "Katholische Nachrichten-Agentur",
    "KUNA": "كونا; وكالة الأنباء الكويتية",
    "Kyodo": "Kyodo News",
    "Lusa": "Agência Lusa",
    "MAP": "Maghreb Arabe Presse; وكالة المغرب العربي للأنباء",
    "Mehr": "Mehr News Agency; وكالة مهر; خبرگزاری مهر",
    "MENA": "Middle East News Agency; أ ش أ; وكالة أنباء الشرق الأوسط",
    "MTI": "",
    "NNA": "National News Agency; الوكالة الوطنية للإعلام; وطنية",
    "NTB": "",
    "PA Media": "PA; Press Association",
    "PAP": "Polska Agencja Prasowa",
    "Petra": "بترا; وكالة الأنباء الأردنية",
    "PTI": "Press Trust of India",
    "QNA": "قنا; وكالة الأنباء القطرية",
    "Reuters": "Thomson Reuters; رويترز; وكالة رويترز; Рейтер; رویترز; خبرگزاری رویترز; 路透社",
    "RIA Novosti": "RIA; РИА Новости; ريا نوفوستي; نوفوستي",
    "Ritzau": "",
    "SANA": "سانا; وكالة سانا; الوكالة العربية السورية للأنباء",
    "SID": "Sport-Informations-Dienst",
    "SPA": "واس; وكالة الأنباء السعودية; Saudi Press Agency",
    "Sputnik": "سبوتنيك; وكالة سبوتنيك",
    "STT": "",
    "SUNA": "سونا; وكالة السودان للأنباء",
    "TAP": "وات; وكالة تونس أفريقيا للأنباء",
    "Tasnim": "Tasnim News Agency; تسنيم; وكالة تسنيم; خبرگزاری تسنیم",
    "TASS": "ITAR-TASS; ТАСС; تاس; وكالة تاس",
    "TT": "",
    "UPI": "United Press International; يو بي آي",
    "WAFA": "وفا; وكالة وفا",
    "WAM": "وام; وكالة أنباء الإمارات",
    "Xinhua": "Xinhua News Agency; شينخوا; وكالة شينخوا; 新华社; 新華社",
    "Yonhap": "Yonhap News Agency; 연합뉴스",
}
"""Agencies by the name under which they are stored, with the other forms in which texts credit them."""

COLLECTIVE = re.compile(
    r"(?:(?:the|news|wire|press|with|and|via|international|other)\s+)*(?:agenc(?:y|ies)|wires?|wire services?)|"
    r"(?:les |avec )?agences(?: de presse)?|(?:mit )?agentur(?:en|material)?|(?:con )?agencias|agenzie|(?:haber )?"
    r"ajans(?:lar[ıi]?)?|(?:ال)?وكالات(?: (?:ال)?أنباء)?|خبرگزاری‌?\s?ها|staff|متابعات",
    re.IGNORECASE,
)
PARTS = re.compile(
    r"\s*(?:[,،/;|+&]|\s[-–—]\s|\s(?:and|et|und|y|e|ve|with|mit|avec|via)\s|\sو(?=[\u0621-\u064a«\"]))\s*"
)
EDGES = " .,:;-–—«»\"'“”()[]،"
PREFIX = re.compile(
    r"^(?:©|\(c\)|copyright|source|from|via|by|with|and|con|avec|mit|par|von|عن|وكالة أنباء)\s+", re.IGNORECASE
)

NAMES = MappingProxyType(
    {squeezed(form): name for name, forms in FORMS.items() for form in (name, *forms.split("; ")) if form}
)


@lru_cache(maxsize=4096)
def agency_named(text: str) -> str | None:
    """The agency that a text names and nothing else; ``None`` for any other text."""
    stripped = clean_line(text).strip(EDGES)
    # Two and three letters are an agency only as it writes them: "Map" and "wam" are words.
    if len(stripped) <= 4 and stripped.isascii() and stripped.islower() and stripped not in FORMS:
        return None
    return NAMES.get(squeezed(PREFIX.sub("", stripped)))


def is_collective(text: str) -> bool:
    """Whether a text says no more than that agencies were used ("and agencies", "وكالات")."""
    return bool(COLLECTIVE.fullmatch(clean_line(text).strip(EDGES)))


def agencies_in(text: str) -> tuple[str, ...]:
    """The agencies among the parts of a credit such as "AFP/Reuters" or "The Gazette, with AP"."""
    return distinct(agency for part in credit_parts(text) if (agency := agency_named(part)))


def credit_parts(text: str) -> list[str]:
    """The names that a credit lists."""
    whole = clean_line(text).strip(EDGES)
    return [whole] if agency_named(whole) else [part for part in PARTS.split(whole) if part.strip(EDGES)]


def is_agency_credit(text: str) -> bool:
    """Whether a text names agencies and nothing else ("(AFP, dpa)", "رويترز، وكالات")."""
    parts = credit_parts(text)
    return bool(parts) and all(agency_named(part) or is_collective(part) for part in parts) and bool(agencies_in(text))


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Names in their order, each once."""
    return tuple(dict.fromkeys(names))


def all_agencies(texts: Sequence[str]) -> tuple[str, ...]:
    """The agencies that several credits name."""
    return distinct(agency for text in texts for agency in agencies_in(text))
