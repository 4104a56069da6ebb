from __future__ import annotations

import random

import numpy as np

from warehouse.stories.shingles import (
    ANCHORS,
    BANDS,
    FEWEST_SHINGLES,
    SCHEME,
    keys_of,
    runs_of,
    shingles_of,
    word_hashes,
)
from warehouse.stories.words import points_of

WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa")
TEXT = " ".join(random.Random(4).choices(WORDS, k=300))


def test_signatures_are_those_that_are_stored() -> None:
    """Keys of another machine, or of another version of the library, would find nothing: they name another scheme."""
    (keys,) = keys_of([shingles_of(TEXT)])
    assert SCHEME == 201
    assert len(keys) == BANDS + ANCHORS
    assert [hex(int(keys[place])) for place in (0, BANDS - 1, BANDS, -1)] == STORED


STORED = ["0x862b99c0e69ed90e", "0x73984342e3c50ad3", "0x1a54e0839735c46", "0xb3d402b9458229a"]


def test_a_word_has_one_hash_wherever_it_stands() -> None:
    """And another word has another one, also where it has the same letters."""
    hashes = word_hashes(points_of("ferry late ferry etal")).tolist()
    assert hashes[0] == hashes[2]
    assert len(set(hashes)) == 3
    assert len(word_hashes(points_of(" \n "))) == len(word_hashes(points_of(""))) == 0


def test_a_run_is_a_run_of_words_in_their_order() -> None:
    """Each run of three words, none for a text of two."""
    hashes = word_hashes(points_of("a b c d a b c"))
    runs = runs_of(hashes, 3).tolist()
    assert len(runs) == 5
    assert runs[0] == runs[4]
    assert len(set(runs)) == 4
    assert len(runs_of(hashes[:2], 3)) == 0
    assert runs[0] != runs_of(hashes[[1, 0, 2]], 3)[0]


def test_shingles_are_ascending_and_each_once() -> None:
    """So that two texts can be compared by merging."""
    shingles = shingles_of(f"{TEXT} {TEXT}")
    assert (np.diff(shingles.hashes) > 0).all()
    assert (np.diff(shingles.anchors) > 0).all()
    assert len(shingles.anchors) == ANCHORS


def test_an_excerpt_has_the_anchors_that_lie_in_it() -> None:
    """The smallest hashes of a text are the smallest of whatever part of it they are in."""
    words = TEXT.split(" ")
    whole, part = shingles_of(TEXT), shingles_of(" ".join(words[100:220]))
    of_part = runs_of(word_hashes(points_of(" ".join(words[100:220]))), 5)
    in_both = set(whole.anchors.tolist()) & set(of_part.tolist())
    assert in_both
    assert in_both <= set(part.anchors.tolist())


def test_a_short_text_has_no_keys() -> None:
    """What two captions share says nothing; nobody finds them, and they find nobody."""
    shingles = shingles_of(" ".join(TEXT.split(" ")[: FEWEST_SHINGLES + 1]))
    assert not shingles.is_comparable
    short, empty, long = keys_of([shingles, shingles_of(""), shingles_of(TEXT)])
    assert (len(short), len(empty), len(long)) == (0, 0, BANDS + ANCHORS)
    assert keys_of([]) == []


def test_characters_are_the_words_of_scripts_without_spaces() -> None:
    """A run of six stands for one of three words."""
    text = "".join(random.Random(2).choices("新闻报道全文记者北京上海政府会议经济增长今天昨天", k=200))
    shingles = shingles_of(text)
    assert shingles.is_comparable
    copy = shingles_of(f"{text[:120]}。{text[120:]}")
    assert len(np.intersect1d(shingles.hashes, copy.hashes)) == len(shingles.hashes)
