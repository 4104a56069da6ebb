"""TOML files into frozen pydantic records; whatever does not fit is refused with file, key, value and advice."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from extractors.errors import ConfigurationError


class TomlRecord(BaseModel):
    """A frozen record whose unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, hide_input_in_errors=False)


RecordT = TypeVar("RecordT", bound=TomlRecord)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        ConfigurationError: The file is missing, unreadable, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(str(path), "", "there is no such file") from None
    except UnicodeDecodeError:
        raise ConfigurationError(str(path), "", "is not UTF-8 text", "save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(str(path), "", f"is not TOML: {error}") from None
    except OSError as error:
        raise ConfigurationError(str(path), "", f"cannot be read: {error.strerror}") from None


def make_record(model: type[RecordT], values: Mapping[str, Any], *, file: str) -> RecordT:
    """Build a record from parsed TOML.

    Raises:
        ConfigurationError: Naming the first key that does not fit, its value and, for an unknown key, the nearest
            valid one.
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        location = first["loc"]
        key = dotted(location)
        if first["type"] == "extra_forbidden":
            advice = nearest(str(location[-1]), keys_at(model, location[:-1]))
            raise ConfigurationError(file, key, "is not a known key", advice) from None
        if first["type"] == "missing":
            raise ConfigurationError(file, key, "is required and missing", "add it") from None
        problem = first["msg"].removeprefix("Value error, ")
        shown = repr(first["input"])
        shown = shown if len(shown) <= 80 else shown[:77] + "..."
        raise ConfigurationError(file, key, f"{shown} does not fit: {problem[:1].lower()}{problem[1:]}") from None


def dotted(location: Iterable[int | str]) -> str:
    """``("sources", 0, "url")`` as ``sources[0].url``."""
    out = ""
    for part in location:
        out += f"[{part}]" if isinstance(part, int) else (f".{part}" if out else part)
    return out


def nearest(key: str, known: Iterable[str]) -> str:
    """Advice that names the known key most like ``key``, or all known keys where none is like it."""
    names = sorted(known)
    close = difflib.get_close_matches(key, names, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(names)}"


def keys_at(model: type[BaseModel], location: Iterable[int | str]) -> list[str]:
    """Names of the keys of the record that stands at ``location`` inside ``model``."""
    current: type[BaseModel] = model
    for part in location:
        if isinstance(part, int):
            continue
        found = current.model_fields.get(part)
        inner = record_in(found.annotation) if found is not None else None
        if inner is None:
            return []
        current = inner
    return [info.alias or name for name, info in current.model_fields.items()]


def record_in(annotation: object) -> type[BaseModel] | None:
    """The record type inside an annotation such as ``tuple[Layout, ...]`` or ``Layout | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, list, dict, Union, UnionType):
        for argument in get_args(annotation):
            if (found := record_in(argument)) is not None:
                return found
    return None
