"""``wirewatch search`` as a person meets it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from terminal import Terminal
from warehouse_samples import NOW, OUTLET, RUN, make_extraction

from extractors.errors import ConfigurationError
from flows.shown.search_results import parts_of, print_articles, query_of
from warehouse.connection import open_live
from warehouse.load import load
from warehouse.publish import publish
from warehouse.search import search


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three published articles, which no test can change."""
    made = tmp_path_factory.mktemp("searched")
    hostile = "The ferry \x1b[31mturned red\x1b[0m.\nIt was \u202elate."
    batch = [
        make_extraction(1, title="Ferry \x1b]0;owned\x07late", standfirst=None, text=hostile),
        make_extraction(2, title="A gale", standfirst=None, text="No ferry came in, and no other ferry either."),
        make_extraction(3, title="Tides", standfirst=None, text="Low at noon."),
    ]
    with open_live(made, wait_seconds=0) as con:
        load(con, RUN, OUTLET, batch, now=NOW)
    publish(made, wait_seconds=0)
    return made


def test_articles_are_listed_with_their_passages(terminal: Terminal, home: Path) -> None:
    """Plain lines where no terminal is: title, outlet and time, passage; then how many there are."""
    assert terminal.run("search", "ferry", "--home", home) == 0
    lines = terminal.out.splitlines()
    assert lines[0] == "Ferry ]0;ownedlate"
    assert lines[1].startswith("  harbor_post  2026-03-02 05:00  ")
    assert lines[2] == "  The ferry [31mturned red[0m. It was late"
    assert lines[-1] == "2 articles"
    assert terminal.run("search", "ferry", "--limit", "1", "--home", home) == 0
    assert terminal.out.splitlines()[-1] == "1 of 2 articles; --limit shows more"


def test_what_was_found_is_marked_on_a_terminal(home: Path) -> None:
    """In color; what was fetched brings no control of its own."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=200, color_system="standard")
    print_articles(search(home, "ferry"), console, "ferry")
    shown = out.getvalue()
    assert "\x1b[1;33mferry\x1b[0m" in shown
    for control in ("\x1b[31m", "\x1b]0", "\x07", "\u202e"):
        assert control not in shown


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["gale", "ferry"], 1),
        (["no ferry", "came in"], 1),
        (["ferry no", "came"], 0),
        (["ferry", "-gale"], 1),
        (["ferry", "OR", "tides"], 3),
        (['"low at noon"'], 1),
        (["tides ferry"], 0),
        (["tides", "outlet:harbor_post", "before:2027"], 1),
    ],
)
def test_words_are_read_as_a_shell_gives_them(terminal: Terminal, home: Path, words: list[str], count: int) -> None:
    """What the shell's quotes held together is a phrase; a single word is the whole query; a minus is no option."""
    assert terminal.run("search", *words, "--home", home, "--json") == 0
    summary = json.loads(terminal.out)
    assert (summary["match_count"], len(summary["results"])) == (count, count)


def test_nothing_found_is_said(terminal: Terminal, home: Path) -> None:
    """It is no failure."""
    assert terminal.run("search", "lighthouse", "--home", home) == 0
    assert terminal.out == "Nothing found for lighthouse\n"


def test_other_forms_are_for_programs(terminal: Terminal, home: Path) -> None:
    """JSON Lines and CSV hold every column."""
    assert terminal.run("search", "tides", "--format", "json", "--home", home) == 0
    row = json.loads(terminal.out)
    assert (row["title"], row["snippet"], row["snippet_start"], row["match_count"]) == ("Tides", "Low at noon", 1, 1)
    assert terminal.run("search", "low", "--format", "csv", "--home", home) == 0
    (line,) = csv.DictReader(io.StringIO(terminal.out))
    assert json.loads(line["matches"]) == [{"start": 1, "length": 3}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ferry", "outlet:harbor"], "wirewatch: search: outlet:harbor is no outlet of this warehouse"),
        (["ferry", "after:soon"], "wirewatch: search: after:soon is no date"),
        (["-ferry"], "wirewatch: search: there is no word to look for"),
        (["ferry", "--limt", "3"], "wirewatch: search: --limt: is no option"),
    ],
)
def test_a_wrong_query_is_one_line_and_exit_code_2(terminal: Terminal, home: Path, words: list[str], said: str) -> None:
    """It says what to write instead."""
    assert terminal.run("search", *words, "--home", home) == 2
    assert terminal.err.startswith(said)
    assert len(terminal.err.splitlines()) == 1


def test_without_a_warehouse_it_says_so(terminal: Terminal, tmp_path: Path) -> None:
    """Exit code 3."""
    assert terminal.run("search", "ferry", "--home", tmp_path) == 3
    assert "nothing has been published yet" in terminal.err


def test_overlapping_matches_are_marked_once() -> None:
    """A phrase and a word of it."""
    matches = [{"start": 11, "length": 10}, {"start": 18, "length": 3}, {"start": 18, "length": 6}]
    parts = list(parts_of("rocket firefly", 11, matches))
    assert "".join(part for part, _ in parts) == "rocket firefly"
    assert "".join(part for part, is_match in parts if is_match) == "rocket firefl"


def test_an_option_that_is_none_is_refused() -> None:
    """A typing error is no word."""
    with pytest.raises(ConfigurationError, match="--limt: is no option"):
        query_of(["a", "--limt"])
