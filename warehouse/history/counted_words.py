"""What a number counts, told by the words around it: the dead, the wounded and others, in six languages."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from warehouse.history.folding import fold


class Counted(StrEnum):
    """What a number of ``number_changes`` counts; a closed set."""

    KILLED = "killed"
    WOUNDED = "wounded"
    CASUALTIES = "casualties"
    MISSING = "missing"
    DETAINED = "detained"
    DISPLACED = "displaced"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    OTHER = "other"


# A star ends a word of which only the beginning is fixed. Arabic stands without its clitics and article.
KILLED = {
    "en": "kill killed killing kills dead death deaths die died dies dying fatality fatalities slain toll murdered",
    "fr": "tué* mort morts morte mortes décédé* décès tuant victimes",
    "de": "getötet* tote toten toter tot todesopfer gestorben starben ums leben* umgekommen*",
    "es": "muert* murió murieron fallecid* fallecieron asesinad*",
    "tr": "ölü ölüler öldü öldürüld* öldüren ölen ölenlerin öldürdü can* kaybet* kaybeden*",
    "ar": "قتل قتلي قتيل قتيلان قتيلين قتيلا مقتل قتلوا يقتل استشهد استشهاد شهيد شهداء شهيدا وفاة توفي وفيات ضحايا "
    "مصرع لقي",
}
WOUNDED = {
    "en": "wound wounded wounding wounds injure injured injures injuring injuries hurt",
    "fr": "blessé* blessant",
    "de": "verletzt* verletzte verwundet*",
    "es": "herid* lesionad*",
    "tr": "yaralı* yaralan* yaraland*",
    "ar": "اصيب اصيبوا اصابة اصابات جريح جريحا جريحان جريحين جرحي جرح مصاب مصابا مصابين مصابون",
}
CASUALTIES = {"en": "casualties casualty"}
MISSING = {
    "en": "missing disappeared",
    "fr": "disparu*",
    "de": "vermisst*",
    "es": "desaparecid*",
    "tr": "kayıp",
    "ar": "مفقود مفقودا مفقودين مفقودون فقدان فقد",
}
DETAINED = {
    "en": "arrest arrested arresting arrests detain detained detaining detainee detainees detention",
    "fr": "arrêté* détenu* interpellé*",
    "de": "festgenommen* verhaftet* festnahmen",
    "es": "detenid* arrestad* detuvo detuvieron",
    "tr": "gözaltı* tutuklan* tutuklu*",
    "ar": "اعتقال اعتقل اعتقلت معتقل معتقلا معتقلين توقيف اوقف احتجاز محتجز محتجزين",
}
DISPLACED = {
    "en": "displaced displacing displacement flee fled fleeing uprooted",
    "fr": "déplacé* fui",
    "de": "vertrieben* geflohen* flohen",
    "es": "desplazad* huyeron",
    "tr": "yerinden* göç*",
    "ar": "نزوح نزح نزحوا نازح نازحا نازحين نازحون تهجير مهجر مهجرين تشريد",
}
PERCENT = {
    "en": "percent percentage",
    "fr": "pourcent",
    "de": "prozent",
    "es": "porcentaje",
    "tr": "yüzde",
    "ar": "المئة المائة",
}
COUNTED_WORDS = {
    Counted.KILLED: KILLED,
    Counted.WOUNDED: WOUNDED,
    Counted.CASUALTIES: CASUALTIES,
    Counted.MISSING: MISSING,
    Counted.DETAINED: DETAINED,
    Counted.DISPLACED: DISPLACED,
    Counted.PERCENT: PERCENT,
}
PEOPLE = {
    "en": "person persons people man men woman women civilian civilians others other",
    "fr": "personne personnes civil civils homme hommes femme femmes autres",
    "de": "mensch menschen person personen zivilist* andere weitere",
    "es": "persona personas civil civiles hombre hombres mujer mujeres otras otros",
    "tr": "kişi kişinin kişiyi sivil insan",
    "ar": "شخص شخصا شخصان شخصين اشخاص مدني مدنيا مدنيان مدنيين مدنيون اخر اخرين اخرون اخري",
}
"""Those who are counted, by any of these words."""
PLAIN = {
    "en": "a an the of in on at to by from with and or for was were is are has have had been being be it that this "
    "which who its their his her at least more than some about around over nearly almost as now so far including among "
    "up another said says after when",
    "fr": "le la les l d un une des de du en à au aux et ou par pour dans sur a ont été sont est était étaient plus "
    "moins environ selon dont qui que se s",
    "de": "der die das den dem des ein eine in im am an auf von zu und oder mit bei nach sind ist war waren wurde "
    "wurden worden mindestens rund etwa mehr als darunter",
    "es": "el la los las un una de del en a al y o por para con ha han sido fue fueron son es más menos unos unas que "
    "se cerca",
    "tr": "bir ve ile en az de da bu için olarak fazla yaklaşık olduğu",
    "ar": "في من الي علي عن مع ان ما لا الذي التي هذا هذه قد تم جراء بينهم اكثر اقل نحو حوالي قرابة عدد بعد",
}
"""Words that say nothing of what a sentence is about."""
AND = {"en": "and", "fr": "et", "de": "und", "es": "y e", "tr": "ve", "ar": ""}
"""Words between two counts. Arabic writes its own as the first letter of the next word."""
CLITICS = ("وال", "فال", "بال", "كال", "لل", "ال", "و", "ف", "ب", "ل")


@lru_cache(maxsize=4096)
def counted_by(word: str, language: str) -> Counted | None:
    """What a folded word says is counted."""
    for counted, words in COUNTED_WORDS.items():
        if is_among(word, words.get(language, ""), language):
            return counted
    return None


def is_people(word: str, language: str) -> bool:
    """Whether a folded word names people as such."""
    return is_among(word, PEOPLE.get(language, ""), language)


def is_plain(word: str, language: str) -> bool:
    """Whether a folded word says nothing of what a sentence is about."""
    return is_among(word, PLAIN.get(language, ""), language)


def is_and(word: str, language: str) -> bool:
    """Whether a folded word joins two counts."""
    return is_among(word, AND.get(language, ""), language)


@lru_cache(maxsize=8192)
def is_among(word: str, words: str, language: str) -> bool:
    """Whether a word is one of some, or an Arabic one behind clitics."""
    exact, beginnings = table_of(words, language)
    forms = {word, *(bare(word) if language == "ar" else ())}
    return not exact.isdisjoint(forms) or any(form.startswith(beginnings) for form in forms)


@lru_cache(maxsize=128)
def table_of(words: str, language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Folded words, and folded beginnings of words."""
    listed = words.split()
    exact = frozenset(fold(word, language) for word in listed if not word.endswith("*"))
    return exact, tuple(fold(word, language) for word in listed if word.endswith("*"))


def bare(word: str) -> set[str]:
    """An Arabic word without clitics, in each way that leaves at least three letters."""
    return {word.removeprefix(clitic) for clitic in CLITICS if word.startswith(clitic) and len(word) - len(clitic) > 2}
