"""Posts of a WordPress into which of them still stand, and when each was modified: a hundred for one request.

Source: developer.wordpress.org/rest-api/reference/posts (``include``). What is not public any more is not listed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from extractors.discover.wordpress import Cursor
from extractors.discover.wordpress_pages import LARGEST_PAGE, Reader, endpoint, roots_of, with_query
from extractors.discover.wordpress_posts import gmt, is_number
from extractors.outlets import Source
from extractors.records import SourceState

FIELDS = "id,modified_gmt"


async def standing_posts(
    source: Source, reader: Reader, *, state: SourceState | None, ids: Iterable[str]
) -> dict[str, str | None]:
    """Ask a WordPress which of some posts still stand.

    Args:
        source: The source that listed them; each of its post types is asked for what the ones before did not have.
        reader: Who asks; keeps the responses.
        state: What the last good poll left: the REST root that answered.
        ids: Their numbers.

    Returns:
        When each post that stands was modified, as hints say it, by its number.

    Raises:
        FetchError: The site could not be asked.
        DiscoverError: The answer is no list.
    """
    root = roots_of(source.url or "", Cursor.read(state.cursor if state else None).root)[0]
    left = dict.fromkeys(ids)
    found: dict[str, str | None] = {}
    for post_type in source.post_types:
        for numbers in list(portions(left)):
            url: str | None = with_query(
                endpoint(root, post_type), include=",".join(numbers), per_page=LARGEST_PAGE, _fields=FIELDS
            )
            # Some sites give ten posts a page, whatever is asked for.
            for _ in numbers:
                if url is None:
                    break
                posts, url = await reader.read_list(url)
                listed = {
                    str(post["id"]): gmt(post.get("modified_gmt"))
                    for post in posts
                    if isinstance(post, dict) and is_number(post.get("id"))
                }
                found |= {number: modified for number, modified in listed.items() if number in left}
                if not listed or found.keys() >= set(numbers):
                    break
        left = {number: None for number in left if number not in found}
    return found


def portions(numbers: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Numbers in portions of a page."""
    remaining = iter(numbers)
    while portion := tuple(itertools.islice(remaining, LARGEST_PAGE)):
        yield portion
