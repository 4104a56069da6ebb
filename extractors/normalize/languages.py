"""A text -> the language that it is in, as a BCP 47 tag; the page's own claim is kept apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

SAMPLE_CHARS = 600
SHORT_CHARS = 60
MIXED_CHARS = 2_000
MIXED_SHARE = 0.2
MACRO = {"nb": "no"}
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


def language_of(title: str, text: str, *, declared: str | None, expected: Sequence[str] = ()) -> tuple[str | None, str]:
    """Tell the language of an article from its words.

    Args:
        title: Its headline.
        text: Its text; the first 600 characters of both are read.
        declared: The page's own claim, a BCP 47 tag; it decides for texts too short to tell.
        expected: The outlet's languages, which decide between close relatives.

    Returns:
        A primary language subtag, or ``None``, and the rule that gave it; of a text in several scripts the rule says
        which (``py3langid, Arab 60 % Latn 40 %``). The two written Norwegians are one language here, ``no``, unless
        the model is sure of Nynorsk: pages declare them at random.
    """
    language, rule = told_language(title, text, declared=declared, expected=expected)
    shares = script_shares(text)
    mixed = " ".join(f"{script} {share:.0%}".replace("%", " %") for script, share in shares) if len(shares) > 1 else ""
    return MACRO.get(language or "", language), f"{rule}, {mixed}" if mixed else rule


def told_language(title: str, text: str, *, declared: str | None, expected: Sequence[str]) -> tuple[str | None, str]:
    """The language of a text by the model, or by declaration where the model cannot know; see ``language_of``."""
    sample = f"{title}\n{text}"[:SAMPLE_CHARS]
    primary = (declared or "").split("-")[0]
    letters_count = len(LETTER.findall(sample))
    if letters_count == 0:
        return primary or None, "html.lang"
    found, confidence = identifier().classify(sample)
    outlet_languages = {tag.split("-")[0] for tag in expected}
    claims = ({primary} if primary else set()) | outlet_languages
    if found not in claims and (letters_count < SHORT_CHARS or confidence < 0.5 or related(found, claims)):
        if primary and (not outlet_languages or primary in outlet_languages):
            return primary, "html.lang"
        if len(outlet_languages) == 1:
            return next(iter(outlet_languages)), "outlet.languages"
    return found, "py3langid"


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
    sample = text[:MIXED_CHARS]
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


def related(found: str, claims: set[str]) -> bool:
    """Whether the model may have taken a language for its neighbor."""
    return any(found in group and claims & group for group in RELATED)


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
