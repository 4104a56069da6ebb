"""Counts by language and times until articles were seen to the sections on languages, on words and on lag."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from flows.report_page.answers import Answers, Row, word_languages
from flows.report_page.charts import Bar, Chart, Span, bars_by_name, spans_by_name
from flows.report_page.names import OutletNames
from flows.report_page.shown import count, language_tag, share, span

LANGUAGES_DRAWN = 10
SPANS_DRAWN = 15

NAMES = {
    "ar": "Arabic", "az": "Azerbaijani", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "ku": "Kurdish",
    "ms": "Malay", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovene", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
"""English names of languages; others are told by their tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """The section on languages: sums, and what each language's outlets are."""

    counts: list[tuple[str, int]]
    outlets: dict[str, list[Row]]
    total: int
    chart: Chart | None
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RisenWords:
    """The words of one language."""

    language: str
    recent_count: int
    earlier_count: int
    rows: list[Row]
    is_compared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """The section on lag."""

    rows: list[Row]
    measured: int
    late: int
    unknown: int
    chart: Chart | None
    summary: str


def language_name(language: str | None) -> str:
    """What a language is called in English."""
    tag = language_tag(language)
    if tag is None:
        return "not told"
    name = NAMES.get(tag.split("-")[0].lower())
    return tag if name is None else name if "-" not in tag else f"{name} ({tag})"


def languages_of(answers: Answers) -> Languages:
    """Languages of what was first seen."""
    sums: Counter[str] = Counter()
    outlets: dict[str, list[Row]] = defaultdict(list)
    for row in answers.rows("languages"):
        name = language_name(row["language"])
        sums[name] += row["article_count"]
        outlets[name].append(row)
    counts, total = sums.most_common(), sums.total()
    shares = [(name, number, f"{count(number)} · {share(number, total)}") for name, number in counts[:LANGUAGES_DRAWN]]
    summary = "; ".join(f"{name}: {note}" for name, _, note in shares)
    chart = None
    if counts:
        bars = [Bar(label=name, value=number, note=note) for name, number, note in shares]
        chart = bars_by_name(bars, name="languages", title="Articles by language", description=summary)
    return Languages(counts=counts, outlets=outlets, total=total, chart=chart, summary=summary)


def risen_words_of(answers: Answers) -> list[RisenWords]:
    """Words by language; a language that cannot be compared is there, and says why."""
    sizes = answers.rows("word_sizes")
    compared = word_languages(sizes)
    return [
        RisenWords(
            language=row["language"],
            recent_count=row["recent_count"],
            earlier_count=row["earlier_count"],
            rows=answers.rows(f"words {row['language']}") if row["language"] in compared else [],
            is_compared=row["language"] in compared,
        )
        for row in sizes
        if row["recent_count"] and (row["language"] in compared or len(sizes) <= LANGUAGES_DRAWN)
    ]


def lag_of(answers: Answers, names: OutletNames) -> Lag:
    """How soon articles were seen."""
    rows = answers.rows("lag")
    measured = [row for row in rows if row["measured_count"]]
    spans = [
        Span(label=names.label(row["outlet_id"], 40), half=row["p50_minutes"], most=row["p90_minutes"])
        for row in measured[:SPANS_DRAWN]
    ]
    summary, chart = "", None
    if spans:
        summary = "; ".join(
            f"{each.label}: half within {span(each.half)}, nine of ten within {span(each.most)}" for each in spans
        )
        chart = spans_by_name(spans, name="lag", title="From publication to first sight", description=summary)
    return Lag(
        rows=rows,
        measured=sum(row["measured_count"] for row in rows),
        late=sum(row["late_count"] for row in rows),
        unknown=sum(row["unknown_count"] for row in rows),
        chart=chart,
        summary=summary,
    )
