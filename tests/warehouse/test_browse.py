"""What a person looks at: pages made of the published file's views, always of the newest file, and never a lock."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from explored_home import AFTER, ARABIC_TITLE, BEFORE, EDITED_TITLE, GAZETTE, HOSTILE_TITLE, make_home, publish_another
from warehouse_samples import OUTLET

from extractors.errors import WarehouseError, WarehouseUnusableError
from warehouse.browse import ArticlePage, Browser
from warehouse.connection import published_path
from warehouse.sql_files import sql_files


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """A look into a home that no test changes."""
    home = tmp_path_factory.mktemp("browsed") / "home"
    make_home(home)
    return Browser(home=home)


def open_first(browser: Browser, words: str) -> ArticlePage:
    """The best article for some words."""
    page = browser.article(str(browser.find(words).rows[0]["article_id"]))
    assert page is not None
    return page


def test_the_edition_says_what_there_is(browser: Browser) -> None:
    """Counts, and what a search can be narrowed to; outlets by their names."""
    edition = browser.edition()
    assert (edition.counts["article_count"], edition.counts["revised_count"]) == (5, 1)
    assert [row["outlet_id"] for row in edition.outlets] == [GAZETTE, OUTLET]
    assert {row["language"] for row in edition.languages} == {"en", "ar"}


def test_words_find_articles_with_what_became_of_them(browser: Browser) -> None:
    """As search gives them, with a badge for each."""
    found = browser.find("nine ferry")
    (row,) = found.rows
    badge = found.badges[str(row["article_id"])]
    assert (row["title"], found.match_count) == (EDITED_TITLE, 1)
    assert (badge["outlet_name"], badge["revision_count"], badge["is_copy"]) == ("The Harbor Post", 2, False)
    assert len(row["matches"]) == 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 5),
        ("lang:ar", 1),
        ("-lang:ar", 4),
        (f"outlet:{GAZETTE}", 1),
        (f"-outlet:{GAZETTE}", 4),
        ("after:2026-03-02", 5),
        ("before:2026-03-02", 0),
        (f"lang:en outlet:{OUTLET} after:2026-01 before:2027", 3),
    ],
)
def test_without_words_the_newest_come(browser: Browser, query: str, count: int) -> None:
    """The filters of search hold for them too."""
    found = browser.find(query)
    assert (len(found.rows), found.match_count) == (count, count)
    times = [row["published_at"] for row in found.rows]
    assert times == sorted(times, reverse=True)
    assert [row["matches"] for row in found.rows] == [[]] * count


@pytest.mark.parametrize("query", ["ferry outlet:nope", "outlet:nope", "after:soon", "ferry colour:red", '"'])
def test_a_wrong_query_is_told_in_the_words_of_search(browser: Browser, query: str) -> None:
    """Whether it has words or not."""
    with pytest.raises(WarehouseError, match=r"^search: .*(no outlet|no date|no filter|no word)"):
        browser.find(query)


def test_an_article_is_shown_with_its_edit(browser: Browser) -> None:
    """Both revisions, what changed word by word, both captures, and the rule behind a field."""
    page = open_first(browser, "nine ferry")
    assert [revision["kind"] for revision in page.revisions] == ["edit", "first"]
    changes = {change["field"]: change for change in page.changes}
    assert (changes["text"]["before"], changes["text"]["after"]) == (BEFORE, AFTER)
    (passage,) = changes["text"]["passages"]
    assert BEFORE[passage["before_offset"] :].startswith(passage["before"])
    assert [capture["what"] for capture in page.captures] == ["revision 2", "revision 1"]
    assert [row["source"] for row in page.provenance if row["field"] == "title"] == ["og:title"]


def test_an_article_is_shown_with_those_who_had_it(browser: Browser) -> None:
    """The first one on top, the copy with its lag."""
    first, copy = open_first(browser, "barge").versions
    assert (first["outlet_id"], first["is_first"]) == (OUTLET, True)
    assert (copy["outlet_id"], copy["lag_minutes"], copy["credited_by"]) == (GAZETTE, 90, None)


@pytest.mark.parametrize("article_id", ["0d9e6c1a-2b7f-4c35-9a51-7e0b8f4d2c66", "", "'; DROP TABLE x", "<script>"])
def test_there_is_no_page_for_no_article(browser: Browser, article_id: str) -> None:
    """Whatever stands in the page's address."""
    assert browser.article(article_id) is None


