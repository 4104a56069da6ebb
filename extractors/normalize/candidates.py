"""A raw value with the rule that gave it; what a field is chosen from, in order of trust."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extractors.records import FieldSource

RAW_CHARS = 500
"""How much of a raw value its provenance keeps."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one rule says of one field.

    Args:
        source: The rule, such as ``json-ld.headline``, ``layout[0].title`` or ``og:title``.
        raw: The value as the rule found it.
        values: The parts of a value that is a list there, such as a page's authors.
    """

    source: str
    raw: str
    values: tuple[str, ...] = ()


def listed(source: str, values: Iterable[str]) -> list[Candidate]:
    """One candidate for a list of values; none when the list is empty."""
    kept = tuple(value for value in values if value.strip())
    return [Candidate(source, ", ".join(kept), kept)] if kept else []


def single(source: str, value: str | None) -> list[Candidate]:
    """One candidate for a value; none when there is nothing in it."""
    return [Candidate(source, value)] if value and value.strip() else []


def provenance(field: str, candidate: Candidate) -> FieldSource:
    """Where a field's value came from."""
    return FieldSource(field=field, source=candidate.source, raw=candidate.raw[:RAW_CHARS])
