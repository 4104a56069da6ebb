"""The books of the warehouse balance after each step of any history of polls, fetches, loads, rechecks and kills."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar
from unittest import mock

from empty_home import plant_warehouse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from warehouse_samples import (
    NOW,
    OUTLET,
    SITE,
    ask,
    make_article,
    make_capture,
    make_link,
    make_outcome,
    make_poll,
)

from extractors.errors import Reason
from extractors.records import Capture, Extraction, FetchResult, Hints, Link, Outcome, Stage
from warehouse.checks import run_checks
from warehouse.connection import open_live
from warehouse.fetches import record_fetches
from warehouse.links import add_links
from warehouse.load import load
from warehouse.polls import record_polls
from warehouse.rechecks import due_work
from warehouse.worklists import fetched_links

STORIES = st.integers(1, 6)
SECOND_ADDRESS = 3
"""Story n and story n + 3 of the numbers 1 to 6 are one article at two addresses."""

AGES = (timedelta(hours=1), timedelta(hours=6))
FETCH_FAILURES = (
    Reason.TIMEOUT,
    Reason.HTTP_5XX,
    Reason.HTTP_403,
    Reason.HTTP_404,
    Reason.HTTP_410,
    Reason.REDIRECTED_HOME,
    Reason.NOT_MODIFIED,
    Reason.UNCHANGED,
    Reason.ROBOTS_DISALLOWED,
    Reason.EXCLUDED_URL,
    Reason.BUDGET_SPENT,
    Reason.ARCHIVE_ERROR,
)
VERDICTS = (Reason.EMPTY, Reason.SOFT_404, Reason.PAYWALL_STUB, Reason.EXTRACT_ERROR, Reason.ARCHIVE_ERROR)
BOOKS = """
    SELECT
        COALESCE(SUM(discovered), 0)::INTEGER AS discovered,
        COALESCE(SUM(pending), 0)::INTEGER AS pending,
        COALESCE(SUM(loaded + revised + unchanged + no_article + gone + rejected + failed), 0)::INTEGER AS done,
        (SELECT COUNT(*)::INTEGER FROM links) AS links,
        (SELECT COUNT(*)::INTEGER FROM links WHERE (state = 'done') <> (reason IS NOT NULL)) AS undecided,
        (SELECT COUNT(*)::INTEGER FROM articles) AS articles,
        (SELECT COUNT(DISTINCT identity)::INTEGER FROM core.articles) AS identities
    FROM coverage
