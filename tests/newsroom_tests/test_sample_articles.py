from __future__ import annotations

from collections import Counter
from urllib.parse import unquote

import pytest
from lxml import etree, html

from newsroom import Edition, SampleArticle, articles_in, expected_articles, expected_of, load_articles
from newsroom.feeds import drupal_date
from newsroom.markup import drupal_escape, plain, wordpress_escape
from newsroom.sample_articles import Block, slug_of
from newsroom.sites import GAZETTE, SITES, WORDING
from newsroom.wordpress_content import content_html, description, excerpt_html

ORIGIN = "http://127.0.0.1:8081"
REASONS = {"paywall_stub", "live_blog_shell", "listing_page", "robots_disallowed", "excluded_url", "foreign_host"}


def text_of(element: etree._Element) -> str:
    """The element's words."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def name_of(article: SampleArticle) -> str:
    """Site and id."""
    return f"{article.site}-{article.article_id}"


def test_there_are_about_forty_articles_and_at_least_ten_are_arabic() -> None:
    """The newsroom is large enough to be worth a run."""
    written = [article for article in load_articles() if article.reason is None]
    assert len(written) >= 40
    assert sum(article.site == "observatory_ar" for article in written) >= 10
    assert len(expected_articles("evening")) > len(expected_articles("morning")) >= 30


def test_no_two_articles_of_a_site_share_an_id_or_an_address() -> None:
    """An identity is one article's, as in a real content management system."""
    assert max(Counter((a.outlet.key, a.article_id) for a in load_articles()).values()) == 1
    assert max(Counter((a.outlet.key, a.path) for a in load_articles()).values()) == 1


def test_the_evening_brings_new_articles_two_edits_and_one_removal() -> None:
    """One edit on each host; the withdrawn article is on the Observatory."""
    morning = {name_of(article): article for article in articles_in(Edition.MORNING)}
    evening = {name_of(article): article for article in articles_in(Edition.EVENING)}
    edited = [evening[name].site for name in morning.keys() & evening.keys() if morning[name] != evening[name]]
    assert sorted(edited) == ["gazette", "observatory_en"]
    assert morning.keys() - evening.keys() == {"observatory_en-41302"}
    assert len(evening.keys() - morning.keys()) == 8


def test_an_edit_moves_the_time_of_modification_and_nothing_that_identifies_the_article() -> None:
    """What an edit is: the same article, address and date of publication, with other words."""
    for article in load_articles():
        if article.evening is not None:
            later = article.at(Edition.EVENING)
            assert later is not None
            assert (later.path, later.article_id, later.published) == (
                article.path,
                article.article_id,
                article.published,
            )
            assert later.modified > article.modified
            assert later.body != article.body
            assert later.headline != article.headline


def test_every_article_lies_in_march_2026_and_each_edition_before_its_end() -> None:
    """Dates are fixed, so that every run gives the same rows."""
    for article in load_articles():
        assert article.published <= article.modified
        assert (article.published.year, article.published.month) == (2026, 3)
    newest = max(article.published for article in articles_in(Edition.MORNING))
    assert all(a.published > newest for a in load_articles() if a.edition is Edition.EVENING)


def test_every_kind_of_page_that_is_no_article_is_there() -> None:
    """Each of them ends in a reason of its own."""
    assert {article.reason for article in load_articles()} - {None} == REASONS
    assert all(expected.reason is None for expected in expected_articles(Edition.EVENING))


def test_the_reference_article_is_recorded_apart_from_its_body() -> None:
    """The acceptance test's values were written down by hand, and what is derived agrees with them."""
    recorded = {article: article.recorded for article in load_articles() if article.recorded is not None}
    assert {name_of(article) for article in recorded} == {"gazette-88104", "observatory_en-41388"}
    for article, values in recorded.items():
        expected = expected_of(article)
        assert values is not None
        assert expected.text.startswith(values["first_words"])
        assert expected.text.endswith(values["last_words"])
        for key in values.keys() - {"first_words", "last_words"}:
            assert getattr(expected, key) == values[key]


@pytest.mark.parametrize(
    "article", [a for a in load_articles() if a.site != "gazette" and a.republished_from], ids=name_of
)
def test_a_republished_article_names_its_source_once_and_not_in_what_is_expected(article: SampleArticle) -> None:
    """The source line and the disclaimer are in the HTML as paragraphs of their own, and in no expected text."""
    wording = WORDING[article.site]
    paragraphs = [text_of(p) for p in html.fromstring(f"<div>{content_html(article, wording)}</div>").iter("p")]
    expected = expected_of(article)
    line = f"{wording.source_label}: {expected.original_publisher}"
    assert paragraphs.count(line) == 1
    assert line not in expected.lines
    assert (wording.disclaimer in paragraphs) is expected.has_disclaimer
    assert wording.disclaimer not in expected.lines


