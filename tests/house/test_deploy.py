"""What deploy/ names is there: every metric of the dashboard and the alert rules, and the other way round;
every command, setting and role of the units and the compose file.
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import yaml

from ytempire.cli import run
from ytempire.cli.door import Door
from ytempire.kit.metrics import described
from ytempire.kit.metrics_page import metrics_page
from ytempire.kit.settings import Settings, variable_of
from ytempire.local import roles
from ytempire.local.n8n.start import ROLE as N8N_ROLE

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SERIES = re.compile(r"\bytempire_[a-z_]+")


def dashboard_expressions() -> list[str]:
    panels = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def alert_rules() -> list[dict[str, object]]:
    groups = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def named(expressions: list[str]) -> set[str]:
    return {name for expression in expressions for name in SERIES.findall(expression)}


def test_dashboard_and_alerts_name_metrics_that_exist_with_labels_they_have() -> None:
    series = {name: metric for metric in described() for name in metric.names}
    expressions = dashboard_expressions() + [str(rule["expr"]) for rule in alert_rules()]
    assert named(expressions) - set(series) == set()
    for expression in expressions:
        for name, matchers in re.findall(r"\b(ytempire_[a-z_]+)\{([^}]*)\}", expression):
            labels = set(re.findall(r"([a-z_]+)\s*(?:=|!)", matchers))
            assert labels <= set(series[name].labels), expression


def test_every_metric_is_on_the_dashboard() -> None:
    shown = named(dashboard_expressions())
    missing = [metric.name for metric in described() if not shown & set(metric.names)]
    assert not missing, f"on no panel: {missing}"


def test_every_alert_says_what_to_do() -> None:
    rules = alert_rules()
    assert len({str(rule["alert"]) for rule in rules}) == len(rules) > 0
    for rule in rules:
        notes = rule["annotations"]
        assert isinstance(notes, dict)
        assert set(notes) == {"summary", "action"}, rule["alert"]
        assert rule["labels"] in ({"severity": "page"}, {"severity": "warn"}), rule["alert"]


def test_every_metric_is_documented() -> None:
    assert (ROOT / "docs" / "reference" / "metrics.md").read_text() == metrics_page(), "run `make docs`"


# Units, compose file, Caddyfile: every command and setting they name is there.

SETTINGS = {variable_of(name) for name in Settings.model_fields}
OTHERS = {
    "YTEMPIRE_WEB",  # the Caddyfile's own
    "BACKUP_DIR", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "DUMP_PASSWORD", "VALKEY_PASSWORD",
    "REDISCLI_AUTH", "N8N_PASSWORD",
}  # fmt: skip
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
EXAMPLES = {
    "/etc/ytempire/ytempire.env": "ytempire.env",
    "/etc/ytempire/owner.env": "ytempire-owner.env",
    "/etc/ytempire/n8n.env": "ytempire-n8n.env",
}
HARDENED = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "CapabilityBoundingSet": "", "RestrictSUIDSGID": "yes", "User": "ytempire",
}  # fmt: skip


def unit(file: Path) -> dict[str, list[str]]:
    """A unit's values by key; a key may come several times."""
    values: dict[str, list[str]] = {}
    for line in file.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            values.setdefault(key, []).append(value)
    return values


def require_command(arguments: list[str]) -> None:
    """The command exists and takes these options: the command line itself says so."""
    reached: list[tuple[object, ...]] = []

    async def ran(*given: object) -> None:
        reached.append(given)

    door = SimpleNamespace(
        run_worker=ran, run_web=ran, run_care=ran, run_everything=ran, run_n8n=ran, run_n8n_worker=ran
    )
    assert run(cast("Door", door), arguments) == 0, arguments
    assert len(reached) == 1, arguments


def test_there_are_units_for_each_process() -> None:
    assert [file.stem for file in UNITS] == [
        "ytempire-care", "ytempire-n8n-worker", "ytempire-n8n", "ytempire-web", "ytempire-work-light",
        "ytempire-work-render",
    ]  # fmt: skip


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.stem)
def test_a_unit_runs_a_command_that_exists_and_is_closed_in(file: Path) -> None:
    values = unit(file)
    (command,) = values["ExecStart"]
    program, *arguments = shlex.split(command)
    assert program == "/opt/ytempire/.venv/bin/ytempire"
    require_command(arguments)
    for key, wanted in HARDENED.items():
        assert values.get(key) == [wanted], key
    for given in values["Environment"]:
        assert given.split("=", 1)[0] in SETTINGS, given
    for path in values["EnvironmentFile"]:
        example = EXAMPLES[path]
        assert (DEPLOY / f"{example}.example").is_file()
    assert ("n8n.env" in str(values["EnvironmentFile"])) == ("n8n" in file.stem)
    assert ("owner.env" in str(values["EnvironmentFile"])) == (file.stem == "ytempire-care"), "only care may migrate"


