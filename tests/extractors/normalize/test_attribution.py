from __future__ import annotations

import pytest
from quality.made_pages import PAGE_URL, make_outlet

from extractors.normalize.attribution import attribution_of, original_url, related_hosts, without_repetition

BODY = ["First paragraph.", "Second paragraph."]
NAMES = ("The Amal Gazette",)


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("Source: The Levant Courier", "The Levant Courier"),
        ("Source : The Levant Courier.", "The Levant Courier"),
        ("المصدر: صحيفة الساحل", "صحيفة الساحل"),
        ("This article was originally published by The Levant Courier.", "The Levant Courier"),
        ("This story first appeared in The Levant Courier, London.", "The Levant Courier"),
        ("Source: The Amal Gazette", None),
        ("Source: Amal Gazette News", None),
        ("Source: The Amal Gazette and news agencies", None),
        ("Source: Levant Courier.tv", "Levant Courier.tv"),
        ("Source: https://courier.example/news/1", "courier.example"),
        ("Originally published by The Levant Courier", "The Levant Courier"),
        ("This article is republished from The Levant Courier under a Creative Commons license.", "The Levant Courier"),
        ("Reprinted with permission from The Levant Courier.", "The Levant Courier"),
        ("Read the original article on The Levant Courier.", "The Levant Courier"),
        ("المصدر : الساحل + وكالات", "الساحل"),
        ("المصدر: وكالات", None),
        ("نقلاً عن: صحيفة الساحل", "صحيفة الساحل"),
        ("نُشر هذا المقال أولاً في صحيفة الساحل.", "صحيفة الساحل"),
        ("المصدر: رويترز", "رويترز"),
        ("Source : Le Courrier du Levant", "Le Courrier du Levant"),
        ("Cet article a été initialement publié dans Le Courrier du Levant.", "Le Courrier du Levant"),
        ("Quelle: Levante-Kurier", "Levante-Kurier"),
        ("Dieser Artikel erschien zuerst im Levante-Kurier.", "Levante-Kurier"),
        ("Dieser Text ist zuerst bei Levante-Kurier erschienen.", "Levante-Kurier"),
        ("Fuente: El Correo de Levante", "El Correo de Levante"),
        ("Este artículo fue publicado originalmente en El Correo de Levante.", "El Correo de Levante"),
        ("Kaynak: Levant Postası", "Levant Postası"),
        ("Bu yazı ilk olarak Levant Postası'nda yayımlanmıştır.", "Levant Postası"),
        ("منبع: روزنامه ساحل", "روزنامه ساحل"),
        ("این مقاله نخستین بار در روزنامه ساحل منتشر شد.", "روزنامه ساحل"),
    ],
)
def test_source_lines_of_outlets_without_a_pattern(line: str, publisher: str | None) -> None:
    """In seven languages; the outlet itself, and "agencies" alone, are no first publisher."""
    found = attribution_of([*BODY, line], make_outlet(), NAMES)
    assert found.lines == tuple(BODY)
    assert found.original_publisher == publisher
    assert found.source_line == line


@pytest.mark.parametrize(
    "line",
    [
        "Sources: three officials, who asked not to be named, confirmed the visit.",
        "The source: a pipe under the square, which burst in January. Nobody had looked after it.",
        "Source of the river",
        "Via the port of Amal: two ships, then a third. Nobody counted them.",
        "المصدر الوحيد للمياه في القرية بئر قديمة.",
        "Quelle des Flusses ist ein kleiner See.",
    ],
)
def test_sentences_about_sources_stay(line: str) -> None:
    """Only a line that is nothing but a name after the label is a source line."""
    assert attribution_of([*BODY, line], make_outlet(), NAMES).lines == (*BODY, line)


@pytest.mark.parametrize(
    "line",
    [
        "The views expressed in this article belong to the author and not to the editors.",
        "Disclaimer: The opinions expressed here are the writer's own.",
        "Opinions expressed in this piece remain those of the author.",
        "الآراء الواردة في هذا المقال تعبر عن كاتبها.",
        "جميع المقالات المنشورة لا تعبّر عن رأي الموقع.",
        "This article does not necessarily reflect the editorial policy of the site.",
        "Les opinions exprimées dans cet article n'engagent que leur auteur.",
        "Die hier geäußerten Meinungen sind die des Autors.",
        "Las opiniones expresadas en este artículo son responsabilidad de su autor.",
        "Bu makalede yer alan görüşler yazara aittir.",
        "دیدگاه‌های مطرح شده در این مقاله الزاماً نظر سایت نیست.",
    ],
)
def test_disclaimers_are_flagged_and_cut(line: str) -> None:
    """In the forms that are usual in the languages of the field."""
    found = attribution_of([*BODY, line], make_outlet(), NAMES)
    assert (found.lines, found.disclaimer) == (tuple(BODY), line)