@pytest.mark.parametrize("article", articles_in(Edition.EVENING), ids=name_of)
def test_what_is_expected_is_clean_text(article: SampleArticle) -> None:
    """No markup, no blank line, no space at an edge: the lines can be compared as they are."""
    for line in expected_of(article).lines:
        assert line == " ".join(line.split())
        assert line
        assert "](" not in line
        assert "<" not in line


def test_articles_differ_in_length_and_make_up() -> None:
    """Three sentences, long features, lists, headings, kickers, standfirsts: each of them occurs."""
    written = [article for article in load_articles() if article.reason is None]
    words = [len(expected_of(article).text.split()) for article in written]
    assert min(words) < 60
    assert max(words) > 200
    assert {block.kind for article in written for block in article.body} >= {"paragraph", "list", "heading"}
    assert any(article.kicker for article in written)
    assert any(article.standfirst is None for article in written)
    assert any("fata*lities" in expected_of(article).text for article in written)


def test_a_reprint_takes_from_its_original_what_it_does_not_say_itself() -> None:
    """The copies of one story share their words across outlets."""
    by_id = {article.article_id: article for article in load_articles() if article.site == "gazette"}
    reprints = [article for article in load_articles() if article.reprint_of]
    assert len(reprints) >= 3
    for reprint in reprints:
        original = by_id[reprint.reprint_of or 0]
        assert reprint.body == original.body
        assert reprint.published > original.published
        assert reprint.article_id != original.article_id


def test_the_gazettes_dates_have_a_space_before_an_offset_that_changes_with_the_season() -> None:
    """London's summer time began on 29 March 2026."""
    dates = [drupal_date(article) for article in load_articles() if article.outlet is GAZETTE]
    assert "2026-03-02T23:05:21 +0000" in dates
    assert {date[-6:] for date in dates} == {" +0000", " +0100"}


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Qadria’s wheat: a third dry spring", "qadrias-wheat-a-third-dry-spring"),
        ("Elders' meeting", "elders-meeting"),
        ("طائرة مسيّرة تابعة", "طائرة-مسيرة-تابعة"),
    ],
)
def test_slugs_keep_letters_of_any_script(headline: str, slug: str) -> None:
    """An Arabic headline has an Arabic slug, without its vowel marks."""
    assert slug_of(headline) == slug


def test_arabic_addresses_are_escaped_in_lower_case() -> None:
    """As WordPress stores them; other software writes the same address in upper case."""
    paths = [article.path for article in load_articles() if article.site == "observatory_ar"]
    assert all("%d8" in path and path == path.lower() for path in paths)
    assert all(unquote(path).split("/")[1].isprintable() for path in paths)


def test_marks_in_the_text_become_plain_words() -> None:
    """Links and emphasis go; a star inside a word is the Observatory's own."""
    assert plain("The [Observatory](https://a.example/en/) counted *three* fata*lities") == (
        "The Observatory counted three fata*lities"
    )


def test_each_site_writes_the_entities_of_its_software() -> None:
    """WordPress turns typographic characters into decimal entities, Drupal escapes quotation marks."""
    assert wordpress_escape("Qadria’s oil & gas – <2026>") == "Qadria&#8217;s oil &#038; gas &#8211; &lt;2026&gt;"
    assert drupal_escape('capital\'s "talks" & more') == "capital&#039;s &quot;talks&quot; &amp; more"


def test_long_texts_are_cut_with_the_mark_of_their_software() -> None:
    """An excerpt of 55 words ends in ``[…]``, a description in an ellipsis."""
    long = next(a for a in load_articles() if a.article_id == 41244)
    short = next(a for a in load_articles() if a.article_id == 41388)
    assert excerpt_html(long).count(" ") > 50
    assert excerpt_html(long).endswith(" [&hellip;]</p>\n")
    assert description(long).endswith("…")
    assert "hellip" not in excerpt_html(short)
    assert description(short) == short.standfirst


def test_a_block_of_an_unknown_shape_is_refused() -> None:
    """A slip in a data file is found when it is read."""
    from newsroom.sample_articles import make_blocks

    assert list(make_blocks(["a", ["b"], {"quote": "c"}])) == [
        Block(kind="paragraph", lines=("a",)),
        Block(kind="list", lines=("b",)),
        Block(kind="quote", lines=("c",)),
    ]
    with pytest.raises(TypeError):
        list(make_blocks([7]))


def test_each_site_is_an_outlet_of_the_sample_configuration() -> None:
    """Their ids are the files' names."""
    assert {site.outlet_id for site in SITES.values()} == {
        "sample_observatory_en",
        "sample_observatory_ar",
        "sample_gazette",
    }
