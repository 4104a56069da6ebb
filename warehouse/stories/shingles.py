"""Words to shingles, and shingles to the keys by which near-identical texts find each other. Pure.

Shingles are runs of three words, hashed. Their MinHash (rensa's R-MinHash) in bands finds texts that are alike as a
whole (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4). An excerpt is not: what it has in
common with its source are the smallest of its hashes (a bottom-k sketch, Cohen and Kaplan 2007). These anchors are
taken from runs of five words, which texts of different origin hardly share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

from warehouse.stories.words import SPACE, is_unspaced, points_of

Hashes = npt.NDArray[np.uint64]

WIDTH, ANCHOR_WIDTH = 3, 5
"""Words of a shingle, and of those that the anchors are chosen from."""
CHARACTERS, ANCHOR_CHARACTERS = 6, 10
"""The same in scripts whose words are single characters."""
BANDS, ROWS = 8, 4
ANCHORS = 16
SEED = 20_261_126
FEWEST_SHINGLES = 15
"""A shorter text is not compared: what two such texts share says nothing ("Watch the video")."""

SCHEME = 100 * RMinHash.ALGORITHM_VERSION + 1
"""Names everything above and below: signatures of another scheme are made anew."""

FACTOR, FIRST_MIX, SECOND_MIX = (
    np.uint64(each) for each in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)
POWERS = np.cumprod(np.full(256, FACTOR, dtype=np.uint64), dtype=np.uint64)
"""What a letter's place in its word multiplies it with; of one longer than any word, places come again."""


@dataclass(frozen=True, slots=True)
class Shingles:
    """The hashes of a text's shingles, ascending and each once; ``anchors`` are the smallest of the longer ones."""

    hashes: Hashes
    anchors: Hashes

    @property
    def is_comparable(self) -> bool:
        """Whether the text is long enough to be compared."""
        return len(self.hashes) >= FEWEST_SHINGLES


def shingles_of(text: str) -> Shingles:
    """The shingles of a text."""
    points = points_of(text)
    words = word_hashes(points)
    width, anchor_width = (CHARACTERS, ANCHOR_CHARACTERS) if is_unspaced(points) else (WIDTH, ANCHOR_WIDTH)
    anchors = runs_of(words, anchor_width)
    # A text's smallest hash may come more than once, though hardly often: sort a few more than are wanted.
    few = 2 * ANCHORS
    smallest = np.partition(anchors, few)[:few] if len(anchors) > few else anchors
    return Shingles(distinct(runs_of(words, width)), distinct(smallest)[:ANCHORS])


def word_hashes(points: npt.NDArray[np.uint32]) -> Hashes:
    """64 bits for each word of a folded text, in their order; the same on every machine."""
    if not len(points):
        return np.zeros(0, dtype=np.uint64)
    is_letter = points != SPACE
    is_start = is_letter.copy()
    is_start[1:] &= ~is_letter[:-1]
    starts = np.flatnonzero(is_start)
    if not len(starts):
        return np.zeros(0, dtype=np.uint64)
    places = np.arange(len(points))
    within = (places - np.maximum.accumulate(np.where(is_start, places, 0))) % len(POWERS)
    letters = np.where(is_letter, mixed(points.astype(np.uint64) + FACTOR) * POWERS[within], np.uint64(0))
    return mixed(np.add.reduceat(letters, starts))


def distinct(values: Hashes) -> Hashes:
    """The values, ascending and each once; several times faster than ``np.unique``."""
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def runs_of(hashes: Hashes, width: int) -> Hashes:
    """A hash for each run of ``width`` words, in their order; none for a shorter text."""
    count = len(hashes) - width + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    runs = hashes[:count].copy()
    for offset in range(1, width):
        runs = mixed(runs * FACTOR + hashes[offset : offset + count])
    return runs


def mixed(values: Hashes) -> Hashes:
    """The values scattered over all 64 bits (the finalizer of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * FIRST_MIX
    values = (values ^ (values >> np.uint64(27))) * SECOND_MIX
    return values ^ (values >> np.uint64(31))


def keys_of(texts: Sequence[Shingles]) -> list[Hashes]:
    """The keys of each of some texts: first its bands, then its anchors; none of one that is too short to compare."""
    ends = np.cumsum([0, *(len(each.hashes) for each in texts)], dtype=np.uint64)
    flat = np.concatenate([each.hashes for each in texts]) if texts else np.zeros(0, dtype=np.uint64)
    digests = RMinHash.digest_matrix_from_flat_token_hashes(flat, ends, BANDS * ROWS, SEED).to_rows()
    bands = band_keys(np.array(digests, dtype=np.uint64).reshape(len(texts), BANDS, ROWS))
    return [
        np.concatenate([rows, each.anchors]) if each.is_comparable else np.zeros(0, dtype=np.uint64)
        for rows, each in zip(bands, texts, strict=True)
    ]


def band_keys(digests: Hashes) -> Hashes:
    """One key for each band of each text: its number and its rows."""
    keys = np.broadcast_to(mixed(np.arange(1, BANDS + 1, dtype=np.uint64)), digests.shape[:2]).copy()
    for row in range(digests.shape[2]):
        keys = mixed(keys * FACTOR + digests[:, :, row])
    return keys
