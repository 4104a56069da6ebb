"""A seed -> articles by the million that weigh on a warehouse as real ones do: the same ones on every machine.

The interface::

    for table in articles(1_000_000, seed=1):              # Arrow tables of 5,000 rows; about 10,000 rows/s
        for extraction in extractions(table):              # what ``warehouse.load.load`` takes; slower
            ...

Columns: ``number`` (from 0), ``outlet_id``, ``language`` (``en`` or ``ar``), ``title``, ``text``, ``published_at``,
``copy_of``. The first tables are the same whatever ``count`` is.

What is natural: the length of the texts (log-normal, median 3 KB, one in a hundred above 17 KB), the
frequencies of the words (Zipf and Mandelbrot over 120,000 words of English and 100,000 of Arabic), words that go
together (each article has one of 1,500 subjects of its language, which gives it a quarter of its words), sentences
and paragraphs, 40 outlets of unequal size that write in one language each, an article every three minutes from 2020 on.
``copies`` is the share of articles that another outlet copied from an article of the same table: a word in a hundred
changed, a third of them with a paragraph added; ``copy_of`` is then the ``number`` of the article copied, else NULL.
The words are invented, but for the most frequent ones.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from benchmarks.vocabulary import arabic_words, english_words

from extractors.records import Article, Capture, Extraction, FieldSource, make_link_id

Integers = npt.NDArray[np.int32]

ENGLISH_COUNT, ARABIC_COUNT = 120_000, 100_000
SUBJECTS = 1_500
SUBJECT_WORDS = 300
SUBJECT_SHARE, TITLE_SUBJECT_SHARE = 0.25, 0.6
MEDIAN_WORDS = 330
SPREAD = 0.7
FEWEST_WORDS, MOST_WORDS = 20, 8_000
START = datetime(2020, 1, 1, tzinfo=UTC)
MINUTES_APART = 3
OUTLETS = tuple((f"paper_{number:02}", "ar" if number % 5 in (1, 3) else "en") for number in range(40))
BARE, MIDDLE, COMMA, FIRST, STOP, PARAGRAPH, LAST = range(7)
"""How a word can stand in a text; LAST is the last one of all."""
FORMS = 7
TABLE_SIZE = 1 << 22
"""Draws of a distribution that are made once and then looked up; words rarer than one in this many never come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language's words, as rows of ``forms``, with draws of them: general ones, and for each subject."""

    code: str
    general: Integers
    subjects: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Both languages, and every word in each of its seven forms."""

    forms: pa.StringArray
    languages: tuple[Language, Language]


def articles(count: int, *, seed: int = 1, batch_size: int = 5_000, copies: float = 0.1) -> Iterator[pa.Table]:
    """Make ``count`` articles in tables of ``batch_size`` rows; see the module for their columns."""
    corpus = make_corpus(seed)
    for start in range(0, count, batch_size):
        rng = np.random.default_rng([seed, start])
        yield make_table(corpus, rng, start, batch_size, copies).slice(0, count - start)


@lru_cache(maxsize=2)
def make_corpus(seed: int) -> Corpus:
    """The words and how often each comes; takes some seconds."""
    rng = np.random.default_rng(seed)
    english, arabic = english_words(ENGLISH_COUNT, rng), arabic_words(ARABIC_COUNT, rng)
    forms = [form for word in english for form in forms_of(word, ",")]
    forms += [form for word in arabic for form in forms_of(word, "،")]
    return Corpus(
        forms=pa.array(forms),
        languages=(make_language("en", 0, ENGLISH_COUNT, rng), make_language("ar", ENGLISH_COUNT, ARABIC_COUNT, rng)),
    )


def forms_of(word: str, comma: str) -> tuple[str, ...]:
    """A word in the order of BARE to LAST, with what follows it."""
    first = word[0].upper() + word[1:]
    return word, f"{word} ", f"{word}{comma} ", f"{first} ", f"{word}. ", f"{word}.\n", f"{word}."


def make_language(code: str, offset: int, count: int, rng: np.random.Generator) -> Language:
    """Draws from the frequencies of Zipf and Mandelbrot; a subject has words of every frequency but the highest."""
    chances = 1 / (np.arange(count) + 2.7) ** 1.05
    general = rng.choice(count, TABLE_SIZE, p=chances / chances.sum())
    words = np.exp(rng.uniform(np.log(80), np.log(count), (SUBJECTS, SUBJECT_WORDS))).astype(np.int32)
    within = 1 / (np.arange(SUBJECT_WORDS) + 2.0)
    places = rng.choice(SUBJECT_WORDS, (SUBJECTS, 2_048), p=within / within.sum())
    subjects = np.take_along_axis(words, places, axis=1)
    return Language(
        code=code, general=(general + offset).astype(np.int32), subjects=(subjects + offset).astype(np.int32)
    )


def make_table(corpus: Corpus, rng: np.random.Generator, start: int, size: int, copies: float) -> pa.Table:
    """One table of articles; ``start`` is the number of the first."""
    weights = 1 / (np.arange(len(OUTLETS)) + 3.0)
    outlets = rng.choice(len(OUTLETS), size, p=weights / weights.sum())
    is_arabic = np.array([language == "ar" for _, language in OUTLETS])[outlets]
    subjects = np.minimum(rng.exponential(SUBJECTS / 6, size).astype(np.int32), SUBJECTS - 1)
    counts = np.exp(rng.normal(np.log(MEDIAN_WORDS), SPREAD, size)).astype(np.int32)
    counts = np.clip(counts, FEWEST_WORDS, MOST_WORDS)
    words = drawn(corpus, rng, is_arabic, subjects, counts, SUBJECT_SHARE)
    texts = np.split(words * FORMS + placed(rng, counts), np.cumsum(counts)[:-1])
    title_counts = rng.integers(5, 13, size).astype(np.int32)
    words = drawn(corpus, rng, is_arabic, subjects, title_counts, TITLE_SUBJECT_SHARE)
    titles = np.split(words * FORMS + titled(title_counts), np.cumsum(title_counts)[:-1])
    copy_of = copied(rng, texts, titles, is_arabic, copies)
    numbers = np.arange(start, start + size)
    minutes = numbers * MINUTES_APART + rng.integers(0, 600, size)
    micros = (minutes * 60_000_000 + int(START.timestamp()) * 1_000_000).astype(np.int64)
    return pa.table(
        {
            "number": pa.array(numbers),
            "outlet_id": pa.array([OUTLETS[each][0] for each in outlets]),
            "language": pa.array([OUTLETS[each][1] for each in outlets]),
            "title": joined(corpus, titles),
            "text": joined(corpus, texts),
            "published_at": pa.array(micros, pa.timestamp("us", tz="UTC")),
            "copy_of": pa.array([None if each < 0 else start + each for each in copy_of], pa.int64()),
        }
    )


def drawn(
    corpus: Corpus,
    rng: np.random.Generator,
    is_arabic: npt.NDArray[np.bool_],
    subjects: Integers,
    counts: Integers,
    share: float,
) -> Integers:
    """Words of all articles, one after another; ``share`` of them are of the article's subject."""
    total = int(counts.sum())
    places = rng.integers(TABLE_SIZE, size=total, dtype=np.int32)
    english, arabic = corpus.languages
    is_arabic_word = np.repeat(is_arabic, counts)
    subject = np.repeat(subjects, counts)
    general = np.where(is_arabic_word, arabic.general[places], english.general[places])
    places %= english.subjects.shape[1]
    special = np.where(is_arabic_word, arabic.subjects[subject, places], english.subjects[subject, places])
    found: Integers = np.where(rng.random(total, dtype=np.float32) < share, special, general)
    return found


