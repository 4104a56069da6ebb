"""Turns a URL of an outlet into an archived capture: robots asked, turn taken, redirects followed by hand, judged.

One fetcher serves a run, all its outlets together, so that what is known of a host holds for whoever asks it.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import ssl
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeVar

import stamina

from extractors.archive import Archive, Location, RawResponse
from extractors.errors import FetchError, NotAskedError, PermanentFetchError, Reason, UnresolvedHostError
from extractors.fetch.addresses import Resolve, resolve
from extractors.fetch.hops import (
    Task,
    check_host,
    conditions_for,
    is_of_another_state,
    is_tls_verified,
    redirect_of,
    user_agent,
)
from extractors.fetch.hosts import HostBook
from extractors.fetch.pacing import Pacer
from extractors.fetch.protocol import Accept
from extractors.fetch.responses import (
    ACCEPT_HEADERS,
    GOOD_STATUSES,
    KEPT_FAILURES,
    SLOWING_STATUSES,
    TOLD_BY_BODY,
    USABLE_STATUSES,
    Headers,
    body_problem,
    is_challenge,
    make_failure,
    media_type,
    reason_for_status,
    type_problem,
)
from extractors.fetch.retries import describe, retry_after_seconds, retry_decision
from extractors.fetch.robots import MAX_ROBOTS_REDIRECTS, RobotsAnswer, RobotsCache
from extractors.fetch.robots_rules import MAX_ROBOTS_BYTES
from extractors.fetch.wire import Answer, BodyRules, Target, Transport, Wire, make_target
from extractors.outlets import FetchSettings, Outlet
from extractors.records import Capture, Fetched, HostMemory, Validators

LONGEST_WAIT_FACTOR = 8  # the wait between attempts grows to this many times retry_wait_seconds
ROBOTS_HEADERS = {"Accept": "text/plain, */*;q=0.1"}
ROBOTS_RULES = BodyRules(
    is_wanted=lambda status, _: status in USABLE_STATUSES,
    max_bytes=2 * MAX_ROBOTS_BYTES,  # more than is parsed, so that all of that is there when the rest is given up
    keeps_beginning=True,
)

OF_THE_WHOLE_HOST = frozenset({Reason.PRIVATE_ADDRESS, Reason.TLS_ERROR})
"""What keeps a host's robots.txt from coming keeps its pages: the reason is theirs too."""

T = TypeVar("T")


