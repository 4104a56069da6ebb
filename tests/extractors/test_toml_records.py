"""Behavior of extractors.toml_records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import Field, ValidationError

from extractors.errors import ConfigurationError
from extractors.toml_records import TomlRecord, dotted, make_record, nearest, read_toml


class Wheel(TomlRecord):
    """A record inside a list."""

    spokes: int
    rims: dict[str, int] = Field(default_factory=dict)


class Cart(TomlRecord):
    """A record with records in it."""

    name: str
    wheels: tuple[Wheel, ...] = ()
    spare: Wheel | None = None


def refused(values: dict[str, Any]) -> ConfigurationError:
    """What a record says of wrong values."""
    with pytest.raises(ConfigurationError) as caught:
        make_record(Cart, values, file="cart.toml")
    assert caught.value.file == "cart.toml"
    return caught.value


def test_a_record_is_built_and_frozen() -> None:
    """Lists become tuples, tables become records, and nothing changes afterwards."""
    cart = make_record(Cart, {"name": "a", "wheels": [{"spokes": 8}], "spare": {"spokes": 7}}, file="cart.toml")
    assert cart.wheels == (Wheel(spokes=8),)
    with pytest.raises(ValidationError):
        cart.name = "b"


@pytest.mark.parametrize(
    ("values", "key", "advice"),
    [
        ({"name": "a", "nmae": 1}, "nmae", "did you mean 'name'?"),
        ({"name": "a", "zzz": 1}, "zzz", "known keys: name, spare, wheels"),
        ({"name": "a", "wheels": [{"spokes": 8, "spoke": 2}]}, "wheels[0].spoke", "did you mean 'spokes'?"),
        ({"name": "a", "spare": {"spokes": 1, "rim": 2}}, "spare.rim", "did you mean 'rims'?"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(values: dict[str, Any], key: str, advice: str) -> None:
    """The message names the key where it stands and the valid key that is most like it."""
    error = refused(values)
    assert (error.key, error.problem, error.advice) == (key, "is not a known key", advice)
    assert str(error) == f"cart.toml: {key}: is not a known key; {advice}"


@pytest.mark.parametrize(
    ("values", "key", "shown"),
    [
        ({"name": 3}, "name", "3"),
        ({"name": "a", "wheels": [{"spokes": "eight"}]}, "wheels[0].spokes", "'eight'"),
        ({"name": "a", "spare": {"spokes": 1, "rims": {"left": "x"}}}, "spare.rims.left", "'x'"),
        ({"name": ["x" * 500]}, "name", "..."),
    ],
)
def test_a_bad_value_is_refused_with_its_key(values: dict[str, Any], key: str, shown: str) -> None:
    """The message names the key and shows the value, not more of it than fits a line."""
    error = refused(values)
    assert error.key == key
    assert shown in error.problem
    assert len(error.problem) < 200


def test_a_missing_key_is_named() -> None:
    """A required key that is not there is asked for."""
    error = refused({})
    assert (error.key, error.problem) == ("name", "is required and missing")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "there is no such file"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"a = \n", "is not TOML"),
        (b"a = 1\na = 2\n", "is not TOML"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes | None, problem: str) -> None:
    """Missing, not UTF-8, not TOML: each says which file it is."""
    path = tmp_path / "x.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        read_toml(path)
    assert caught.value.file == str(path)
    assert problem in caught.value.problem


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """The system's own words are passed on."""
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_toml(tmp_path)


def test_read_toml_reads(tmp_path: Path) -> None:
    """Values arrive as TOML types them; Norway is a text."""
    path = tmp_path / "x.toml"
    path.write_text('country = "no"\n[a]\nb = [1, 2]\n', encoding="utf-8")
    assert read_toml(path) == {"country": "no", "a": {"b": [1, 2]}}


def test_dotted_and_nearest() -> None:
    """Places in a file read as one would write them."""
    assert dotted(("sources", 0, "url")) == "sources[0].url"
    assert dotted((0, "url")) == "[0].url"
    assert nearest("hots", ["hosts", "host_names"]) == "did you mean 'hosts'?"
