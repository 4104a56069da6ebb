"""A text -> the language that it is in, as a BCP 47 tag; the page's own claim is kept apart."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Protocol

from extractors.normalize.function_words import OWN_WORDS, count_languages

SAMPLE_CHARS = 600
SHORT_CHARS = 60
SCRIPT_CHARS = 2_000
MANY_LINES = 12
"""Lines of a long text that are looked at, evenly spread."""

MIXED_SHARE = 0.2
LEAST_CHARS = 100
"""A language in which fewer of the characters looked at are written is a quotation."""

LINE_CHARS, LEAST_LINE_WORDS, LEAST_OTHER_WORDS = 120, 8, 3
"""How much of a line is looked at; how many words, and small words of another language, it must have to be told."""

LEAST_OWN_SHARE, LEAST_LINE_SHARE = 0.15, 0.15
"""Different small words of the text's own language that settle a line; those of another that speak for it."""

LEAST_WORDS, LEAST_SHARE, RIVAL_TIMES = 6, 0.12, 1.3
"""Small words of its language of which a text must have more: so many, such a share, so much beside any other's."""

CLEAR_WORDS, CLEAR_TIMES = 15, 2.5
"""So many small words, so much more than any other language's, tell a language that nobody claims."""

SAME = {"nb": "no", "iw": "he", "in": "id", "ji": "yi"}
"""Languages that go by two subtags."""

TAG = re.compile(r"^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$")
LETTER = re.compile(r"[^\W\d_]")


class Identifier(Protocol):
    """What we use of py3langid."""

    def classify(self, text: str) -> tuple[str, float]:
        """Language and probability."""


@lru_cache(maxsize=1)
def identifier() -> Identifier:
    """The model, loaded once a process when first asked for."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found: Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLanguage:
    """The language of a text, the rule that gave it, and all languages that a real share of the text is in."""

    language: str | None
    rule: str
    languages: tuple[str, ...]


def language_of(title: str, text: str, *, declared: Sequence[str] = (), expected: Sequence[str] = ()) -> TextLanguage:
    """Tell the language of an article from its words.

    A language that the page or its outlet claims is taken where the text's small words speak for it and for no other,
    or one for which they speak alone; that is so of nine pages of ten. Else a model decides, and the claim where the
    model cannot know.

    Args:
        title: Its headline.
        text: Its text; the first 600 characters of both are read.
        declared: The page's own claims, BCP 47 tags in order of trust.
        expected: The outlet's languages.

    Returns:
        Primary language subtags. Of a text in several scripts the rule says which (``py3langid, Arab 60 % Latn 40 %``).
        The two written Norwegians are one language here, ``no``, unless the words are those of Nynorsk: pages declare
        them at random.
    """
    claimed, outlet_languages = primaries(declared), primaries(expected)
    sample = f"{title}\n{text}"[:SAMPLE_CHARS]
    spoken = spoken_for([*claimed, *outlet_languages], sample)
    language, rule = spoken or told_language(
        sample, claimed[0] if claimed else "", {*claimed, *outlet_languages}, outlet_languages
    )
    shares = script_shares(text)
    if len(shares) > 1:
        rule += ", " + " ".join(f"{script} {round(100 * share)} %" for script, share in shares)
    return TextLanguage(language=language, rule=rule, languages=languages_in(text, language))


def primaries(tags: Sequence[str]) -> list[str]:
    """Primary subtags, each language by one name."""
    return list(dict.fromkeys(SAME.get(primary, primary) for tag in tags if (primary := tag.split("-")[0])))


def spoken_for(claims: Sequence[str], sample: str) -> tuple[str, str] | None:
    """The language for which the small words of a text speak, and the rule: a claimed one, or else a clear one."""
    words = sample.lower().split()
    counts = count_languages(words)
    for claim in claims:
        # A page that declares Norwegian may be in either of its written forms.
        own = max(("no", "nn"), key=counts.__getitem__) if claim == "no" else claim
        rivals = (
            n if other in RELATIVES.get(own, ()) else RIVAL_TIMES * n for other, n in counts.items() if other != own
        )
        if counts[own] > max(LEAST_WORDS, LEAST_SHARE * len(words), *rivals):
            return own, "declared+words"
    (own, count), (_, second) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return (own, "words") if count >= CLEAR_WORDS and count > CLEAR_TIMES * second else None


def told_language(
    sample: str, primary: str, claims: set[str], outlet_languages: Sequence[str]
) -> tuple[str | None, str]:
    """The language of a text by the model, or by declaration where the model cannot know; see ``language_of``."""
    letters_count = len(LETTER.findall(sample))
    if letters_count == 0:
        return primary or None, "declared"
    found, confidence = identifier().classify(sample)
    found = SAME.get(found, found)
    if found not in claims and (letters_count < SHORT_CHARS or confidence < 0.5 or related(found, claims)):
        if primary and (not outlet_languages or primary in outlet_languages):
            return primary, "declared"
        if len(outlet_languages) == 1:
            return outlet_languages[0], "outlet.languages"
    return found, "py3langid"


def languages_in(text: str, language: str | None) -> tuple[str, ...]:
    """The languages that a real share of a text's lines is in, the text's own first.

    Args:
        text: Lines; those that do not speak for another language by their small words count for the text's own.
        language: The text's own.
    """
    if language is None:
        return ()
    lengths: Counter[str] = Counter()
    own = OWN_WORDS.get(language, frozenset())
    lines = text.splitlines()
    for line in lines[:: 1 + len(lines) // MANY_LINES]:
        words = line[:LINE_CHARS].lower().split()
        is_told = len(words) >= LEAST_LINE_WORDS and len(own.intersection(words)) < LEAST_OWN_SHARE * len(words)
        lengths[other_language(words, language) if is_told else language] += len(line)
    least = max(LEAST_CHARS, MIXED_SHARE * lengths.total())
    return (language, *(each for each, length in lengths.most_common() if each != language and length >= least))


def other_language(words: Sequence[str], language: str) -> str:
    """The language for which the small words of a line speak, where that is clear; else the text's own."""
    counts = count_languages(words)
    other, count = max(counts.items(), key=itemgetter(1), default=(language, 0))
    is_clear = count >= max(LEAST_OTHER_WORDS, LEAST_LINE_SHARE * len(words)) and count > 2 * counts[language]
    return other if is_clear and not related(other, {language}) else language


