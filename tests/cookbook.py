"""The README's cookbook: questions in SQL with what the demo's warehouse answers.

``python tests/cookbook.py`` asks the demo anew and writes the answers into the README; ``test_readme.py`` compares.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from workbench import Workbench, make_workbench  # noqa: E402

from newsroom import running_newsroom  # noqa: E402

README = ROOT / "README.md"
EXAMPLE = re.compile(r"```sql\n(?P<sql>[^`]+)```\n\n```text\n(?P<answer>[^`]*)```")
"""A query and, right after it, its answer."""


def examples(readme: str) -> list[tuple[str, str]]:
    """Each query that has an answer, with it."""
    return [(found["sql"], found["answer"]) for found in EXAMPLE.finditer(readme)]


def printed(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as the README shows them: columns side by side under their names."""
    if not rows:
        return "no rows\n"
    table = [list(rows[0]), *([cell(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[place]) for line in table) for place in range(len(table[0]))]
    lines = ("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in table)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def cell(value: Any) -> str:
    """One value."""
    if value is None:
        return "NULL"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return "; ".join(map(cell, value))
    return str(value).replace("\n", " / ")


@contextmanager
def demo_bench(folder: Path) -> Iterator[Workbench]:
    """The warehouse of a fresh demo: the sample outlets' morning, then their evening."""
    with running_newsroom() as newsroom:
        bench = make_workbench(newsroom, folder)
        bench.ingest()
        newsroom.set_edition("evening")
        bench.ingest()
        yield bench


def main() -> int:
    """Write today's answers into the README."""
    readme = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, demo_bench(Path(folder)) as bench:
        fresh = EXAMPLE.sub(
            lambda found: f"```sql\n{found['sql']}```\n\n```text\n{printed(bench.ask(found['sql']))}```", readme
        )
    README.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
