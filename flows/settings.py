"""``wirewatch.toml``, the outlets' files and the environment as one frozen ``Workspace``."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from extractors.cron import check_cron_or_off
from extractors.errors import ConfigurationError
from extractors.outlets import (
    ExpectSettings,
    FetchSettings,
    Outlet,
    RecheckSettings,
    TimeZone,
    check_http_url,
    load_outlets,
)
from extractors.toml_records import TomlRecord, make_record, nearest, read_toml

DEFAULT_CONFIG = Path("config")
DEFAULT_HOME = Path("data")


class ArchiveSettings(TomlRecord):
    """``[archive]``: how responses are kept."""

    roll_bytes: Annotated[int, Field(ge=1_000_000)] = 200_000_000


class RetentionSettings(TomlRecord):
    """``[retention]``: what ``wirewatch maintain`` may drop."""

    non_article_days: Annotated[int, Field(ge=0, le=36_500)] = 365


class WarehouseSettings(TomlRecord):
    """``[warehouse]``: what DuckDB may use."""

    memory_limit: Annotated[str, Field(pattern=r"^\d+(\.\d+)?\s?(MB|GB|MiB|GiB)$")] = "1GB"
    threads: Annotated[int, Field(ge=1, le=256)] = 2
    lock_wait_seconds: Annotated[float, Field(ge=0, le=3600)] = 60.0


class PublishSettings(TomlRecord):
    """``[publish]``: when analysts get a new file."""

    after_each_run: bool = True
    least_seconds_between: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    seconds_per_gigabyte: Annotated[float, Field(ge=0, le=86_400)] = 300.0


class StoriesSettings(TomlRecord):
    """``[stories]``: which articles are copies of each other, and who was first."""

    enabled: bool = True
    catch_up_articles: Annotated[int, Field(ge=0, le=10_000_000)] = 20_000


class EngineSettings(TomlRecord):
    """``[engine]``: how much is done at once."""

    outlets_at_once: Annotated[int, Field(ge=1, le=100)] = 8
    links_per_round: Annotated[int, Field(ge=1, le=5_000)] = 200
    extract_workers: Annotated[int, Field(ge=0, le=64)] = 0
    pages_per_chunk: Annotated[int, Field(ge=1, le=500)] = 10


def check_optional_url(value: str) -> str:
    """Accept an absolute http or https URL, or nothing."""
    return check_http_url(value) if value else value


HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9.:\-]+$")]
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


def check_quiet_hours(value: str) -> str:
    """Accept ``22:00-07:00``, or nothing."""
    first, _, last = value.partition("-")
    try:
        is_span = not value or dt.time.fromisoformat(first) != dt.time.fromisoformat(last)
    except ValueError:
        is_span = False
    if not is_span:
        raise ValueError("is not a span of a day such as '22:00-07:00'")
    return value


class NotifySettings(TomlRecord):
    """``[notify]``: who is told when an outlet's state changes, and when."""

    urls_from: VariableName = "WIREWATCH_NOTIFY_URLS"
    states: Annotated[tuple[Literal["warning", "failing"], ...], Field(min_length=1)] = ("warning", "failing")
    quiet_hours: Annotated[str, AfterValidator(check_quiet_hours)] = ""
    timezone: TimeZone = "UTC"
    flapping_changes: Annotated[int, Field(ge=2, le=100)] = 4
    settle_hours: Annotated[float, Field(ge=0, le=168)] = 3.0
    heartbeat_from: VariableName = "WIREWATCH_HEARTBEAT_URL"
    heartbeat_url: Annotated[str, AfterValidator(check_optional_url)] = ""
    heartbeat_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 10.0


class MonitorSettings(TomlRecord):
    """``[monitor]``: what monitors are told, where, and when wirewatch itself counts as unwell."""

    host: HostName = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 4201
    max_hours_since_run: Annotated[float, Field(gt=0, le=8_760)] = 3.0
    min_free_bytes: Annotated[int, Field(ge=0)] = 1_000_000_000


