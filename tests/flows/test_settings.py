import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from extractors.errors import ConfigurationError
from flows.settings import Settings, load_settings, open_workspace, resolve_home

SHIPPED = Path(__file__).parents[2] / "config"


def keys(model: type[BaseModel], prefix: str = "") -> set[str]:
    """Dotted names of every key of a record and of the records inside it."""
    found = set()
    for name, info in model.model_fields.items():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= keys(inner, f"{prefix}{name}.")
        else:
            found.add(prefix + name)
    return found


def test_the_shipped_file_shows_every_key_with_its_default() -> None:
    """A reader of wirewatch.toml sees all that can be set, and that the file changes nothing."""
    text = (SHIPPED / "wirewatch.toml").read_text(encoding="utf-8")
    shown = tomllib.loads(text.replace('# user_agent = "', 'user_agent = "'))
    assert {f"{table}.{key}" for table, values in shown.items() for key in values} == keys(Settings)
    assert load_settings(SHIPPED) == Settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[fetch]\ntotal_timeout = 3",
            "fetch.total_timeout: is not a known key; did you mean 'total_timeout_seconds'?",
        ),
        ("[fetsh]\n", "fetsh: is not a known key; did you mean 'fetch'?"),
        ("[fetch]\nattempts = 0", "fetch.attempts: 0 does not fit: "),
        ("[fetch]\nattempts = 'many'", "fetch.attempts: 'many' does not fit: "),
        ("[fetch]\nallow_addresses = ['localhost:80']", "'localhost:80' is not an address with its port"),
        ("[recheck]\nafter_hours = [6, 1]", "recheck.after_hours: [6, 1] does not fit: the hours must grow"),
        ("[archive]\nroll_bytes = 10", "archive.roll_bytes: 10 does not fit: "),
        ("[warehouse]\nmemory_limit = 'much'", "warehouse.memory_limit: 'much' does not fit: "),
        ("[warehouse]\nthreads = -1", "warehouse.threads: -1 does not fit: "),
        ("[publish]\nafter_each_run = 'sometimes'", "publish.after_each_run: 'sometimes' does not fit: "),
        ("[stories]\nenabled = 'some'", "stories.enabled: 'some' does not fit: "),
        ("[stories]\ncatch_up_articles = -1", "stories.catch_up_articles: -1 does not fit: "),
        ("[expect]\nmin_volume_share = 2", "expect.min_volume_share: 2 does not fit: "),
        ("[expect]\nmin_volum_share = 1", "did you mean 'min_volume_share'?"),
        ("[expect]\nignore = ['luck']", "expect.ignore[0]: 'luck' does not fit: "),
        ("[notify]\nquiet_hours = '22-7'", "notify.quiet_hours: '22-7' does not fit: is not a span of a day"),
        ("[notify]\nquiet_hours = '22:00-22:00'", "is not a span of a day such as '22:00-07:00'"),
        ("[notify]\ntimezone = 'Mars'", "notify.timezone: 'Mars' does not fit: is not an IANA time zone"),
        ("[notify]\nstates = ['ok']", "notify.states[0]: 'ok' does not fit: "),
        ("[notify]\nurls_from = 'mailto://a'", "notify.urls_from: 'mailto://a' does not fit: "),
        ("[notify]\nheartbeat_url = 'ping'", "notify.heartbeat_url: 'ping' does not fit: is not an absolute http"),
        ("[engine]\nlinks_per_round = 0", "engine.links_per_round: 0 does not fit: "),
        ("[schedules]\ntick_minutes = 0", "schedules.tick_minutes: 0 does not fit: "),
        ("[schedules]\ntimezone = 'Mars'", "schedules.timezone: 'Mars' does not fit: is not an IANA time zone"),
        ("[schedules]\nrecheck = '61 * * * *'", "schedules.recheck: '61 * * * *' does not fit: '61' is no minute"),
        ("[schedules]\nreport = 'early'", "schedules.report: 'early' does not fit: has 1 fields; write five"),
        ("[schedules]\nmaintain = 'daily'", "schedules.maintain: 'daily' does not fit: has 1 fields; write five"),
        (
            "[schedules]\nreextract = '* * * jam *'",
            "schedules.reextract: '* * * jam *' does not fit: 'jam' is no",
        ),
        ("[server]\nport = 0", "server.port: 0 does not fit: "),
        ("[server]\nhost = 'a b'", "server.host: 'a b' does not fit: "),
        ("[server]\nurl = 'server:4200'", "server.url: 'server:4200' does not fit: "),
        ("[server]\nruns_at_once = 0", "server.runs_at_once: 0 does not fit: "),
        ("[server]\npoll_seconds = 0", "server.poll_seconds: 0 does not fit: "),
        ("[server]\nkeep_runs_days = 0", "server.keep_runs_days: 0 does not fit: "),
        ("[server]\nstart_timeout_seconds = 0", "server.start_timeout_seconds: 0 does not fit: "),
        ("[monitor]\nport = 70000", "monitor.port: 70000 does not fit: "),
        ("[monitor]\nhosts = ''", "monitor.hosts: is not a known key; did you mean 'host'?"),
        ("[fetch\n", "is not TOML: "),
    ],
)
def test_refuses_what_does_not_fit(tmp_path: Path, text: str, message: str) -> None:
    """The error names the file, the key, the value and, for an unknown key, the nearest one."""
    (tmp_path / "wirewatch.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(tmp_path)
    assert str(tmp_path / "wirewatch.toml") in str(caught.value)
    assert message in str(caught.value)


def test_home_is_the_option_then_the_variable_then_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is nearer to the person wins."""
    monkeypatch.delenv("WIREWATCH_HOME", raising=False)
    assert resolve_home(None) == Path("data")
    monkeypatch.setenv("WIREWATCH_HOME", "elsewhere")
    assert resolve_home(None) == Path("elsewhere")
    assert resolve_home(Path("here")) == Path("here")


def test_an_unknown_outlet_is_refused_with_the_nearest(tmp_path: Path) -> None:
    """A slip of the finger is answered with the name that was meant."""
    workspace = open_workspace(SHIPPED, tmp_path)
    with pytest.raises(ConfigurationError, match="did you mean 'sohr_en'"):
        workspace.select(["sohr_n"])
    assert [outlet.outlet_id for outlet in workspace.select(["sohr_en", "sohr_en"])] == ["sohr_en"]
    assert len(workspace.select([])) == len(workspace.outlets) > 1
