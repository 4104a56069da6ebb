"""Whoever wants to know of outlets' states: receivers from the environment, when they may be disturbed, what they take.

Messages go out at the end of a run, in the same way with and without Prefect. What a receiver does not take stays
unsent in the warehouse, and goes with the next run's.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import logging
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows.health.messages import message_of, title_of
from flows.journal.events import NoticesSent
from flows.runs.deadlines import within
from flows.runs.run import Run, now
from flows.settings import NotifySettings
from warehouse.health.notices import FIRST_SIGHT, Damping, Notice, Told, new_receivers, unsent_notices

if TYPE_CHECKING:
    from apprise import NotifyBase

LOG = logging.getLogger(__name__)
SEND_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Receiver:
    """One address to which messages go. It may hold a password or a token, so it is shown nowhere."""

    url: str

    @property
    def receiver_id(self) -> str:
        """What the warehouse knows it by."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"Receiver({self.receiver_id})"


def receivers_of(options: NotifySettings) -> list[Receiver]:
    """The receivers that the environment names."""
    return [Receiver(url) for url in dict.fromkeys(os.environ.get(options.urls_from, "").split())]


async def tell_receivers(run: Run) -> None:
    """Send each receiver what it has still to be told; what goes wrong is a line, and fails no run."""
    options = run.workspace.settings.notify
    receivers = receivers_of(options)
    if not receivers:
        return
    ids = [receiver.receiver_id for receiver in receivers]
    at = now()
    for receiver_id in await run.write(new_receivers, ids):
        seen = NoticesSent(
            run_id=run.run_id,
            at=at,
            receiver=receiver_id,
            told=(Told(outlet_id=FIRST_SIGHT, state="ok", told_until=at),),
        )
        await run.record(seen, seen.tell)
    if is_quiet(options, at):
        return
    damping = damping_of(options)
    unsent = await run.write(unsent_notices, ids, damping, now=at)
    for receiver in receivers:
        notices = unsent.get(receiver.receiver_id, [])
        if notices:
            title, body = title_of(notices), message_of(notices, settle=damping.settle)
            problem = await asyncio.to_thread(send, receiver, title, body)
            await note_result(run, receiver, notices, problem)


async def note_result(run: Run, receiver: Receiver, notices: Sequence[Notice], problem: str) -> None:
    """Keep that a receiver took a message, or say that it did not."""
    if problem:
        line = f"{len(notices)} changes could not be told to a receiver ({problem}); the next run tries again"
        LOG.warning(line)
        run.reporter.say(line)
        return
    told = tuple(Told(outlet_id=each.outlet_id, state=each.state, told_until=each.told_until) for each in notices)
    sent = NoticesSent(run_id=run.run_id, at=now(), receiver=receiver.receiver_id, told=told)
    await run.record(sent, sent.tell)


def damping_of(options: NotifySettings) -> Damping:
    """``[notify]`` as the warehouse takes it."""
    return Damping(
        states=options.states,
        flapping_changes=options.flapping_changes,
        settle=dt.timedelta(hours=options.settle_hours),
    )


def is_quiet(options: NotifySettings, at: dt.datetime) -> bool:
    """Whether nobody is to be disturbed at a time; a span may go over midnight."""
    if not options.quiet_hours:
        return False
    first, last = (dt.time.fromisoformat(each) for each in options.quiet_hours.split("-"))
    clock = at.astimezone(ZoneInfo(options.timezone)).time()
    return first <= clock < last if first < last else clock >= first or clock < last


def send(receiver: Receiver, title: str, body: str) -> str:
    """Send one message.

    Returns:
        What went wrong, without the address; empty where the receiver took it.
    """
    service = service_of(receiver)
    if service is None:
        return "its address is none that apprise knows; see `wirewatch notify`"
    name = str(service.service_name)
    try:
        taken = within(SEND_SECONDS, lambda: service.notify(title=title, body=body))
    except TimeoutError:
        return f"{name} did not answer within {SEND_SECONDS:.0f} seconds"
    except Exception as error:  # noqa: BLE001 - some hundred services' own
        return f"{name}: {type(error).__name__}"
    return "" if taken else f"{name} did not take it"


def service_of(receiver: Receiver) -> NotifyBase | None:
    """A receiver as apprise knows it; None where it does not. Imported late: half a second, and few runs need it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it uses a module that Python 3.13 has no more
        from apprise import Apprise, AppriseAsset

        # Its lines tell addresses, which are secrets.
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        asset = AppriseAsset(app_id="wirewatch", app_desc="wirewatch", app_url="", async_mode=False)
        service = Apprise.instantiate(receiver.url, asset=asset, suppress_exceptions=True)
    return service or None


def describe_receivers(receivers: Sequence[Receiver]) -> list[dict[str, str]]:
    """The receivers, with their secrets left out."""
    found = []
    for receiver in receivers:
        service = service_of(receiver)
        if service is None:
            problem = "is no URL that apprise knows"
            schema = receiver.url.partition("://")[0] if "://" in receiver.url else "one without a schema"
            found.append({"receiver": schema, "problem": problem, "sentence": f"{schema}: {problem}"})
        else:
            shown = str(service.url(privacy=True))  # type: ignore[no-untyped-call]
            found.append({"receiver": shown, "problem": "", "sentence": f"{service.service_name}: {shown}"})
    return found


def try_receivers(receivers: Sequence[Receiver]) -> list[dict[str, str]]:
    """Send each receiver a message, and tell which of them took it."""
    found = []
    body = "This is a test. You are told here when an outlet fails, is out of its usual, or is well again."
    for receiver, described in zip(receivers, describe_receivers(receivers), strict=True):
        problem = described["problem"] or send(receiver, "wirewatch: a test", body)
        result = f"not sent: {problem}" if problem else "sent"
        found.append({**described, "problem": problem, "sentence": f"{described['receiver']}: {result}"})
    return found