def copied(
    rng: np.random.Generator,
    texts: list[Integers],
    titles: list[Integers],
    is_arabic: npt.NDArray[np.bool_],
    share: float,
) -> list[int]:
    """Overwrite some articles with copies of others before them; gives for each the one that it copies, or -1."""
    copy_of = [-1] * len(texts)
    for copy in np.flatnonzero(rng.random(len(texts)) < share).tolist():
        drawn_origins = rng.integers(copy, size=20).tolist() if copy else []
        origin = next((each for each in drawn_origins if copy_of[each] < 0 and is_arabic[each] == is_arabic[copy]), -1)
        if origin < 0:
            continue
        text = texts[origin].copy()
        changed = rng.integers(len(text) - 1, size=len(text) // 100)
        text[changed] = text[rng.permutation(len(text) - 1)[: len(changed)]]
        if rng.random() < 1 / 3:
            text = np.concatenate([text, texts[copy][:40]])
            text[[len(texts[origin]) - 1, -1]] += [PARAGRAPH - LAST, LAST - text[-1] % FORMS]
        texts[copy], titles[copy], copy_of[copy] = text, titles[origin], origin
    return copy_of


def placed(rng: np.random.Generator, counts: Integers) -> Integers:
    """How each word of each text stands: sentences of about 18 words, paragraphs of about 70."""
    chance = rng.random(int(counts.sum()), dtype=np.float32)
    forms = np.full(len(chance), MIDDLE, np.int32)
    forms[chance < 1 / 8] = COMMA
    forms[chance < 1 / 18] = STOP
    forms[chance < 1 / 70] = PARAGRAPH
    forms[np.cumsum(counts) - 1] = LAST
    starts = np.flatnonzero(forms >= STOP)[:-1] + 1
    forms[starts[forms[starts] == MIDDLE]] = FIRST
    forms[0] = FIRST
    return forms


def titled(counts: Integers) -> Integers:
    """How each word of each title stands."""
    forms = np.full(int(counts.sum()), MIDDLE, np.int32)
    ends = np.cumsum(counts)
    forms[ends - counts] = FIRST
    forms[ends - 1] = BARE
    return forms


def joined(corpus: Corpus, texts: list[Integers]) -> pa.Array[Any]:
    """The texts as strings."""
    words = corpus.forms.take(np.concatenate(texts))
    offsets = np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), words)
    return pc.binary_join(lists, "")  # type: ignore[return-value]


