"""A home with six weeks of three invented outlets, in English and Arabic: for the report, and for whoever shows things.

In the last week one outlet copies another, headlines and tolls are edited, an article is taken down and another put
back, and words come up that nobody said before. One outlet, one headline and one passage try to be markup.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from story_cases import Writer
from warehouse_samples import SITE, make_capture, make_extraction, make_failure, make_link, make_poll

from extractors.errors import Reason
from extractors.records import Extraction, FetchResult, OutletCard
from warehouse.connection import open_live
from warehouse.load import load
from warehouse.publish import publish
from warehouse.state import finish_run, record_fetches, record_polls, start_run, upsert_outlets

UNTIL = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
"""A Monday; the six weeks end here."""

SINCE = UNTIL - timedelta(days=7)
DAYS = 42
TRICKS = (
    "<script>document.title='run'</script>",
    '"><img src=x onerror="document.title=\'run\'">',
    "A \u202eright-to-left override\u202c in a headline",
)
"""Headlines that would do something, were they not escaped."""

ARABIC = """
    أعلنت الحكومة خطة جديدة للمياه في المدينة القديمة وقال وزير الزراعة إن المزارعين ينتظرون المطر منذ شهور طويلة بينما
    تستعد المدارس لاستقبال الطلاب بعد العطلة وافتتح رئيس البلدية سوقا للسمك قرب الميناء بحضور عشرات الصيادين وشاركت فرق
    من المحافظات في مهرجان للموسيقى وسجلت محطات الرصد حرارة أعلى من معدلها وأغلقت الشرطة طريق الجبل بسبب الثلوج
""".split()  # noqa: SIM905 - a list would be a line a word

OUTLETS = (
    OutletCard(
        outlet_id="harbor_post",
        name="The Harbor Post",
        homepage="https://harborpost.example/",
        country=None,
        languages=("en",),
        aliases=(),
        hosts=("harborpost.example",),
    ),
    OutletCard(
        outlet_id="bold_news",
        name="Bold <b>News</b> & Views",
        homepage="https://bold.example/",
        country=None,
        languages=("en",),
        aliases=(),
        hosts=("bold.example",),
    ),
    OutletCard(
        outlet_id="mina",
        name="جريدة الميناء",
        homepage="https://mina.example/",
        country=None,
        languages=("ar",),
        aliases=(),
        hosts=("mina.example",),
    ),
)


def make_press_weeks(home: Path) -> None:
    """Fill a home and publish it."""
    articles = list(all_articles())
    with open_live(home, wait_seconds=0) as con:
        upsert_outlets(con, OUTLETS)
        for day in (0, 20, DAYS - 1, DAYS):
            start_run(
                con, f"run-{day}", command="ingest", parameters={}, started_at=day_of(day), wirewatch_version="test"
            )
            finish_run(con, f"run-{day}", finished_at=day_of(day), status="done", summary={})
        waiting = [make_link(number) for number in (1, 2, *range(901, 906))]
        record_polls(con, "run-1", "harbor_post", [make_poll(*waiting, when=day_of(DAYS))], now=day_of(DAYS))
        load(con, "run-1", "harbor_post", articles, now=UNTIL)
        load(con, "run-2", "harbor_post", list(edits(articles)), now=UNTIL)
        gone = UNTIL - timedelta(hours=2)
        record_fetches(con, "run-2", "harbor_post", [make_gone(1, gone), make_gone(2, gone)], now=gone)
        load(con, "run-3", "harbor_post", list(restored(articles)), now=UNTIL)
    publish(home, wait_seconds=0)


def day_of(day: int) -> datetime:
    """Noon of a day, counted from the first."""
    return UNTIL - timedelta(days=DAYS - day, hours=6)


def all_articles() -> Iterator[Extraction]:
    """Every article in its first state, oldest first."""
    writer, dice = Writer(5), random.Random(5)
    number = 0
    for day in range(DAYS + 1):
        is_last = day > DAYS - 7
        for _ in range(5 if is_last else 3):
            number += 1
            extra = " The quarantine in the harbor goes on." if is_last else ""
            yield made(number, day, "harbor_post", text=f"{writer.report(2)} At least 12 people were killed.{extra}")
        for _ in range(2):
            number += 1
            words = " ".join(dice.sample(ARABIC, 25)) + (" وتحدث الناس عن الهدنة الطويلة" if is_last else "")
            title = " ".join(dice.sample(ARABIC, 6))
            yield made(number, day, "mina", text=f"{words}.", title=title, language="ar", languages=("ar",))
        if is_last and day < DAYS:
            number += 1
            origin = made(number, day, "harbor_post", text=writer.report(4), title=f"Ferry {day} runs aground")
            yield origin
            number += 1
            assert origin.article is not None
            yield made(
                number, day, "bold_news", text=origin.article.text, title=origin.article.title, hours=3,
                original_publisher="The Harbor Post" if day % 2 else None,
            )  # fmt: skip
    for title in TRICKS:
        number += 1
        url = "javascript:document.title='run'" if title == TRICKS[0] else f"https://bold.example/{number}/"
        yield made(number, DAYS, "bold_news", text=writer.report(2), title=title, canonical_url=url)


def made(number: int, day: int, outlet_id: str, *, hours: float = 0, **changes: Any) -> Extraction:
    """One article, published between two and five hours before noon, and seen some minutes later."""
    published = day_of(day) - timedelta(hours=5 - hours, minutes=7 * (number % 9))
    values = {"outlet_id": outlet_id, "published_at": published, "standfirst": None, **changes}
    return make_extraction(number, fetched_at=published + timedelta(minutes=5 + number % 50), **values)


def edits(articles: list[Extraction]) -> Iterator[Extraction]:
    """What the outlets edited on the last day."""
    for extraction in articles[-11:]:
        article = extraction.article
        assert article is not None
        text = article.text.replace("12 people", "14 people").replace("عن الهدنة", "عن هدنة جديدة")
        is_retitled = article.outlet_id == "harbor_post"
        title = f"{article.title} <em>after all</em>" if is_retitled else article.title
        text += "\n</ins><script>document.title='run'</script>"
        yield again(extraction, hours=6, text=text, title=title)


def make_gone(number: int, when: datetime) -> FetchResult:
    """The address of an article, which says that there is nothing any more."""
    capture = make_capture(f"{SITE}/{number}/", fetched_at=when, status=410)
    return make_failure(number, Reason.HTTP_410, when=when, capture=capture)


def restored(articles: list[Extraction]) -> Iterator[Extraction]:
    """One of those that were taken down, there again."""
    yield again(articles[0], at=UNTIL - timedelta(hours=1))


def again(extraction: Extraction, *, hours: float = 0, at: datetime | None = None, **changes: Any) -> Extraction:
    """An article, captured once more some hours later or at a time."""
    fetched_at = at or extraction.capture.fetched_at + timedelta(hours=hours)
    capture = make_capture(extraction.capture.requested_url, fetched_at=fetched_at)
    assert extraction.article is not None
    article = replace(extraction.article, capture_id=capture.capture_id, **changes)
    return replace(extraction, capture=capture, article=article)
