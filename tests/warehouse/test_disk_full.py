"""A disk that takes no more, by a limit on the size of files that one process may write."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from warehouse_samples import NOW, OUTLET, RUN, make_link, make_poll

from extractors.errors import WarehouseUnusableError
from warehouse.connection import claim_outlet, live_path, open_live
from warehouse.state import due_links, record_polls

ROOM_BYTES = 600_000
WRITE = """
import sys
from pathlib import Path
from warehouse_samples import NOW, OUTLET, RUN, make_link, make_poll
from extractors.errors import WarehouseError
from warehouse.connection import open_live
from warehouse.publish import publish
from warehouse.state import record_polls
home = Path(sys.argv[1])
try:
    with open_live(home, wait_seconds=1) as con:
        links = [make_link(number, body_html=str(number) * 2000) for number in range(2, 2000)]
        record_polls(con, RUN, OUTLET, [make_poll(*links)], now=NOW)
    publish(home, wait_seconds=1)
except WarehouseError as error:
    print(type(error).__name__, error)
"""


def write_on_a_full_disk(home: Path) -> str:
    """What a loader says whose files may not grow."""
    limit = (ROOM_BYTES, ROOM_BYTES)
    command = [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; {WRITE}", str(home)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    return done.stdout


def test_a_new_warehouse_on_a_full_disk_is_refused_with_advice(home: Path) -> None:
    """The message says to make room and not that something is damaged; with room, the same home works."""
    said = write_on_a_full_disk(home)
    assert said.startswith("WarehouseUnusableError")
    assert "cannot be written" in said
    assert "make room" in said
    assert not live_path(home).exists()
    with open_live(home, wait_seconds=1) as con:
        assert due_links(con, OUTLET, limit=None, now=NOW) == []


def test_what_was_written_before_the_disk_was_full_is_kept(home: Path) -> None:
    """The write that found no room is undone as a whole; what was there before it can be read and written again."""
    with open_live(home, wait_seconds=1) as con:
        record_polls(con, RUN, OUTLET, [make_poll(make_link(1))], now=NOW)
    assert "make room" in write_on_a_full_disk(home)
    with open_live(home, wait_seconds=1) as con:
        assert len(due_links(con, OUTLET, limit=None, now=NOW)) == 1
        record_polls(con, "run-2", OUTLET, [make_poll(make_link(5000))], now=NOW)
        assert len(due_links(con, OUTLET, limit=None, now=NOW)) == 2


@pytest.mark.parametrize("name", ["a-file", "a-file/below"])
def test_a_home_that_cannot_be_made_is_refused_with_advice(tmp_path: Path, name: str) -> None:
    """A file where a folder should be is the caller's mistake, not a defect with a traceback."""
    (tmp_path / "a-file").write_text("", encoding="ascii")
    home = tmp_path / name
    with pytest.raises(WarehouseUnusableError, match=r"cannot be written: Not a directory; name a home"):
        open_live(home, wait_seconds=1).__enter__()
    with pytest.raises(WarehouseUnusableError, match="cannot be written"):
        claim_outlet(home, OUTLET).__enter__()