def extractions(table: pa.Table) -> Iterator[Extraction]:
    """A table's rows as the extract stage would hand them to ``load``, each captured when it was published."""
    for row in table.to_pylist():
        yield extraction_of(row)


def extraction_of(row: dict[str, Any]) -> Extraction:
    """One article as it was extracted from a capture of its own."""
    outlet_id, number = row["outlet_id"], row["number"]
    url = f"https://{outlet_id.replace('_', '-')}.example/{number}/"
    key = hashlib.sha256(url.encode()).hexdigest()
    published_at: datetime = row["published_at"]
    capture = Capture(
        capture_id=str(uuid.uuid5(uuid.NAMESPACE_URL, url)),
        outlet_id=outlet_id,
        requested_url=url,
        final_url=url,
        http_status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"), ("ETag", f'"{key[:16]}"')),
        fetched_at=published_at + timedelta(minutes=20),
        body_sha256=key,
        body_bytes=60_000,
        warc_file=f"{published_at:%Y/%m}/{outlet_id}.warc.gz",
        warc_offset=number * 15_000,
    )
    article = Article(
        outlet_id=outlet_id,
        identity=f"cms:{number}",
        canonical_url=url,
        normalized_url=url,
        capture_id=capture.capture_id,
        language=row["language"],
        declared_language=row["language"],
        title=row["title"],
        kicker=None,
        standfirst=None,
        dateline=None,
        text=row["text"],
        corrections=None,
        byline=None,
        authors=(f"Reporter {number % 97}",),
        agency=(),
        published_at=published_at,
        published_precision="second",
        modified_at=None,
        section=("news", "politics", "economy", "culture")[number % 4],
        tags=(f"tag {number % 311}", f"tag {number % 1_009}"),
        image_url=None,
        image_caption=None,
        image_credit=None,
        original_publisher=None,
        original_url=None,
        has_disclaimer=False,
        is_free=True,
        extractor="wirewatch/benchmark",
        provenance=tuple(
            FieldSource(field=field, source=source, raw=raw)
            for field, source, raw in (
                ("title", "json-ld.headline", row["title"]),
                ("published_at", "json-ld.datePublished", published_at.isoformat()),
                ("text", "layout[0].body", "//article"),
            )
        ),
    )
    return Extraction(capture=capture, link_id=make_link_id(outlet_id, url), article=article)
