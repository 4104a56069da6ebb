"""The README's lists and examples, held against the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cookbook import demo_bench, examples, printed
from pydantic import BaseModel
from workbench import Workbench

from extractors.errors import Reason
from extractors.outlets import (
    Expect,
    Layout,
    Outlet,
    OutletFetch,
    OutletRecheck,
    OutletSchedule,
    Republication,
    Source,
    Text,
    Title,
    Urls,
    load_outlet,
)
from flows import cli
from flows.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """The text under a heading, up to the next one of its level or above."""
    level = heading.split(" ", maxsplit=1)[0]
    following = README.partition(f"\n{heading}\n")[2]
    assert following, heading
    return re.split(rf"\n#{{1,{len(level)}}} ", following)[0]


def codes(text: str) -> set[str]:
    """Words set as code."""
    return set(re.findall(r"`([^`\s]+)`", text))


def blocks(language: str) -> list[str]:
    """Code blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def first_cells(text: str) -> str:
    """First cells of a table's rows."""
    return "\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The demo's warehouse, to ask."""
    with demo_bench(tmp_path_factory.mktemp("readme")) as bench:
        yield bench


def test_every_reason_is_listed() -> None:
    """A reason in the warehouse can be looked up, and none is listed that does not exist."""
    assert codes(first_cells(section("### Reasons"))) == set(Reason)


def test_every_command_is_listed() -> None:
    """The list of commands is the command line's own."""
    listed = set(re.findall(r"^\| `wirewatch (\w+(?: [a-z]+)?)", section("## Commands"), flags=re.MULTILINE))
    commands = {
        command.name or command.callback.__name__ for command in cli.APP.registered_commands if command.callback
    }
    commands |= {f"outlets {command.name}" for command in cli.OUTLETS_APP.registered_commands}
    assert listed == commands


def test_every_view_is_listed(bench: Workbench) -> None:
    """What stands in main is in the table of views."""
    views = bench.column("SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal")
    assert codes(first_cells(section("## Querying"))) == set(views)


def test_every_setting_is_listed() -> None:
    """Keys of wirewatch.toml."""
    tables = {name: info.annotation for name, info in Settings.model_fields.items()}
    keys = {key for table in tables.values() if isinstance(table, type) for key in keys_of(table)}
    assert keys | {f"[{name}]" for name in tables} <= codes(section("## Operating"))


@pytest.mark.parametrize(
    "model",
    [Outlet, Source, Urls, OutletFetch, OutletRecheck, OutletSchedule, Layout, Title, Republication, Text, Expect],
)
def test_every_key_of_an_outlet_is_listed(model: type[BaseModel]) -> None:
    """Keys of an outlet's file; tables are listed by their own keys."""
    inner = {
        "outlet_id",
        "folder",
        "sources",
        "fetch",
        "recheck",
        "layouts",
        "title",
        "republication",
        "text",
        "expect",
        "schedule",
    }
    keys = keys_of(model) - (inner if model is Outlet else set())
    assert keys - {"urls"} <= codes(section("## Adding an outlet"))


def keys_of(model: type[BaseModel]) -> set[str]:
    """Names of a record's keys."""
    return set(model.model_fields)


@pytest.mark.parametrize("sql", blocks("sql"))
def test_every_example_query_has_an_answer(bench: Workbench, sql: str) -> None:
    """The examples run on a warehouse as it is."""
    bench.ask(sql)


@pytest.mark.parametrize(("sql", "answer"), examples(README))
def test_the_cookbook_prints_what_the_demo_answers(bench: Workbench, sql: str, answer: str) -> None:
    """``python tests/cookbook.py`` writes the answers anew."""
    assert printed(bench.ask(sql)) == answer


def test_the_cookbook_has_many_questions() -> None:
    """Each with its answer: no query of the cookbook stands without one."""
    cookbook = section("## Cookbook")
    assert len(examples(cookbook)) == cookbook.count("```sql") >= 15


def test_every_macro_is_listed(bench: Workbench) -> None:
    """The table macros of main are in the README, but for the parts that search is made of."""
    macros = bench.column(
        "SELECT function_name FROM duckdb_functions() "
        "WHERE schema_name = 'main' AND function_type = 'table_macro' AND NOT internal"
    )
    assert {name for name in macros if not name.startswith("search_")} <= set(
        re.findall(r"^- `(\w+)\(", section("## Querying"), flags=re.MULTILINE)
    )


def test_the_example_outlet_is_one(tmp_path: Path) -> None:
    """Who types it gets an outlet."""
    (example,) = blocks("toml")
    path = tmp_path / "harbor_post.toml"
    path.write_text(example, encoding="utf-8")
    assert load_outlet(path).sources[0].every_minutes == 30


def test_the_python_example_works(bench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    """Who pastes it sees the outlets."""
    (example,) = blocks("python")
    exec(example.replace("data/warehouse.duckdb", str(bench.workspace.home / "warehouse.duckdb")), {})
    assert "sample_gazette" in capsys.readouterr().out