class Fetcher:
    """Fetches for a run; an async context manager.

    Args:
        settings: ``[fetch]`` of wirewatch.toml; each outlet's own file may differ.
        archive: Where responses go before anybody parses them; ``None`` archives nothing (dry runs), and captures then
            have no file and offset -1.
        hosts: What earlier runs have left to know of hosts; ``Fetcher.hosts`` tells what this one adds.
        transport: In place of the network, for tests.
        resolver: Gives a host's addresses.
        trusted: Whose certificates are accepted; ``None`` means those of the authorities that browsers know.
        now: Aware wall-clock time.
        clock: Monotonic seconds.
        sleep: Waits for seconds.
        chance: Gives numbers from 0 to 1, for the jitter.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        archive: Archive | None,
        hosts: Iterable[HostMemory] = (),
        transport: Transport | None = None,
        resolver: Resolve = resolve,
        trusted: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.settings = settings
        self.archive = archive
        self._now = now
        self.hosts = HostBook(hosts, now=now)
        self._wire = Wire(settings, transport=transport, resolver=resolver, trusted=trusted)
        self._robots = RobotsCache(cache_hours=settings.robots_cache_hours, now=now)
        self._pacer = Pacer(
            self.hosts,
            jitter_share=settings.jitter_share,
            longest_rest_seconds=settings.retry_after_cap_seconds,
            clock=clock,
            sleep=sleep,
            chance=chance,
        )

    async def __aenter__(self) -> Self:
        await self._wire.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._wire.__aexit__(kind, error, trace)

    async def fetch(
        self, url: str, *, outlet: Outlet, accept: Accept, validators: Validators | None = None
    ) -> Fetched | None:
        """Fetch one URL of an outlet; see ``Fetching.fetch``."""
        task = Task(
            requested_url=url,
            outlet=outlet,
            accept=accept,
            validators=validators,
            settings=self.settings.for_outlet(outlet),
        )
        return await with_retries(task.settings, lambda: self._attempt(task))

    async def check_access(self, url: str, *, outlet: Outlet) -> None:
        """Ask whether a page would be asked for at all, and ask for nothing but its host's robots.txt.

        The page counts in its host's day as though it had been asked for.

        Raises:
            FetchError: What ``fetch`` would raise before it asks: ``bad_url``, ``foreign_host``,
                ``robots_disallowed``, ``robots_unreachable``, ``private_address``, or why its host is left alone.
        """
        target = make_target(url)
        settings = self.settings.for_outlet(outlet)
        task = Task(requested_url=url, outlet=outlet, accept=Accept.PAGE, validators=None, settings=settings)
        check_host(target, task)
        await self._obey_robots(target, task)
        self.hosts.admit(target.host, target.url, requests_per_day=settings.requests_per_day)
        self.hosts.count(target.host)

    async def _attempt(self, task: Task) -> Fetched | None:
        """Follow the redirects of one attempt to the page, or to the reason why there is none."""
        target = make_target(task.requested_url)
        seconds_left = task.settings.total_timeout_seconds
        seen: set[str] = set()
        for _ in range(task.settings.max_redirects + 1):
            check_host(target, task)
            await self._obey_robots(target, task)
            answer = await self._ask(target, task, seconds_left)
            if is_of_another_state(answer, task):
                answer = await self._ask(target, replace(task, validators=None), seconds_left)
            if (location := redirect_of(answer)) is None:
                return await self._judge(answer, task)
            seconds_left = max(0.0, seconds_left - answer.took_seconds)
            seen.add(target.url)
            target = target.join(location)
            if target.url in seen:
                raise PermanentFetchError(Reason.TOO_MANY_REDIRECTS, target.url, "redirects in a circle", answer.status)
        detail = f"more than {task.settings.max_redirects} redirects from {task.requested_url}"
        raise PermanentFetchError(Reason.TOO_MANY_REDIRECTS, target.url, detail)

    async def _ask(self, target: Target, task: Task, seconds_left: float) -> Answer:
        """Ask for one hop of a task."""
        headers = {"Accept": ACCEPT_HEADERS[task.accept], **conditions_for(target, task)}

        def is_wanted(status: int, response_headers: Headers) -> bool:
            if status in USABLE_STATUSES:
                return type_problem(task.accept, response_headers) is None
            return status in KEPT_FAILURES or status in TOLD_BY_BODY

        rules = BodyRules(is_wanted=is_wanted, max_bytes=task.settings.max_body_bytes)
        answer = await self._ask_in_turn(target, headers, task, rules, seconds_left)
        if answer.status in GOOD_STATUSES and not is_challenge(answer.status, answer.headers, answer.body):
            self.hosts.answered(target.host)
        return answer

    async def _ask_in_turn(
        self, target: Target, headers: Mapping[str, str], task: Task, rules: BodyRules, seconds_left: float
    ) -> Answer:
        """Wait for the host's turn and ask; what its answer says of the host holds before anybody else's turn."""
        settings = task.settings
        sent = {"User-Agent": user_agent(settings), "Accept-Encoding": "gzip, deflate", **headers}
        spacing, budget = settings.seconds_between_requests, settings.requests_per_day
        async with self._pacer.turn(target.host, spacing, target.url, requests_per_day=budget):
            answer = await self._wire.ask(
                target,
                sent,
                rules=rules,
                total_seconds=seconds_left,
                started_at=self._now(),
                is_tls_verified=is_tls_verified(target, task.outlet),
            )
            self._heed(answer, spacing_seconds=spacing)
        return answer

    def _heed(self, answer: Answer, *, spacing_seconds: float) -> None:
        """Slow a host down, or leave it alone, where its answer says so."""
        host, reason = answer.target.host, reason_for_status(answer.status)
        if reason in (Reason.HTTP_429, Reason.HTTP_5XX):
            if answer.status in SLOWING_STATUSES:
                self._pacer.slow_down(host, reason, spacing_seconds=spacing_seconds)
            asked = retry_after_seconds(answer.header("retry-after"), now=self._now())
            self._pacer.rest(host, reason=reason, asked_seconds=asked)
        if is_challenge(answer.status, answer.headers, answer.body):
            self.hosts.challenged(host)

    async def _judge(self, answer: Answer, task: Task) -> Fetched | None:
        """Archive what is worth it and say what an answer is.

        Raises:
            FetchError: It is not what was asked for.
        """
        url, status, headers = answer.target.url, answer.status, answer.headers
        if status == 304 and conditions_for(answer.target, task):
            return None
        if is_challenge(status, headers, answer.body):
            raise PermanentFetchError(Reason.CHALLENGE, url, "a browser is asked to prove itself", status)
        if (reason := reason_for_status(status)) is not None:
            raise await self._status_failure(reason, answer, task)
        declared = media_type(headers) or "no content type"
        if (reason := type_problem(task.accept, headers)) is not None:
            raise make_failure(reason, url, f"is {declared}", status)
        if answer.problem is not None:
            raise answer.problem
        if (reason := body_problem(task.accept, headers, answer.body)) is not None:
            raise make_failure(reason, url, f"has {declared} and does not start as HTML does", status)
        return Fetched(capture=await self._keep(answer, task), body=answer.body)

    async def _status_failure(self, reason: Reason, answer: Answer, task: Task) -> FetchError:
        """The error for a status that is no success; the page of a 404 or 410 is kept as evidence."""
        retry_after = retry_after_seconds(answer.header("retry-after"), now=self._now())
        detail = f"{answer.status} {answer.reason_phrase}".strip()
        error = make_failure(reason, answer.target.url, detail, answer.status, retry_after)
        if answer.status in KEPT_FAILURES and answer.problem is None:
            capture = await self._keep(answer, task)
            return PermanentFetchError(reason, answer.target.url, detail, answer.status, retry_after, capture)
        return error

    async def _keep(self, answer: Answer, task: Task) -> Capture:
        """Archive a response, before anybody parses it.

        Raises:
            ArchiveError: It could not be written.
        """
        location, body_sha256 = await asyncio.to_thread(self._append, answer, task)
        return Capture(
            capture_id=location.capture_id,
            outlet_id=task.outlet.outlet_id,
            requested_url=task.requested_url,
            final_url=answer.target.url,
            http_status=answer.status,
            headers=answer.headers,
            fetched_at=answer.started_at,
            body_sha256=body_sha256,
            body_bytes=len(answer.body),
            warc_file=location.warc_file,
            warc_offset=location.warc_offset,
        )

    def _append(self, answer: Answer, task: Task) -> tuple[Location, str]:
        """Write a response to the archive, in a thread, and give the SHA-256 of its decoded body."""
        location = Location(capture_id=str(uuid.uuid4()), warc_file="", warc_offset=-1)
        if self.archive is not None:
            raw = RawResponse(
                requested_url=task.requested_url,
                final_url=answer.target.url,
                http_status=answer.status,
                reason_phrase=answer.reason_phrase,
                http_version=answer.http_version,
                headers=answer.wire_headers,
                raw_body=answer.raw_body,
                fetched_at=answer.started_at,
                request_headers=answer.request_headers,
            )
            location = self.archive.append(raw)
        return location, hashlib.sha256(answer.body).hexdigest()

    async def _obey_robots(self, target: Target, task: Task) -> None:
        """Ask the host's robots.txt, and keep the spacing that it wants.

        Raises:
            FetchError: ``robots_disallowed``, ``robots_unreachable``, or ``private_address`` or ``tls_error`` of its
                host.
        """

        async def ask(robots_url: str) -> RobotsAnswer:
            return await self._ask_robots(robots_url, target, task)

        verified = is_tls_verified(target, task.outlet)
        delay_seconds = await self._robots.check(target.url, ask, is_tls_verified=verified)
        if delay_seconds is not None:
            self._pacer.keep_apart(target.host, delay_seconds)

    async def _ask_robots(self, robots_url: str, asked_for: Target, task: Task) -> RobotsAnswer:
        """Fetch a robots.txt with its own attempts; what goes wrong is the answer, not an error.

        Raises:
            NotAskedError: Its host is left alone, which says nothing about its rules.
        """
        try:
            return await with_retries(task.settings, lambda: self._attempt_robots(robots_url, task))
        except NotAskedError:
            raise
        except FetchError as error:
            reason = Reason.ROBOTS_UNREACHABLE
            if error.reason in OF_THE_WHOLE_HOST and make_target(error.url).host == asked_for.host:
                if isinstance(error, PermanentFetchError):
                    raise PermanentFetchError(error.reason, asked_for.url, error.detail) from None
                reason = error.reason
            return RobotsAnswer(
                unreachable=f"robots.txt: {describe(error)}",
                reason=reason,
                is_unresolved=isinstance(error, UnresolvedHostError),
            )

    async def _attempt_robots(self, robots_url: str, task: Task) -> RobotsAnswer:
        """Read a robots.txt, after RFC 9309 section 2.3.1; its redirects may lead to any public host.

        Raises:
            FetchError: It is unreachable.
        """
        target = make_target(robots_url)
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            answer = await self._ask_in_turn(
                target, ROBOTS_HEADERS, task, ROBOTS_RULES, task.settings.total_timeout_seconds
            )
            if (location := redirect_of(answer)) is None:
                return read_robots_answer(answer, now=self._now())
            target = target.join(location)
        return RobotsAnswer()  # more than five redirects: "unavailable", section 2.3.1.2


async def with_retries(settings: FetchSettings, attempt_once: Callable[[], Awaitable[T]]) -> T:
    """Try as often as the settings say, as long as the reason is transient."""
    try:
        return await attempt_once()  # most need no retries, and stamina's way to them costs a tenth of a request
    except FetchError as error:
        failures = [error]

    async def attempt_again() -> T:
        if failures:
            raise failures.pop()  # stamina's first attempt has been made
        return await attempt_once()

    async for attempt in stamina.retry_context(
        on=retry_decision(longest_wait_seconds=settings.retry_after_cap_seconds),
        attempts=settings.attempts,
        timeout=None,
        wait_initial=settings.retry_wait_seconds,
        wait_max=settings.retry_wait_seconds * LONGEST_WAIT_FACTOR,
        wait_jitter=settings.retry_wait_seconds / 2,
    ):
        with attempt:
            return await attempt_again()
    raise AssertionError  # stamina ends with the last attempt's error


def read_robots_answer(answer: Answer, *, now: datetime) -> RobotsAnswer:
    """What an answer says of a robots.txt.

    Raises:
        FetchError: It is unreachable: 5xx, 429, or a body that broke off before anything could be read.
    """
    if answer.status in USABLE_STATUSES:
        if answer.problem is not None and not (answer.problem.reason == Reason.TOO_LARGE and answer.body):
            raise answer.problem
        return RobotsAnswer(body=answer.body)
    if answer.status >= 500 or answer.status == 429:
        reason = Reason.HTTP_429 if answer.status == 429 else Reason.HTTP_5XX
        retry_after = retry_after_seconds(answer.header("retry-after"), now=now)
        raise make_failure(reason, answer.target.url, f"{answer.status}", answer.status, retry_after)
    return RobotsAnswer()