SCRIPTS = (
    ("Latn", re.compile(r"[A-Za-zÀ-ɏ]")),
    ("Arab", re.compile(r"[\u0620-\u064a\u0671-\u06d3]")),
    ("Cyrl", re.compile(r"[\u0400-\u04ff]")),
    ("Hebr", re.compile(r"[\u05d0-\u05ea]")),
    ("Grek", re.compile(r"[\u0370-\u03ff]")),
    ("Hani", re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")),
)
"""Scripts of the field by their ISO 15924 codes; Japanese and Korean count as one with Chinese."""

NOT_LATIN = re.compile(f"[{''.join(pattern.pattern.strip('[]') for script, pattern in SCRIPTS if script != 'Latn')}]")


def script_shares(text: str) -> list[tuple[str, float]]:
    """Scripts of a text that at least a fifth of its letters are in, with their shares, the largest first."""
    sample = text[:SCRIPT_CHARS]
    if sample.isascii() or not NOT_LATIN.search(sample):
        return []
    counts = [(script, len(pattern.findall(sample))) for script, pattern in SCRIPTS]
    total = sum(count for _, count in counts) or 1
    shares = [(script, count / total) for script, count in counts if count / total >= MIXED_SHARE]
    return sorted(shares, key=lambda found: -found[1])


RELATED = (
    {"no", "nb", "nn", "da"},
    {"hr", "sr", "bs", "sh"},
    {"id", "ms"},
    {"zu", "xh", "nr", "ss", "nso", "tn", "st"},
    {"cs", "sk"},
    {"es", "ca"},
    {"bg", "mk"},
    {"ru", "uk", "be"},
    {"gl", "pt"},
    {"gl", "es"},
    {"an", "es"},
    {"af", "nl"},
    {"lb", "de"},
    {"az", "tr"},
    {"ku", "tr"},
    {"fa", "ps", "ur", "ku", "ug"},
    {"hi", "mr", "ne"},
)


RELATIVES: defaultdict[str, set[str]] = defaultdict(set)
"""Those that each language can be taken for."""

for group in RELATED:
    for tag in group:
        RELATIVES[tag] |= group


def related(found: str, claims: Collection[str]) -> bool:
    """Whether a language may be taken for a neighbor of it."""
    return not RELATIVES.get(found, frozenset()).isdisjoint(claims)


def language_tag(raw: str | None) -> str | None:
    """A declared language as a BCP 47 tag in its usual case (``en-GB``, ``zh-Hans``); ``None`` for what is none."""
    parts = (raw or "").strip().replace("_", "-").lower().split(",")[0].split("-")
    if not TAG.match("-".join(parts)):
        return None
    return "-".join([parts[0], *(cased(part) for part in parts[1:])])


def cased(subtag: str) -> str:
    """A subtag in its usual case: scripts with a capital, regions in capitals (RFC 5646, section 2.1.1)."""
    if len(subtag) == 4 and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == 2 else subtag