CronOrOff = Annotated[str, AfterValidator(check_cron_or_off)]


class SchedulesSettings(TomlRecord):
    """``[schedules]``: when the deployments of ``wirewatch up`` and of workers run; an empty cron expression: never."""

    tick_minutes: Annotated[int, Field(ge=1, le=1_440)] = 5
    timezone: TimeZone = "UTC"
    recheck: CronOrOff = ""
    report: CronOrOff = "10 5 * * *"
    maintain: CronOrOff = "40 3 * * sun"
    reextract: CronOrOff = ""


class ServerSettings(TomlRecord):
    """``[server]``: the Prefect server and the runner of ``wirewatch up``."""

    host: HostName = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] = 4200
    url: Annotated[str, Field(pattern=r"^(https?://\S+/api)?$")] = ""
    start_timeout_seconds: Annotated[float, Field(ge=1, le=3600)] = 300.0
    runs_at_once: Annotated[int, Field(ge=1, le=100)] = 5
    poll_seconds: Annotated[int, Field(ge=1, le=600)] = 10
    keep_runs_days: Annotated[int, Field(ge=1, le=36_500)] = 90


class Settings(TomlRecord):
    """Everything in ``wirewatch.toml``."""

    fetch: FetchSettings = FetchSettings()
    recheck: RecheckSettings = RecheckSettings()
    archive: ArchiveSettings = ArchiveSettings()
    warehouse: WarehouseSettings = WarehouseSettings()
    publish: PublishSettings = PublishSettings()
    stories: StoriesSettings = StoriesSettings()
    retention: RetentionSettings = RetentionSettings()
    engine: EngineSettings = EngineSettings()
    expect: ExpectSettings = ExpectSettings()
    notify: NotifySettings = NotifySettings()
    monitor: MonitorSettings = MonitorSettings()
    schedules: SchedulesSettings = SchedulesSettings()
    server: ServerSettings = ServerSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What a command works with: the configuration that it was given and the home that it fills."""

    config: Path
    home: Path
    settings: Settings
    outlets: dict[str, Outlet]

    @property
    def archive_folder(self) -> Path:
        """Where responses are kept."""
        return self.home / "archive"

    def select(self, outlet_ids: Sequence[str]) -> tuple[Outlet, ...]:
        """The named outlets, or all of them where none is named.

        Raises:
            ConfigurationError: There is no such outlet, or none at all.
        """
        folder = str(self.config / "outlets")
        if not self.outlets:
            raise ConfigurationError(folder, "", "holds no outlet", "add a file such as my_outlet.toml")
        for outlet_id in outlet_ids:
            if outlet_id not in self.outlets:
                raise ConfigurationError(folder, outlet_id, "is no outlet", nearest(outlet_id, self.outlets))
        return tuple(self.outlets[outlet_id] for outlet_id in dict.fromkeys(outlet_ids or self.outlets))


def resolve_home(home: Path | None) -> Path:
    """``--home``, else ``$WIREWATCH_HOME``, else ``./data``."""
    return home or Path(os.environ.get("WIREWATCH_HOME") or DEFAULT_HOME)


def load_settings(config: Path) -> Settings:
    """Read ``wirewatch.toml`` of a configuration folder.

    Raises:
        ConfigurationError: With file, key, value and advice.
    """
    path = config / "wirewatch.toml"
    return make_record(Settings, read_toml(path), file=str(path))


def open_workspace(config: Path | None, home: Path | None) -> Workspace:
    """Read the whole configuration.

    Raises:
        ConfigurationError: With file, key, value and advice.
    """
    folder = config or DEFAULT_CONFIG
    if not folder.is_dir():
        raise ConfigurationError(str(folder), "", "there is no such folder", "name the configuration with --config DIR")
    return Workspace(
        config=folder,
        home=resolve_home(home),
        settings=load_settings(folder),
        outlets=load_outlets(folder / "outlets"),
    )
