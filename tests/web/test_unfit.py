"""What a request gets wrong, told in words that help; tried on real routes."""

from __future__ import annotations

import pytest

from tests.web.conftest import Stage

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
KEYS, TODAY = "/api/v1/api-keys", "/api/v1/plan/today"
LIST = "[{'name': 'x'}]"


@pytest.mark.parametrize(
    ("body", "kind", "field", "detail", "fix"),
    [
        ("", JSON, "body", "there is no body", "Send JSON."),
        ('{"name": "a"}', FORM, "body", "the body was not taken as a JSON object", "Content-Type: application/json"),
        (LIST.replace("'", '"'), JSON, "body", "the body was not taken as a JSON object", "Send {…}"),
        ("{name: 1}", JSON, "body", "the body is no JSON: ", "double quotes"),
        ('{"scopes": ["read"]}', JSON, "name", "name is missing", "Send it."),
        ('{"nme": "a", "name": "a", "scopes": ["read"]}', JSON, "nme", "there is no field nme here", "a slip"),
        ('{"name": "a", "scopes": ["reed"]}', JSON, "scopes.0", "'reed' is unknown", "'admin' or 'drive'"),
        ('{"name": "a", "scopes": ["read"], "expires_at": "soon"}', JSON, "expires_at", "'soon' is no time", "T18:"),
    ],
)
async def test_a_body_that_does_not_fit(stage: Stage, body: str, kind: str, field: str, detail: str, fix: str) -> None:
    _, client = await stage.signed_in()
    told = (await client.post(KEYS, content=body, headers={"Content-Type": kind})).json()
    assert (told["code"], told["field"]) == ("bad_input", field), told
    assert detail in told["detail"]
    assert fix in told["fix"]


@pytest.mark.parametrize(
    ("path", "field", "detail", "fix"),
    [
        (f"{KEYS}?limit=1000", "limit", "'1000' is too large", "at most 200"),
        (f"{KEYS}?limit=0", "limit", "'0' is too small", "at least 1"),
        (f"{TODAY}?days=a+week", "days", "'a week' is no whole number", "without a unit"),
        ("/api/v1/plan/calendar?first=24.12.2026", "first", "'24.12.2026' is no day", "like 2026-12-24"),
        ("/api/v1/channels/deep-sea", "channel_id", "'deep-sea' is no id", "as an answer or a list gave it"),
        (f"/api/v1/channels/{'x' * 900}", "channel_id", f"'{'x' * 59}… is no id", "as an answer or a list gave it"),
    ],
)
async def test_an_address_that_does_not_fit(stage: Stage, path: str, field: str, detail: str, fix: str) -> None:
    _, client = await stage.signed_in()
    told = (await client.get(path)).json()
    assert (told["code"], told["field"], told["detail"]) == ("bad_input", field, detail), told
    assert fix in told["fix"]
