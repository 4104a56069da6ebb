from __future__ import annotations

from pathlib import Path

from quality.feeds import Expected, read_feed_cases

RSS = "<rss><channel><item><title>{}</title><link>/1</link><pubDate>{}</pubDate></item></channel></rss>"


def test_both_forms_of_expectation_are_read_and_scored(tmp_path: Path) -> None:
    """A file beside the feed, and a comment at its top; each value is right or wrong by itself."""
    (tmp_path / "b.xml").write_text(
        "<!--\nHeader: Content-Location: http://news.example/\n"
        "Expect: not bozo and entries[0]['title'] == 'Rain' and entries[0]['link'] == 'http://news.example/1'"
        " and entries[0]['published_parsed'] == (2026, 3, 2, 10, 0, 0, 0, 61, 0)\n-->\n"
        + RSS.format("Rain", "Mon, 02 Mar 2026 11:00:00 +0100"),
        encoding="utf-8",
    )
    [case] = read_feed_cases(tmp_path)
    items = case.read().items
    assert case.is_wellformed
    assert [each.field for each in case.expected] == ["title", "link", "date"]
    assert all(case.is_right(each, items) for each in case.expected)
    assert not case.is_right(Expected(entry=0, field="title", value="Sun"), items)
    assert not case.is_right(Expected(entry=1, field="title", value="Rain"), items)


def test_a_feed_that_is_none_has_a_reason(tmp_path: Path) -> None:
    """It is counted, not dropped."""
    (tmp_path / "c.xml").write_text("<html><body>no</body></html>", encoding="utf-8")
    [case] = read_feed_cases(tmp_path)
    assert case.read().reason == "not_a_feed"
