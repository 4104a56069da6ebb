"""The artifact of a run."""

from __future__ import annotations

from collections import Counter

from extractors.errors import Reason
from flows.deployed.summary import plain_text, summary_of
from flows.runs.report import OutletReport, RunReport


def test_failures_stand_apart_from_what_was_set_aside() -> None:
    """An outlet's row counts what came, what failed and what is not loaded, each by its reason."""
    outlet = OutletReport(outlet_id="sample_gazette", listed=9, fetched=5, loaded=3, revised=1, seconds=2.34)
    outlet.other = Counter({Reason.HTTP_404: 2, Reason.TIMEOUT: 1, Reason.TOO_SHORT: 1, Reason.FOREIGN_HOST: 3})
    text = summary_of(RunReport(run_id="r", command="ingest", outlets=[outlet]))
    row = "| sample_gazette | 9 | 5 | 3 | 1 | 2 http_404, 1 timeout | 2.3 s | 0 | 0 | 3 foreign_host, 1 too_short |"
    assert row in text.splitlines()
    assert text.startswith("### ingest: 3 new and 1 revised articles.")


def test_outlets_of_which_nothing_was_due_are_one_line() -> None:
    """A tick over a thousand outlets shows those that it worked on."""
    idle = [OutletReport(outlet_id=f"o{number}", other=Counter({Reason.NOT_DUE: 1})) for number in range(999)]
    busy = OutletReport(outlet_id="busy", sources=[("feed:x", Reason.NOT_MODIFIED, "")])
    text = summary_of(RunReport(run_id="r", command="ingest", outlets=[*idle, busy]))
    assert "Of 999 outlets nothing was due." in text
    assert "| busy |" in text
    assert "o1" not in text


def test_what_a_server_says_of_itself_is_no_markup() -> None:
    """A title, link, image or table of a server's making is shown as its letters."""
    outlet = OutletReport(outlet_id="x", problem="<img src=x onerror=alert(1)> | [here](http://evil.example)\n# big")
    text = summary_of(RunReport(run_id="r", command="ingest", outlets=[outlet]))
    assert r"\<img src=x onerror=alert(1)\> \| \[here\](http://evil.example) # big" in text
    assert plain_text("a`b*c~d\\e&f") == r"a\`b\*c\~d\\e\&f"


def test_what_was_missed_is_listed() -> None:
    """A failed promise is in the artifact, as it is in the log."""
    report = RunReport(run_id="r", command="ingest", missed=["x: no new article for 50 hours; max_silence_hours is 48"])
    assert "- missed: x: no new article for 50 hours; max_silence_hours is 48" in summary_of(report)
