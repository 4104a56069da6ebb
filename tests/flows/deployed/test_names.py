from typing import Any

import pytest

from flows.deployed.names import name_of


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"outlets": []}, "ingest due"),
        ({"outlets": ["sohr_en"], "since": "2d"}, "ingest sohr_en since 2d"),
        ({"outlets": ["a", "b", "c"], "limit": 5}, "ingest a, b, c limit 5"),
        ({"outlets": ["a", "b", "c", "d"]}, "ingest 4 outlets"),
        ({"urls": ["https://www.example.org/1"]}, "ingest 1 page"),
        ({"outlets": ["a"], "urls": ["x", "y"]}, "ingest a 2 pages"),
        ({"outlets": [], "dry_run": True}, "dry run: ingest due"),
        ({"outlet": "a", "since": "1y", "until": "2d"}, "ingest a since 1y until 2d"),
        ({"warc": ["one.warc.gz"]}, "ingest 1 WARC file"),
        ({"folder": ["one", "two"]}, "ingest 2 folders"),
    ],
)
def test_a_run_is_named_for_what_it_does(parameters: dict[str, Any], name: str) -> None:
    """A list of runs can be read without opening one."""
    assert name_of("ingest", parameters, of_all="due") == name