def test_an_outlets_own_patterns_replace_the_usual_ones() -> None:
    """What the file says is what counts."""
    outlet = make_outlet(republication={"source_line": r"^From: (?P<publisher>.+)$", "disclaimer": "^Not ours"})
    found = attribution_of([*BODY, "From: The Courier", "Not ours at all.", "Source: Kept"], outlet, NAMES)
    assert found.lines == (*BODY, "Source: Kept")
    assert (found.original_publisher, found.disclaimer) == ("The Courier", "Not ours at all.")


def test_attribution_is_looked_for_at_the_edges_only() -> None:
    """A quotation in the middle of a long text that looks like a source line is text."""
    lines = [f"Paragraph {number}." for number in range(30)]
    lines[15] = "Source: a handwritten note"
    assert attribution_of(lines, make_outlet(), NAMES).lines == tuple(lines)


@pytest.mark.parametrize(
    ("line", "kept", "agencies"),
    [
        ("(AFP)", [], ("AFP",)),
        ("Reuters", [], ("Reuters",)),
        ("رويترز، أ ف ب", [], ("Reuters", "AFP")),
        ("Sources: Reuters, dpa", [], ("Reuters", "dpa")),
        ("المصدر: الأناضول", [], ("Anadolu",)),
        ("mit dpa", [], ("dpa",)),
        ("“We waited,” he said. (AP)", ["“We waited,” he said."], ("AP",)),
        ("وانتهى اللقاء. (رويترز)", ["وانتهى اللقاء."], ("Reuters",)),
        ("The survey goes on. — Bernama", ["The survey goes on."], ("Bernama",)),
        ("AFP contributed to this report.", ["AFP contributed to this report."], ("AFP",)),
        ("(With inputs from PTI)", ["(With inputs from PTI)"], ("PTI",)),
        ("He said so to the agency (AP).", ["He said so to the agency (AP)."], ()),
        ("The last port is Reuters Quay.", ["The last port is Reuters Quay."], ()),
    ],
)
def test_agencies_credited_below_a_text(line: str, kept: list[str], agencies: tuple[str, ...]) -> None:
    """A credit of its own goes, one in a sentence stays; either is known."""
    found = attribution_of([*BODY, line], make_outlet(), NAMES)
    assert found.lines == (*BODY, *kept)
    assert found.agencies == agencies


def test_the_address_of_a_source_line_is_known() -> None:
    """Some lines give the page itself."""
    found = attribution_of([*BODY, "Source: https://courier.example/news/1"], make_outlet(), NAMES)
    assert found.original_url == "https://courier.example/news/1"


def test_corrections_go_and_are_known() -> None:
    """As written, beside the source line."""
    notes = ["Correction: The port has eleven quays.", "Source: The Levant Courier"]
    found = attribution_of([*BODY, *notes], make_outlet(), NAMES)
    assert (found.lines, found.corrections) == (tuple(BODY), (notes[0],))
    assert found.original_publisher == "The Levant Courier"


def test_what_the_page_repeats_above_the_text_goes() -> None:
    """Site name, kicker, headline and the standfirst that is stored apart."""
    lines = ["The Amal Gazette", "Maran", "Calm holds", "A standfirst.", "Text on Maran.", "Calm holds", "The end."]
    found = without_repetition(lines, title="Calm holds", kicker="Maran", names=NAMES, standfirst="A standfirst.")
    assert found == ["Text on Maran.", "The end."]


def test_a_host_is_a_name_above_the_text_and_an_address_in_it() -> None:
    """An article may give the outlet's address."""
    lines = ["gazette.example", "One.", "Two.", "Three.", "gazette.example"]
    names = ("The Amal Gazette", "gazette.example")
    assert without_repetition(lines, title="T", kicker=None, names=names, standfirst=None) == lines[1:]


@pytest.mark.parametrize(
    ("canonical", "original"),
    [
        ("https://courier.example.org/a", "https://courier.example.org/a"),
        ("https://amp.gazette.example/news/harbor-reopens", None),
        (PAGE_URL, None),
        ("mailto:desk@gazette.example", None),
        (None, None),
    ],
)
def test_a_canonical_url_elsewhere_is_the_original(canonical: str | None, original: str | None) -> None:
    """Hosts of the outlet's own domain are not elsewhere."""
    assert original_url(canonical, PAGE_URL, make_outlet()) == original


def test_related_hosts() -> None:
    """By registered domain, as far as labels tell."""
    assert related_hosts("www.courier.co.uk", "amp.courier.co.uk")
    assert not related_hosts("www.courier.co.uk", "www.gazette.co.uk")
    assert not related_hosts("127.0.0.1:8081", "127.0.0.1:8082")
