"""Members of stories, different in just what a test names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from warehouse.stories.members import Member

SEEN = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def make_member(article_id: str = "a", outlet_id: str = "gazette", **changes: Any) -> Member:
    """An article that was seen at noon, two hours after it was published."""
    values: dict[str, Any] = {
        "article_id": article_id,
        "outlet_id": outlet_id,
        "story_id": None,
        "published_at": SEEN - timedelta(hours=2),
        "published_precision": "second",
        "first_seen_at": SEEN,
        "addresses": (f"https://{outlet_id}.example/{article_id}",),
        "original_publisher": None,
        "original_url": None,
        "byline": None,
        "agency": (),
    }
    return Member(**{**values, **changes})