def test_stories_tell_who_copied(browser: Browser) -> None:
    """Only stories with copies, each with them, and who copies whom."""
    stories = browser.stories()
    (story,) = stories.rows
    assert (story["origin_outlet_id"], story["outlet_count"]) == (OUTLET, 2)
    assert [copy["outlet_name"] for copy in story["copies"]] == ["<i>The Gazette</i>"]
    assert [(row["origin_name"], row["copy_count"]) for row in stories.copying] == [("The Harbor Post", 1)]
    assert browser.stories(outlets=3).rows == []


def test_health_and_coverage_are_those_of_the_views(browser: Browser) -> None:
    """Each outlet with its days; each day's columns add up."""
    health = {row["outlet_id"]: row for row in browser.health()}
    assert health.keys() == {OUTLET, GAZETTE}
    assert sum(day["article_count"] for day in health[OUTLET]["days"]) == 4
    days = {row["outlet_id"]: row for row in browser.coverage()}
    assert (days[OUTLET]["outlet_name"], days[OUTLET]["discovered"], days[OUTLET]["pending"]) == (
        "The Harbor Post",
        5,
        1,
    )
    parts = ("loaded", "revised", "unchanged", "no_article", "gone", "rejected", "failed", "pending")
    assert all(sum(row[part] for part in parts) == row["discovered"] for row in days.values())


def test_a_look_writes_nothing(browser: Browser) -> None:
    """The file is the same, byte by byte, and there is none beside it."""
    before = hashlib.sha256(published_path(browser.home).read_bytes()).hexdigest()
    names = {path.name for path in browser.home.iterdir()}
    browser.edition()
    open_first(browser, "ferry")
    browser.stories()
    browser.health()
    browser.coverage()
    assert hashlib.sha256(published_path(browser.home).read_bytes()).hexdigest() == before
    assert {path.name for path in browser.home.iterdir()} == names


def test_the_next_look_is_into_the_next_file(tmp_path: Path) -> None:
    """A run publishes while a look is open: it ends as it began, and the next one sees the new article."""
    home = tmp_path / "home"
    make_home(home)
    browser = Browser(home=home)
    identity = browser.identity()
    with browser.opened() as (con, _):
        publish_another(home)
        assert con.execute("SELECT COUNT(*) FROM articles").fetchone() == (5,)
    assert browser.identity() != identity
    assert browser.edition().counts["article_count"] == 6


def test_without_a_published_file_there_is_nothing_to_see(tmp_path: Path) -> None:
    """And the message says what to do."""
    browser = Browser(home=tmp_path)
    assert browser.identity() is None
    with pytest.raises(WarehouseUnusableError, match="nothing has been published yet"):
        browser.edition()


def test_hostile_titles_come_as_they_are(browser: Browser) -> None:
    """What they are is for whoever shows them to take care of."""
    assert browser.find("gale").rows[0]["title"] == HOSTILE_TITLE
    assert browser.find("lang:ar").rows[0]["title"] == ARABIC_TITLE


def test_every_query_says_its_grain() -> None:
    """A header of each names what a row is, what is read and who asks."""
    for file in sql_files("browse"):
        header = file.text.split("\n\n", 1)[0]
        assert all(word in header for word in ("Grain: ", "Input", "User: warehouse/browse.py")), file.name
        assert "core." not in file.text, file.name
        assert "raw." not in file.text, file.name
