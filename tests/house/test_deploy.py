"""What deploy/ names is there: every metric of the dashboard and the alert rules, and the other way round."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from ytempire.kit.metrics import described
from ytempire.kit.metrics_page import metrics_page

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
