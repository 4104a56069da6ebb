from __future__ import annotations

import pytest
from quality.damage import DAMAGES, MAX_BYTES, damaged
from quality.made_pages import make_page

PAGE = make_page(head='<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"}</script>').encode()


@pytest.mark.parametrize("page", [PAGE, b""])
def test_a_number_always_gives_the_same_damage(page: bytes) -> None:
    """So that a finding is had again by its number; no page grows beyond what is fetched."""
    seen: set[str] = set()
    for number in range(60):
        body, names = damaged(page, number)
        assert (body, names) == damaged(page, number)
        assert len(body) <= MAX_BYTES
        seen.update(names)
    assert seen == {damage.__name__ for damage in DAMAGES}
