"""What n8n refuses, and what its credentials say to whom."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.n8n.conftest import Command
from tests.n8n.editor import Editor, leads_to, node, split, webhook
from tests.n8n.recording import Recorded
from ytempire.local.n8n.credentials import API_ID, API_NAME, OPENAI_ID, OPENAI_NAME, RUN_ID, RUN_NAME
from ytempire.local.n8n.environment import EXCLUDED

DANGEROUS = (".code", "Command", ".readWriteFile", ".ssh")
OUTSIDE = list(enumerate(["http://169.254.169.254/x", "http://[::1]:1/", "http://8.8.8.8/"]))
TOKENS = {"items": [{"token": f"ytr_{number}", "number": number} for number in range(3)]}


def test_the_editor_answers_and_only_to_its_operator(running: Command, editor: Editor) -> None:
    page = httpx.get(f"{running.url}/", trust_env=False, follow_redirects=True)
    assert (page.status_code, "<html" in page.text.lower()) == (200, True)
    assert httpx.get(f"{running.url}/rest/workflows", trust_env=False).status_code == 401
    public = httpx.get(f"{running.url}/api/v1/workflows", trust_env=False, headers={"X-N8N-API-KEY": "x"})
    assert public.status_code == 404 or "<html" in public.text.lower(), "the public API is off"
    wrong = {"emailOrLdapLoginId": running.facts["email"], "password": "wrong"}
    assert httpx.post(f"{running.url}/rest/login", json=wrong, trust_env=False).status_code == 401
    assert editor.data("GET", "/rest/login")["email"] == running.facts["email"]


@pytest.mark.parametrize(
    "kind", [name for name in EXCLUDED if name.endswith((".code", "Command", ".readWriteFile", ".ssh"))]
)
def test_a_node_that_runs_code_or_reads_files_is_refused(editor: Editor, kind: str) -> None:
    workflow = editor.data(
        "POST",
        "/rest/workflows",
        {
            "name": kind,
            "nodes": [webhook("refused"), node("Bad", kind, 1, {})],
            "connections": {"Webhook": leads_to("Bad")},
            "settings": {},
        },
    )
    answer = editor.asked("POST", f"/rest/workflows/{workflow['id']}/activate", {"versionId": workflow["versionId"]})
    assert answer.status_code == 400
    assert "Unrecognized node type" in answer.text


def test_an_expression_does_not_see_the_environment(editor: Editor) -> None:
    one = {"id": "a", "name": "seen", "type": "string", "value": "={{ $env.N8N_ENCRYPTION_KEY }}"}
    workflow = editor.made(
        "env", [webhook("env"), node("Set", "set", 3.4, {"assignments": {"assignments": [one]}, "options": {}})]
    )
    assert editor.hooked("env", {}).status_code == 500
    assert [found["status"] for found in editor.executions(workflow)] == ["error"]


@pytest.mark.parametrize(("number", "url"), OUTSIDE)
def test_a_workflow_reaches_no_other_address(editor: Editor, number: int, url: str) -> None:
    path = f"reach-{number}"
    workflow = editor.made(path, [webhook(path), node("Get", "httpRequest", 4.2, {"url": url, "options": {}})])
    assert editor.hooked(path, {}).status_code == 500
    (execution,) = editor.executions(workflow)
    said = editor.data("GET", f"/rest/executions/{execution['id']}")["data"]
    assert "blocked" in said.lower(), said[:500]


def test_a_package_can_not_be_installed(editor: Editor) -> None:
    answer = editor.asked("POST", "/rest/community-packages", {"name": "n8n-nodes-anything"})
    assert answer.status_code in {400, 403, 404}, answer.text


def model() -> dict[str, Any]:
    parameters = {
        "resource": "text", "operation": "response", "modelId": {"__rl": True, "mode": "id", "value": "m"},
        "responses": {"values": [{"type": "text", "role": "user", "content": "=number {{ $json.number }}"}]},
        "simplify": False, "builtInTools": {}, "options": {},
    }  # fmt: skip
    uses = {"openAiApi": {"id": OPENAI_ID, "name": OPENAI_NAME}}
    return node("Model", "@n8n/n8n-nodes-langchain.openAi", 2.3, parameters, credentials=uses)


def tokens_of(api: Recorded) -> list[str]:
    return [one.headers["authorization"] for one in api.taken()]


def test_the_openai_node_takes_the_first_item_s_token_for_all(editor: Editor, api: Recorded) -> None:
    """So a workflow gives it one item at a time: tests of the workflows hold them to it."""
    editor.made("model", [webhook("model"), split(), model()])
    api.taken()
    assert editor.hooked("model", TOKENS).is_success
    asked = api.taken()
    assert [one.path for one in asked] == ["/api/v1/relay/openai/v1/responses"] * 3
    assert [one.headers["authorization"] for one in asked] == ["Bearer ytr_0"] * 3
    assert [f"number {number}" in str(one.body) for number, one in enumerate(asked)] == [True] * 3


def test_one_item_at_a_time_each_has_its_own_token(editor: Editor, api: Recorded) -> None:
    loop = node("Loop", "splitInBatches", 3, {"options": {}})
    connections = {
        "Webhook": leads_to("Items"), "Items": leads_to("Loop"), "Loop": leads_to("", "Model"),
        "Model": leads_to("Loop"),
    }  # fmt: skip
    editor.made("loop", [webhook("loop"), split(), loop, model()], connections)
    api.taken()
    assert editor.hooked("loop", TOKENS).is_success
    assert tokens_of(api) == ["Bearer ytr_0", "Bearer ytr_1", "Bearer ytr_2"]


def test_an_http_request_has_each_item_s_own_token(editor: Editor, api: Recorded) -> None:
    parameters = {
        "method": "POST", "url": f"{api.url}/api/v1/relay/elevenlabs/v1/x", "authentication": "genericCredentialType",
        "genericAuthType": "httpHeaderAuth", "sendBody": True, "specifyBody": "json", "options": {},
        "jsonBody": "={{ {number: $json.number} }}",
    }  # fmt: skip
    uses = {"httpHeaderAuth": {"id": RUN_ID, "name": RUN_NAME}}
    editor.made("speak", [webhook("speak"), split(), node("Call", "httpRequest", 4.2, parameters, credentials=uses)])
    api.taken()
    assert editor.hooked("speak", TOKENS).is_success
    assert tokens_of(api) == ["Bearer ytr_0", "Bearer ytr_1", "Bearer ytr_2"]


def test_our_nodes_are_there_and_ask_with_n8n_s_own_key(editor: Editor, api: Recorded) -> None:
    types = {one["name"] for one in editor.asked("GET", "/types/nodes.json").json()}
    assert {name for name in types if name.startswith("n8n-nodes-ytempire.")} >= {
        "n8n-nodes-ytempire.ytempire", "n8n-nodes-ytempire.ytempireCostTracker",
        "n8n-nodes-ytempire.ytempireQuotaManager", "n8n-nodes-ytempire.ytempireCacheHandler",
    }  # fmt: skip
    uses = {"ytempireApi": {"id": API_ID, "name": API_NAME}}
    due = node("Due", "n8n-nodes-ytempire.ytempire", 1, {"resource": "plan", "operation": "claimDue"}, credentials=uses)
    editor.made("due", [webhook("due"), due])
    api.taken()
    editor.hooked("due", {})
    (asked,) = api.taken()
    assert (asked.method, asked.path) == ("POST", "/api/v1/plan/due")
    assert asked.headers["authorization"].startswith("Bearer yte_")
