"""What was read from the pages of a collection -> its figures: text, snippets, metadata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quality.pages import Case
from quality.readers import PageRead
from quality.scoring import TextScore, same_authors, same_day, same_title, score_page, score_snippets, score_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Pages that are right in one respect, of those that have a label for it."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """The share."""
        return self.right / self.of if self.of else 0.0


def share(rights: Sequence[bool]) -> Share:
    """Count what is right."""
    return Share(right=sum(rights), of=len(rights))


def text_score(cases: Sequence[Case], found: Sequence[PageRead], *, loaded: bool = False) -> TextScore | None:
    """Score the texts as read, or as loaded; ``None`` where no page has a labelled text."""
    pairs = [
        (c.expected["text"], p.loaded if loaded else p.text) for c, p in zip(cases, found, strict=True) if has_text(c)
    ]
    return score_texts(pairs) if pairs else None


def has_text(case: Case) -> bool:
    """Whether a page's whole text is labelled."""
    return bool(case.expected.get("text"))


def snippet_score(cases: Sequence[Case], found: Sequence[PageRead]) -> TextScore | None:
    """Score the texts by the pieces that they must contain and must not; ``None`` where no page has such labels."""
    together = [
        (case.expected["must_contain"], case.expected.get("must_not_contain") or [], page.text)
        for case, page in zip(cases, found, strict=True)
        if case.expected.get("must_contain")
    ]
    return score_snippets(together) if together else None


def page_f1(case: Case, page: PageRead) -> float:
    """F1 of one page's text."""
    precision, recall = score_page(case.expected["text"], page.text)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def metadata_shares(cases: Sequence[Case], found: Sequence[PageRead]) -> dict[str, Share]:
    """For each labelled field, on how many pages it is right; for dates also on how many it is wrong.

    Labels have agencies and outlets among the authors: ``authors`` compares all who are credited with them, ``people``
    the persons alone.
    """
    both = list(zip([case.expected for case in cases], found, strict=True))
    dated = [(str(e["date"]), p.published_at) for e, p in both if is_day(e.get("date"))]
    shares = {
        "beginning": share([starts_with(p.text, e["text_prefix"]) for e, p in both if e.get("text_prefix")]),
        "title": share([same_title(e["title"], p.title) for e, p in both if e.get("title")]),
        "date": share([same_day(day, at) for day, at in dated]),
        "date_wrong": share([at is not None and not same_day(day, at) for day, at in dated]),
        "authors": share([same_authors(e["authors"], p.authors) for e, p in both if e.get("authors")]),
        "people": share([same_authors(e["authors"], p.people) for e, p in both if e.get("authors")]),
        "language": share([p.language == e["lang"] for e, p in both if e.get("lang")]),
    }
    return {field: each for field, each in shares.items() if each.of}


def is_day(label: object) -> bool:
    """Whether a label says a day: one that its collection could not read is NaN."""
    return isinstance(label, str) and label[:4].isdigit()


def starts_with(text: str, beginning: str) -> bool:
    """Whether a text starts with some words; white space is folded."""
    return " ".join(text.split()).startswith(" ".join(beginning.split()))


def figures(cases: Sequence[Case], found: Sequence[PageRead]) -> dict[str, float]:
    """Every figure of a collection by the name that ``floors.toml`` gives it."""
    texts, pieces = text_score(cases, found), snippet_score(cases, found)
    named = {"text_f1": texts.f1} if texts else {}
    named |= {"snippets_f1": pieces.f1} if pieces else {}
    return named | {field: each.value for field, each in metadata_shares(cases, found).items()}
