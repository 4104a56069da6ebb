"""The article's text as its publisher gives it to machines -> a check on the lines that were found on the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from extractors.normalize.texts import squeezed
from extractors.parse.documents import parse_text
from extractors.parse.elements import lines_of
from extractors.parse.json_ld import text_value
from extractors.parse.placing import ENDS_SENTENCE, HEADINGS, Placing
from extractors.parse.witnesses import Witnesses

MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(https?://[^()\s]{1,1000}\)")

SHORTEST = 300
"""Letters and digits below which a text is a summary, and no witness."""

SAME_ARTICLE = 0.5
"""Share of the shorter text that both must have in common to be about the same article."""

WHOLE = 0.85
"""Share of the found text that a witness must hold to be trusted to be complete."""

MISSED = 0.75
"""Below this share of the witness's text the page was read badly."""


def texts_told(seen: Witnesses) -> list[str]:
    """Texts of the article in its JSON-LD and in the feed, without markup."""
    raws = [text_value(seen.json_ld.article.get("articleBody")), seen.hints.body_html or ""]
    return [text for text in map(without_markup, raws) if len(squeezed(text)) >= SHORTEST]


def without_markup(raw: str) -> str:
    """Text of a fragment of HTML, one line a block; text without markup as it is."""
    raw = MARKDOWN_LINK.sub(r"\1", raw)
    if "<" not in raw:
        return raw
    tree = parse_text(f"<div>{raw}</div>")
    return "\n".join(lines_of(tree)) if tree is not None else ""


def agreement(lines: Sequence[str], told: str) -> float:
    """How much of a publisher's text is in the lines, or of the lines in that text: the smaller share."""
    whole = squeezed(told)
    matched, found = size([line for line in lines if squeezed(line) in whole]), size(lines)
    return matched / max(len(whole), found, 1)


def corrected(lines: Sequence[str], told: str, placing: Callable[[], Placing], kept: Collection[str] = ()) -> list[str]:
    """Hold lines against a text that its publisher gives as the article's.

    Args:
        lines: What was found on the page.
        told: What the publisher tells.
        placing: Gives where the page's lines stand; asked only when the two texts differ.
        kept: Lines (their letters and digits) that stay although the publisher's text leaves them out.

    Returns:
        The lines that the publisher's text holds too, with what opens the article and the headings between them; or
        the page's lines that it holds, when most of them had been missed; or the lines as they were, when the
        texts do not fit together.
    """
    whole = squeezed(told)
    common = [line for line in lines if squeezed(line) in whole]
    matched, found = size(common), size(lines)
    if matched < SAME_ARTICLE * min(len(whole), found or 1) or matched < MISSED * len(whole):
        return recovered(lines, whole, placing())
    if len(common) == len(lines):
        return list(lines)
    if len(whole) < WHOLE * matched or not reaches_end(common, whole):
        return list(lines)
    opening = lines.index(common[0])
    kept_opening = [line for line in lines[:opening] if ENDS_SENTENCE.search(line)]
    rest = [line for i, line in enumerate(lines) if i >= opening and stays(i, lines, whole, placing(), kept)]
    return [*kept_opening, *rest]


def size(lines: Sequence[str]) -> int:
    """Letters and digits of a text."""
    return sum(len(squeezed(line)) for line in lines)


def reaches_end(common: Sequence[str], whole: str) -> bool:
    """Whether the publisher's text goes on to the last of the lines, and was not cut before it."""
    return bool(common) and whole.rfind(squeezed(common[-1])) + len(squeezed(common[-1])) >= WHOLE * len(whole)


def stays(index: int, lines: Sequence[str], whole: str, placing: Placing, kept: Collection[str]) -> bool:
    """Whether a line is in the publisher's text, or is a heading or list item between lines that are."""
    key = squeezed(lines[index])
    if key in whole or key in kept:
        return True
    place = placing.of_line(lines[index])
    is_heading = place is not None and place.block.tag in {*HEADINGS, "strong", "b", "li"}
    following = lines[index + 1 : index + 2]
    return is_heading and index > 0 and any(squeezed(line) in whole for line in following)


def recovered(lines: Sequence[str], whole: str, placing: Placing) -> list[str]:
    """The page's lines that the publisher's text holds, in its order, where they are most of it."""
    found = [line for line in placing.lines if squeezed(line) in whole and len(squeezed(line)) > 3]
    unique = list({squeezed(line): line for line in found if ENDS_SENTENCE.search(line) or len(line) > 20}.values())
    return unique if size(unique) >= WHOLE * len(whole) and size(unique) > size(lines) else list(lines)
