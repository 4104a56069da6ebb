"""What was found, for a person: titles and snippets with what was looked for marked; or for another program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
from rich.console import Console
from rich.text import Text

from extractors.errors import ConfigurationError
from flows.shown.progress import printable
from flows.shown.results import print_result

MARK = "bold yellow"


def query_of(words: Sequence[str]) -> str:
    """The query that somebody typed: of several words, one that a shell's quotes held together is a phrase.

    Raises:
        ConfigurationError: A word looks like an option that there is not.
    """
    for word in words:
        if word.startswith("--"):
            raise ConfigurationError(
                "search", word, "is no option", "options are --limit, --format, --exact and --json"
            )
    if len(words) == 1:
        return words[0]
    return " ".join(f'"{word}"' if " " in word and not set('":') & set(word) else word for word in words)


def print_found(found: pa.Table, form: str, words: str) -> None:
    """Print to standard output what was found."""
    if form == "table":
        print_articles(found, Console(), words)
    else:
        print_result(found, form)


def print_articles(found: pa.Table, console: Console, words: str) -> None:
    """Print each article in three lines, and how many there are."""
    rows: list[dict[str, Any]] = found.to_pylist()
    for row in rows:
        console.print(Text(printable(row["title"]), style="bold"), soft_wrap=True)
        when = f"{row['published_at']:%Y-%m-%d %H:%M}"
        console.print(
            Text(f"  {row['outlet_id']}  {when}  {row['score']:.1f}  {row['article_id']}", style="dim"), soft_wrap=True
        )
        console.print(Text("  ").append_text(marked(row)), soft_wrap=not console.is_terminal)
    if not rows:
        console.print(f"Nothing found for {printable(words)}", markup=False, highlight=False, soft_wrap=True)
    elif rows[0]["match_count"] > len(rows):
        console.print(f"{len(rows)} of {rows[0]['match_count']:,} articles; --limit shows more", highlight=False)
    else:
        console.print(f"{len(rows)} articles" if len(rows) > 1 else "1 article", highlight=False)


def marked(row: Mapping[str, Any]) -> Text:
    """A snippet on one line, with what was found marked; nothing in it can steer a terminal."""
    text = Text("… " if (row["snippet_start"] or 1) > 1 else "")
    for part, is_match in parts_of(row["snippet"] or "", row["snippet_start"] or 1, row["matches"]):
        text.append(printable(" ".join(part.split("\n"))), style=MARK if is_match else "")
    return text


def parts_of(snippet: str, start: int, matches: Sequence[Mapping[str, int]]) -> Iterator[tuple[str, bool]]:
    """The snippet in parts, each with whether it was looked for; matches may overlap."""
    done = 0
    for match in matches:
        begin = max(match["start"] - start, done)
        end = match["start"] - start + match["length"]
        if end > begin:
            yield snippet[done:begin], False
            yield snippet[begin:end], True
            done = end
    yield snippet[done:], False


def summary_of(found: pa.Table, words: str) -> dict[str, Any]:
    """What ``--json`` prints."""
    rows: list[dict[str, Any]] = found.to_pylist()
    match_count = rows[0]["match_count"] if rows else 0
    results = [{name: value for name, value in row.items() if name != "match_count"} for row in rows]
    return {"words": words, "match_count": match_count, "results": results}
