"""A seed -> invented words of English and Arabic in the order of their frequency, as many as a language needs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

ENGLISH_FIRST = """
    the of and to in a is that for on was with as by said at from it have be has are his he an were not which but
    their had they this who been will more after its about would also its people one we when government two than
    there or over other year could all first during into last no out up between three against most while under
    some state country new forces years before city president including since because security killed military
    according area only where minister officials civilians police rocket fire attack report group village town
    north south east west war peace talks sources province injured child children woman women army border camp
    water power food aid election party vote court law price market oil school hospital road bridge harbor
""".split()  # noqa: SIM905 - a list of so many lines could not be read
ARABIC_FIRST = """
    في من على أن إلى عن التي الذي مع هذا ما كان بعد هذه قد لم بين لا كما كل أو ذلك حيث قال خلال عام إن كانت غير قبل
    حتى عند عدد ضد منطقة قوات مدينة رئيس حكومة الحكومة الرئيس المدينة مقتل مدنيين المدنيين قصف صاروخي إطلاق نار ريف
    قرية بلدة شمال جنوب شرق غرب الحرب السلام محافظة إصابة طفل أطفال امرأة نساء الجيش الحدود مخيم المياه الكهرباء
    الغذاء المساعدات الانتخابات الحزب المحكمة القانون الأسعار السوق النفط المدرسة المستشفى الطريق الجسر الميناء
""".split()  # noqa: SIM905 - a list of so many lines could not be read
MASKED = ("fata*lities", "assa*ssinations", "exp*losions", "kil*led")
"""Words as some outlets write them, to get past the filters of social networks."""

ONSETS = (*"bcdfghjklmnprstvw", "br", "ch", "cl", "cr", "dr", "fl", "fr", "gr", "pl", "pr", "sh", "st", "th", "tr", "")
NUCLEI = (*"aeiou", *"aeio", "ai", "ea", "ee", "io", "ou")
CODAS = ("", "", "", "n", "r", "l", "s", "t", "d", "m", "nd", "nt", "rt", "st", "ck", "ng")
ENDINGS = ("", "", "", "s", "ed", "ing", "er", "ly", "tion", "al")
ROOT_LETTERS = "بتثجحخدذرزسشصضطظعغفقكلمنهوي"
PATTERNS = (
    "012",
    "0ا12",
    "01ا2",
    "01ي2",
    "م01و2",
    "ت01ي2",
    "م0ا12",
    "012ة",
    "إ01ا2",
    "است01ا2",
    "أ01ا2",
    "012ى",
    "ا0ت1ا2",
)
PROCLITICS = ("", "", "", "ال", "ال", "ال", "و", "وال", "ب", "بال", "ل", "لل", "ف")
SUFFIXES = ("", "", "", "", "", "", "ات", "ين", "ية", "ه", "ها", "هم", "ٍ", "ّ")


def english_words(count: int, rng: np.random.Generator) -> list[str]:
    """The ``count`` most frequent words: common ones as they are, then invented ones, with some names and numbers."""
    return first_of(count, [*ENGLISH_FIRST, *MASKED], invented_english(rng))


def arabic_words(count: int, rng: np.random.Generator) -> list[str]:
    """The same in Arabic: roots in their patterns, with prefixed particles, suffixes and now and then a mark."""
    return first_of(count, ARABIC_FIRST, invented_arabic(rng))


def first_of(count: int, common: list[str], invented: Iterator[str]) -> list[str]:
    """As many words as are wanted, each once."""
    words = dict.fromkeys(common[:count])
    while len(words) < count:
        words[next(invented)] = None
    return list(words)


def invented_english(rng: np.random.Generator) -> Iterator[str]:
    """Words without end; the longer, the rarer they are."""
    produced = 0
    while True:
        draws = rng.integers(1 << 30, size=(4_096, 11)).tolist()
        for draw in draws:
            produced += 1
            if draw[0] % 40 == 0:
                yield str(1 + draw[1] % (50 + produced // 4))
                continue
            longest = 1 if produced < 600 else 2 if produced < 12_000 else 3
            stem = "".join(
                pick(ONSETS, draw[at]) + pick(NUCLEI, draw[at + 1]) + pick(CODAS, draw[at + 2])
                for at in range(1, 1 + 3 * (1 + draw[0] % longest), 3)
            )
            word = stem + pick(ENDINGS, draw[10])
            if len(word) > 2:
                yield word.capitalize() if draw[0] % 7 == 0 else word


def invented_arabic(rng: np.random.Generator) -> Iterator[str]:
    """Words without end."""
    while True:
        draws = rng.integers(1 << 30, size=(4_096, 6)).tolist()
        for draw in draws:
            root = [pick(ROOT_LETTERS, each) for each in draw[:3]]
            pattern = pick(PATTERNS, draw[3])
            stem = "".join(root[int(each)] if each.isdecimal() else each for each in pattern)
            yield pick(PROCLITICS, draw[4]) + stem + pick(SUFFIXES, draw[5])


def pick(choices: tuple[str, ...] | str, number: int) -> str:
    """One of some choices."""
    return choices[number % len(choices)]
