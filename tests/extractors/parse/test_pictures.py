from __future__ import annotations

import pytest
from quality.made_pages import make_page, paragraphs, read_article

from extractors.parse.pictures import split_credit

FIGURE = "<figure><img src='/files/pilot-boat-1024x683.jpg'>{}</figure>"
OG_IMAGE = "<meta property='og:image' content='https://www.gazette.example/files/pilot-boat.jpg'>"


def picture_of(figure: str, *, head: str = OG_IMAGE, above: str = "") -> tuple[str | None, str | None]:
    """Caption and credit of a page's lead image."""
    page = make_page(
        f"<article><h1>Harbor reopens after eleven weeks</h1>{above}{figure}{paragraphs()}</article>", head=head
    )
    article = read_article(page)
    return article.image_caption, article.image_credit


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("<figcaption>The first pilot boat [Getty]</figcaption>", ("The first pilot boat", "Getty")),
        (
            "<figcaption>The first pilot boat. Photo: Rula Sabbagh</figcaption>",
            ("The first pilot boat.", "Rula Sabbagh"),
        ),
        (
            "<figcaption>The boat <span class='credit'>Rula Sabbagh/AFP</span></figcaption>",
            ("The boat", "Rula Sabbagh/AFP"),
        ),
        ("<figcaption>The boat</figcaption><p class='image-credit'>© Courier</p>", ("The boat", "Courier")),
        ("<figcaption>قارب الإرشاد (رويترز)</figcaption>", ("قارب الإرشاد", "رويترز")),
        ("<figcaption>The first pilot boat leaves</figcaption>", ("The first pilot boat leaves", None)),
        ("<figcaption>AFP</figcaption>", (None, "AFP")),
        ("<figcaption></figcaption>", (None, None)),
        ("", (None, None)),
    ],
)
def test_the_figure_of_the_lead_image(below: str, expected: tuple[str | None, str | None]) -> None:
    """The credit in an element of its own, or at the caption's end; another size of the same file is the image."""
    assert picture_of(FIGURE.format(below)) == expected


def test_structured_data_comes_first() -> None:
    """What the publisher tells machines of the image."""
    node = (
        '{"@type":"NewsArticle","headline":"Harbor reopens after eleven weeks","image":{"@type":"ImageObject",'
        '"url":"https://www.gazette.example/files/pilot-boat.jpg","caption":"At dawn","creditText":"R. Sabbagh"}}'
    )
    head = f"<script type='application/ld+json'>{node}</script>"
    assert picture_of(FIGURE.format("<figcaption>Other [Getty]</figcaption>"), head=head) == ("At dawn", "R. Sabbagh")


def test_a_figure_of_another_image_says_nothing_of_the_lead_image() -> None:
    """Unless it opens the article, where a page shows a cut of the lead image under another name."""
    figure = FIGURE.replace("pilot-boat", "map").format("<figcaption>The basin [Courier]</figcaption>")
    assert picture_of(figure, above=paragraphs()) == (None, None)
    assert picture_of(figure) == ("The basin", "Courier")
    assert picture_of(figure, head="") == (None, None)


@pytest.mark.parametrize(
    ("caption", "parts"),
    [
        ("The boat (left) and the quay", ("The boat (left) and the quay", "")),
        ("The boat and the quay (right)", ("The boat and the quay (right)", "")),
        ("The quay in 2019 (2019)", ("The quay in 2019 (2019)", "")),
        ("The quay – a ruin for years", ("The quay – a ruin for years", "")),
        ("The quay – AFP", ("The quay", "AFP")),
        ("The quay | Reuters/R. Sabbagh", ("The quay", "Reuters/R. Sabbagh")),
        ("The quay © Courier", ("The quay", "Courier")),
        ("Bild: dpa", ("", "dpa")),
    ],
)
def test_what_ends_a_caption(caption: str, parts: tuple[str, str]) -> None:
    """Brackets and dashes hold other things than credits too."""
    assert split_credit(caption) == parts