"""


class KilledError(Exception):
    """The process died in the middle of a transaction."""


class Newsdesk(RuleBasedStateMachine):
    """One outlet's history, as the stages of many runs would write it."""

    empty_warehouse: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.clock = NOW
        self.run = 0
        self.seen: set[str] = set()
        self.stack = ExitStack()
        home = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        plant_warehouse(self.empty_warehouse, home)
        self.con = self.stack.enter_context(open_live(home, wait_seconds=0))

    def teardown(self) -> None:
        """Close the warehouse."""
        self.stack.close()

    @property
    def run_id(self) -> str:
        """The run of the present step."""
        return f"run-{self.run}"

    def next_moment(self) -> datetime:
        """Time goes on a little with every step, so that no two captures are of one moment."""
        self.clock += timedelta(minutes=1)
        return self.clock

    @rule(hours=st.sampled_from((0.5, 2, 7, 30)))
    def wait(self, hours: float) -> None:
        """Another run starts later."""
        self.clock += timedelta(hours=hours)
        self.run += 1

    @rule(listed=st.lists(STORIES, unique=True), wording=st.integers(1, 2), excluded=st.sets(STORIES, max_size=2))
    def poll(self, listed: list[int], wording: int, excluded: set[int]) -> None:
        """A source lists stories, in one wording or another, and some that the outlet's file excludes."""
        now = self.next_moment()
        links = [make_link(n, title=f"Story {n}, {wording}") for n in listed if n not in excluded]
        rejected = [replace(rejection(n), occurred_at=now) for n in sorted(excluded)]
        advert = make_outcome(Reason.FOREIGN_HOST, url="https://ads.example/x", when=now)
        poll = make_poll(*links, rejected=(*rejected, advert), when=now)
        record_polls(self.con, self.run_id, OUTLET, [poll], now=now)
        self.seen |= {make_link(n).link_id for n in (*listed, *excluded)} | {"advert"}

    @rule(number=STORIES, force=st.booleans())
    def name(self, number: int, force: bool) -> None:
        """A person asks for a page, or a backfill finds it."""
        link = replace(make_link(number), hints=Hints(), source_id="urls:command")
        add_links(self.con, self.run_id, OUTLET, [link], now=self.next_moment(), force=force)
        self.seen.add(link.link_id)

    @rule(answers=st.lists(st.sampled_from((None, None, *FETCH_FAILURES)), min_size=1, max_size=6))
    def fetch(self, answers: list[Reason | None]) -> None:
        """What is due, rechecks too, is answered by a page or by a failure."""
        now = self.next_moment()
        due = due_work(self.con, OUTLET, limit=len(answers), now=now, ages=AGES)
        results = [fetched(each.link, reason, now) for each, reason in zip(due, answers, strict=False)]
        record_fetches(self.con, self.run_id, OUTLET, results, now=now)

    @rule(readings=st.lists(st.sampled_from((1, 1, 2, *VERDICTS)), min_size=1, max_size=6))
    def extract_and_load(self, readings: list[int | Reason]) -> None:
        """Pages that wait are read as an article in one wording or another, or as none."""
        load(self.con, self.run_id, OUTLET, self.read(readings), now=self.next_moment())

    @rule(readings=st.lists(st.sampled_from((1, 2, Reason.EMPTY)), min_size=1, max_size=6))
    def load_twice(self, readings: list[int | Reason]) -> None:
        """A batch that is loaded again changes nothing."""
        batch = self.read(readings)
        now = self.next_moment()
        load(self.con, self.run_id, OUTLET, batch, now=now)
        again = load(self.con, self.run_id, OUTLET, batch, now=now)
        assert (again.loaded, again.revised) == (0, 0)

    @rule(number=STORIES, wording=st.integers(1, 2), days=st.integers(1, 3))
    def backfill(self, number: int, wording: int, days: int) -> None:
        """Somebody else's archive holds an older state of a page."""
        now = self.next_moment()
        link = make_link(number)
        capture = make_capture(f"{SITE}/{number}/", fetched_at=now - timedelta(days=days))
        result = FetchResult(link=link, capture=capture)
        record_fetches(self.con, self.run_id, OUTLET, [result], now=now, is_history=True)
        load(self.con, self.run_id, OUTLET, [extraction(capture, link.link_id, wording)], now=now)
        self.seen.add(link.link_id)

    @rule(number=STORIES)
    def be_killed_while_polling(self, number: int) -> None:
        """Nothing of the poll is there, and nothing of what was there is lost."""
        now = self.next_moment()
        poll = make_poll(make_link(number, title="Never stored"), when=now)
        self.killed_in(
            "warehouse.polls.save_source_states", lambda: record_polls(self.con, self.run_id, OUTLET, [poll], now=now)
        )

    @precondition(lambda self: bool(fetched_links(self.con, OUTLET, limit=1)))
    @rule(readings=st.lists(st.sampled_from((1, 2, Reason.EMPTY)), min_size=1, max_size=6))
    def be_killed_while_loading(self, readings: list[int | Reason]) -> None:
        """The pages wait as before."""
        batch = self.read(readings)
        now = self.next_moment()
        self.killed_in("warehouse.load.insert_outcomes", lambda: load(self.con, self.run_id, OUTLET, batch, now=now))

    def killed_in(self, step: str, work: Callable[[], object]) -> None:
        """Do a piece of work that dies before a step of its transaction, and compare before and after."""
        before = ask(self.con, BOOKS)
        with mock.patch(step, side_effect=KilledError):
            try:
                work()
            except KilledError:
                pass
            else:
                raise AssertionError(f"{step} was never reached")
        assert ask(self.con, BOOKS) == before

    def read(self, readings: Sequence[int | Reason]) -> list[Extraction]:
        """Read pages that wait."""
        pages = fetched_links(self.con, OUTLET, limit=len(readings))
        return [extraction(page, link_id, how) for (page, link_id, _), how in zip(pages, readings, strict=False)]

    @invariant()
    def books_balance(self) -> None:
        """Every link has one current outcome or is pending; an article is there once; every check holds."""
        (books,) = ask(self.con, BOOKS)
        assert books["discovered"] == books["pending"] + books["done"] == books["links"] == len(self.seen)
        assert books["undecided"] == 0
        assert books["articles"] == books["identities"]
        assert [each for each in run_checks(self.con) if each.offending_count] == []


def rejection(number: int) -> Outcome:
    """A story that the outlet's file excludes now."""
    outcome = make_outcome(Reason.EXCLUDED_URL, url=f"{SITE}/{number}/")
    return replace(outcome, link_id=make_link(number).link_id)


def fetched(link: Link, reason: Reason | None, now: datetime) -> FetchResult:
    """A page, or why there is none."""
    if reason is None:
        return FetchResult(link=link, capture=make_capture(link.normalized_url, fetched_at=now))
    outcome = make_outcome(reason, stage=Stage.FETCH, url=link.normalized_url, when=now)
    return FetchResult(link=link, capture=None, outcome=outcome)


def extraction(page: Capture, link_id: str, how: int | Reason) -> Extraction:
    """A page read as its article in some wording, or as none for a reason."""
    if isinstance(how, Reason):
        return Extraction(capture=page, link_id=link_id, article=None, reason=how)
    number = int(page.requested_url.removeprefix(SITE).split("?")[0].strip("/"))
    story = (number - 1) % SECOND_ADDRESS + 1
    address = f"{SITE}/{number}/"
    # In the second wording the page does not tell its number in the CMS.
    identity = f"cms:{story}" if how == 1 else f"url:{address}"
    values = {"text": f"Wording {how}.", "identity": identity, "canonical_url": address, "normalized_url": address}
    article = make_article(story, **values)
    return Extraction(capture=page, link_id=link_id, article=replace(article, capture_id=page.capture_id))


def test_the_books_balance_after_every_step(empty_warehouse: Path) -> None:
    """Discovered = the sum of what became of the links, whatever happened in whatever order."""
    bounds = settings(
        max_examples=8,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    Newsdesk.empty_warehouse = empty_warehouse
    run_state_machine_as_test(Newsdesk, settings=bounds)
