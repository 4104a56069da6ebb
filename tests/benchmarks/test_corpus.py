from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from benchmarks.corpus import articles, extractions


@pytest.fixture(scope="module")
def sample() -> pa.Table:
    """Two tables of the corpus."""
    return pa.concat_tables(articles(2_000, batch_size=1_000))


def test_the_same_seed_gives_the_same_articles(sample: pa.Table) -> None:
    """Whatever the count; another seed gives others."""
    (first,) = articles(600, batch_size=1_000)
    assert first.equals(sample.slice(0, 600).combine_chunks())
    (other,) = articles(600, batch_size=1_000, seed=2)
    assert not set(other["text"].to_pylist()) & set(first["text"].to_pylist())


def test_lengths_and_words_are_distributed_as_in_the_press(sample: pa.Table) -> None:
    """Half of the texts are longer than 3 KB, few words make up much of them, most words are rare."""
    texts = [str(text) for text in sample["text"].to_pylist()]
    lengths = sorted(len(text.encode()) for text in texts)
    assert 2_700 < lengths[1_000] < 3_300
    assert lengths[20] < 900
    assert lengths[1_980] > 10_000
    words = Counter(word for text in texts for word in text.split())
    assert sum(count for _, count in words.most_common(100)) > 0.2 * words.total()
    assert sum(count == 1 for count in words.values()) > 0.2 * len(words)


def test_copies_resemble_what_they_copy(sample: pa.Table) -> None:
    """A tenth of the articles has the words of another one that came before it, in the same language."""
    rows = sample.to_pylist()
    pairs = [(row, rows[row["copy_of"]]) for row in rows if row["copy_of"] is not None]
    assert 120 < len(pairs) < 280
    for copy, origin in pairs:
        assert copy["number"] > origin["number"]
        assert copy["language"] == origin["language"]
        words, known = (row["text"].split() for row in (copy, origin))
        assert len(set(words) & set(known)) > 0.9 * len(set(words)) - 40


def test_extractions_can_be_loaded(sample: pa.Table) -> None:
    """Each row becomes an article with a capture and a link of its own."""
    found = list(extractions(sample.slice(0, 50)))
    assert len({each.link_id for each in found}) == len({each.capture.capture_id for each in found}) == 50
    assert [each.article.text for each in found if each.article] == sample["text"].to_pylist()[:50]
