"""What an outlet promises, and what counts as unusual for it, as the warehouse takes it from the outlet's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """``[expect]`` of one outlet's file and of wirewatch.toml; the names and units are those of the keys.

    ``source_ids`` are the sources of the outlet's file in their order. ``min_*`` and ``max_*`` up to
    ``min_section_share`` are promises: missing one fails the run. The others say what is unusual.
    """

    outlet_id: str
    source_ids: tuple[str, ...] = ()
    max_silence_hours: float | None = None
    min_articles_per_day: float | None = None
    min_fill: Mapping[str, float] = field(default_factory=dict)
    min_words: int | None = None
    min_language_share: Mapping[str, float] = field(default_factory=dict)
    min_section_share: Mapping[str, float] = field(default_factory=dict)
    history_weeks: int = 8
    min_history_days: int = 14
    recent_articles: int = 40
    min_deviation: float = 4.0
    min_silence_hours: float = 48.0
    silence_factor: float = 2.0
    min_volume_share: float = 0.6
    max_source_failure_hours: float = 6.0
    max_failure_share: float = 0.3
    max_no_article_rise: float = 0.3
    min_text_share: float = 0.6
    max_fill_drop: float = 0.25
    max_language_shift: float = 0.3
    max_section_shift: float = 0.4
    ignore: tuple[str, ...] = ()