def test_the_compose_file_names_commands_and_settings_that_exist() -> None:
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = composed["services"]
    assert set(services) == {"caddy", "web", "care", "work-light", "work-render", "postgres", "valkey"}
    ours = {name: one for name, one in services.items() if one.get("image") == "ytempire"}
    assert set(ours) == {"web", "care", "work-light", "work-render"}
    for name, service in services.items():
        assert set(service.get("environment", {})) <= SETTINGS | OTHERS, name
        assert set(service.get("depends_on", ())) <= set(services), name
        used = {volume.split(":")[0] for volume in service.get("volumes", ())}
        assert {volume for volume in used if volume.isidentifier()} <= set(composed["volumes"]), name
    for name, service in ours.items():
        assert set(service["environment"]) <= SETTINGS, f"{name}: an unknown variable would stop it"
        require_command(list(map(str, service["command"])))
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "ports" not in service, f"{name}: only Caddy is reached from outside"
    with_owner = [name for name, one in ours.items() if "DATABASE_OWNER_URL" in one["environment"]]
    assert with_owner == ["care"]


def test_n8n_s_compose_file_adds_to_the_other_what_both_know() -> None:
    whole = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    added = yaml.safe_load((DEPLOY / "compose.n8n.yaml").read_text())
    services = added["services"]
    assert set(services) - set(whole) == {"n8n", "n8n-worker"}
    for name, service in services.items():
        assert set(service.get("environment", {})) <= SETTINGS | OTHERS, name
        assert set(service.get("depends_on", ())) <= set(whole) | set(services), name
    for name in ("n8n", "n8n-worker"):
        service = services[name]
        require_command(list(map(str, service["command"])))
        assert service["cap_drop"] == ["ALL"], name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), "its editor is not public"
        assert "DATABASE_OWNER_URL" not in service["environment"], name
        vendors = {variable_of(key) for key in ("openai_api_key", "elevenlabs_api_key", "google_client_secret")}
        assert not vendors & set(service["environment"]), name
    shared = ("YTEMPIRE_N8N_DATABASE_URL", "YTEMPIRE_N8N_REDIS_URL", "YTEMPIRE_N8N_URL")
    assert len({tuple(services[name]["environment"][key] for key in shared) for name in ("n8n", "n8n-worker")}) == 1


def test_what_the_compose_files_ask_for_is_in_their_example() -> None:
    texts = [(DEPLOY / name).read_text() for name in ("compose.yaml", "compose.n8n.yaml")]
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)", "".join(texts)))
    assert asked == assigned(DEPLOY / ".env.example")


@pytest.mark.parametrize("name", [f"{name}.example" for name in EXAMPLES.values()])
def test_an_example_names_settings_and_nothing_else(name: str) -> None:
    """A variable that nobody knows would stop every process."""
    assert assigned(DEPLOY / name) <= SETTINGS


def test_caddy_forwards_to_the_port_that_the_web_server_has() -> None:
    caddyfile = (DEPLOY / "Caddyfile").read_text()
    assert set(re.findall(r"\{\$([A-Z_]+)", caddyfile)) == {"YTEMPIRE_DOMAIN", "YTEMPIRE_WEB"}
    assert "YTEMPIRE_WEB:127.0.0.1:8400" in caddyfile
    assert "YTEMPIRE_WEB_PORT=8400" in (DEPLOY / "ytempire.env.example").read_text()
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert (
        services["caddy"]["environment"]["YTEMPIRE_WEB"] == f"web:{services['web']['environment']['YTEMPIRE_WEB_PORT']}"
    )
    assert caddyfile.count("{") == caddyfile.count("}")


def test_the_database_s_roles_are_those_that_ytempire_makes_itself() -> None:
    made = (DEPLOY / "initdb.sh").read_text()
    for role in (roles.OWNER, roles.APP, roles.DUMP):
        assert f"create role {role} login" in made
    assert f"create role {N8N_ROLE} login" in made
    assert made.count("bypassrls") == 1
    assert f"create role {roles.DUMP} login bypassrls" in made


def test_prometheus_asks_the_ports_that_the_units_have() -> None:
    scraped = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())["scrape_configs"][0]
    ports = {target.rsplit(":", 1)[1] for target in scraped["static_configs"][0]["targets"]}
    served = {value.split("=")[1] for file in UNITS for value in unit(file)["Environment"] if "METRICS_PORT" in value}
    assert ports == served


def assigned(file: Path) -> set[str]:
    """The variables that an environment file sets."""
    return set(re.findall(r"^([A-Z0-9_]+)=", file.read_text(), re.MULTILINE))
