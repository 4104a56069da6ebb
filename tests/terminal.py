"""Commands run in the test's own process, as a person would type them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flows import cli


class Terminal:
    """Runs commands in this process and keeps what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        self.out = ""
        self.err = ""

    def run(self, *words: str | Path) -> int:
        """Exit code of ``wirewatch WORDS``."""
        self._monkeypatch.setattr(sys, "argv", ["wirewatch", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        self.out, self.err = self._capsys.readouterr()
        return ended.value.code if isinstance(ended.value.code, int) else 0
