"""What is written down is what is: settings, the queue's schema, the locks."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import procrastinate
import pytest

from ytempire.events.page import events_page
from ytempire.kit.settings_page import settings_page
from ytempire.local.migrate import revisions
from ytempire.web.api_page import api_page
from ytempire.web.app import routed
from ytempire.web.errors_page import errors_page

ROOT = Path(__file__).parents[2]


def test_every_setting_is_documented() -> None:
    page = ROOT / "docs" / "reference" / "settings.md"
    assert page.read_text() == settings_page(), "run `make docs`"
    undescribed = [line for line in settings_page().splitlines() if line.startswith("| `") and line.endswith("|  |")]
    assert not undescribed


def test_every_error_code_has_a_status_and_is_documented() -> None:
    assert (ROOT / "docs" / "reference" / "errors.md").read_text() == errors_page(), "run `make docs`"


def test_every_operation_of_the_api_is_documented() -> None:
    assert (ROOT / "docs" / "reference" / "api.md").read_text() == api_page(), "run `make docs`"
    document = routed().openapi()
    unsaid = [
        f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method, said in item.items()
        if not said.get("description")
    ]
    assert not unsaid, "a route's docstring is what the page says of it"


def test_a_route_that_an_error_names_is_there() -> None:
    def blank(path: str) -> str:
        return re.sub(r"\{+\w+\}+", "{}", path)

    paths = routed().openapi()["paths"].items()
    there = {f"{method.upper()} {blank(path)}" for path, item in paths for method in item}
    told = {
        f"{method} {blank(path)}"
        for file in (ROOT / "ytempire").rglob("*.py")
        for method, path in re.findall(r"\b(GET|POST|PUT|PATCH|DELETE) (/api/v1/[\w{}/-]+)", file.read_text())
    }
    assert len(told) > 15
    assert told <= there


def test_every_type_of_event_is_documented_with_an_example() -> None:
    assert (ROOT / "docs" / "reference" / "events.md").read_text() == events_page(), "run `make docs`"


def test_the_queue_s_schema_is_that_of_the_installed_queue() -> None:
    shipped = (Path(procrastinate.__file__).parent / "sql" / "schema.sql").read_text()
    ours = (ROOT / "migrations" / "versions" / "0006_jobs.sql").read_text()
    assert shipped.strip() in ours, "procrastinate changed its schema: its own migration becomes our next revision"


LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-uv.lock", "n8n/app/node.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_registry_and_pins_all(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index-url" not in text.replace("--no-emit-index-url", "")
    assert "--find-links" not in text
    pins = re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)
    assert pins
    assert all(re.search(rf"^{re.escape(pin)}==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE) for pin in pins)


def test_n8n_s_lock_names_no_registry_and_pins_all() -> None:
    app = ROOT / "n8n" / "app"
    text = (app / "package-lock.json").read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert packages[""]["dependencies"] == json.loads((app / "package.json").read_text())["dependencies"]
    loose = [name for name, one in packages.items() if name and "integrity" not in one and not one.get("inBundle")]
    assert not loose


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {re.split(r"[\[<>=]", name)[0] for name in project["project"]["dependencies"]}
    locked = set(re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert wanted - locked == set(), "run `make lock`"


def test_migrations_are_one_line() -> None:
    """Two that were made at the same time both name the same one before them: the later one moves."""
    assert len(revisions()) == len(list((ROOT / "migrations" / "versions").glob("[0-9]*.py")))
