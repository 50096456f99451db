"""The workflows of the checkout are right, and the look-over sees each fault that is planted in a sound one."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.n8n.conftest import FOLDER
from tests.n8n.editor import leads_to, node, split, webhook
from ytempire.local.n8n.checks import CheckFailed, notices, problems, read
from ytempire.local.n8n.credentials import API_ID, API_NAME, OPENAI_ID, OPENAI_NAME
from ytempire.local.n8n.install import Installed
from ytempire.local.n8n.nodes import built_nodes
from ytempire.local.n8n.workflows import API_IN_FILES, files, told

COST = {"resource": "video", "operation": "receipt"}
API = {"ytempireApi": {"id": API_ID, "name": API_NAME}}
MODEL = {
    "resource": "text", "operation": "response", "modelId": {"__rl": True, "mode": "id", "value": "m"},
    "responses": {"values": [{"type": "text", "role": "user", "content": "=about {{ $json.topic }}"}]},
    "simplify": False, "builtInTools": {}, "options": {},
}  # fmt: skip


def sound() -> dict[str, dict[str, Any]]:
    """Two workflows without a fault, by file."""
    uses = {"openAiApi": {"id": OPENAI_ID, "name": OPENAI_NAME}}
    nodes = [
        webhook("sound"), split(), node("Loop", "splitInBatches", 3, {"options": {}}),
        node("Model", "@n8n/n8n-nodes-langchain.openAi", 2.3, MODEL, credentials=uses),
        node("Costs", "n8n-nodes-ytempire.ytempireCostTracker", 1, COST, credentials=API),
    ]  # fmt: skip
    connections = {
        "Webhook": leads_to("Items"), "Items": leads_to("Loop"), "Loop": leads_to("", "Model"),
        "Model": leads_to("Costs"), "Costs": leads_to("Loop"),
    }  # fmt: skip
    main = {
        "id": "soundWorkflow00001", "name": "Sound", "nodes": nodes, "connections": connections, "pinData": {},
        "settings": {"errorWorkflow": "errorWorkflow00001"},
    }  # fmt: skip
    errors = {
        "id": "errorWorkflow00001", "name": "Errors", "connections": {}, "settings": {},
        "nodes": [node("Error", "errorTrigger", 1, {})],
    }  # fmt: skip
    return {"main.json": main, "errors.json": errors}


@pytest.fixture(scope="module")
def nodes(at: Installed) -> Path | None:
    """Our nodes, built."""
    return built_nodes(FOLDER, at)


def test_the_checkout_s_workflows_are_right(at: Installed, nodes: Path | None) -> None:
    began = time.monotonic()
    assert problems(at, nodes, read(files())) == notices(read(files())) == []
    print(f"looked over {len(files())} workflows in {time.monotonic() - began:.2f} s", file=sys.stderr)


def test_a_workflow_of_ours_is_right_without_the_others_beside_it(at: Installed, nodes: Path | None) -> None:
    for file in files():
        assert problems(at, nodes, read([file])) == [], file


@pytest.mark.parametrize("text", ["[]", "[1]", "{}", '{"nodes": [1]}', '{"nodes": [{"name": "Lonely"}]}'])
def test_what_is_no_workflow_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(text)
    with pytest.raises(CheckFailed, match=r"odd\.json is no workflow"):
        read([file])


def test_the_files_are_written_the_same_way_by_everybody() -> None:
    for file in files():
        workflow = json.loads(file.read_text())
        assert file.read_text() == json.dumps(workflow, indent=2, ensure_ascii=False) + "\n", file
        assert (workflow["active"], workflow["pinData"]) == (False, {}), file


def test_n8n_gets_our_web_server_s_real_address() -> None:
    (voice,) = [file for file in files() if file.name == "content-generation.json"]
    assert API_IN_FILES in voice.read_text()
    given = told(voice, "http://127.0.0.1:4711").decode()
    assert API_IN_FILES not in given
    assert "=http://127.0.0.1:4711/api/v1/relay/elevenlabs/" in given


def test_a_sound_workflow_has_no_fault(at: Installed, nodes: Path | None) -> None:
    assert problems(at, nodes, sound()) == []


def of(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda workflow: next(one for one in workflow["nodes"] if one["name"] == name)


def without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda workflow: workflow["connections"].update(Model=leads_to("Loop"), **{name: leads_to("")})


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "unknown type": (lambda w: of("Items")(w).update(type="n8n-nodes-base.nothing"), "is unknown, or excluded"),
    "code": (lambda w: of("Items")(w).update(type="n8n-nodes-base.code"), "is unknown, or excluded"),
    "unknown version": (lambda w: of("Model")(w).update(typeVersion=99), "has no version 99"),
    "missing parameter": (lambda w: of("Items")(w)["parameters"].pop("fieldToSplitOut"), "fieldToSplitOut"),
    "wrong choice": (lambda w: of("Webhook")(w)["parameters"].update(httpMethod="FETCH"), "choices: DELETE, GET"),
    "wrong credential": (
        lambda w: of("Model")(w).update(credentials={"slackApi": {"id": API_ID, "name": API_NAME}}),
        "takes no credential slackApi",
    ),
    "missing credential": (lambda w: of("Model")(w).pop("credentials"), "lacks its credential openAiApi"),
    "no fixed id": (lambda w: w.pop("id"), "has no fixed id"),
    "no webhook id": (lambda w: of("Webhook")(w).pop("webhookId"), "no fixed webhookId"),
    "no error workflow": (lambda w: w["settings"].clear(), "names no errorWorkflow"),
    "connection into nothing": (lambda w: w["connections"].update(Costs=leads_to("Lop")), "Costs: leads to Lop, which"),
    "connection from nothing": (lambda w: w["connections"].update(Cots=leads_to("Loop")), "Cots: has connections, but"),
    "pinned data": (lambda w: w.update(pinData={"Items": [{"json": {}}]}), "pinned data"),
    "vendor's key": (
        lambda w: of("Model")(w)["parameters"].update(note="sk-proj-abcdefghijklmnopqrst"),
        "Model: has a key or a token",
    ),
    "vendor itself": (
        lambda w: of("Model")(w)["parameters"].update(note="https://api.openai.com/v1"),
        "Model: speaks to a vendor itself",
    ),
    "cost step skipped": (without("Costs"), "the cost step is skipped"),
    "cost step disabled": (lambda w: of("Costs")(w).update(disabled=True), "the cost step is skipped"),
    "many items": (
        lambda w: w["connections"].update(Items=leads_to("Model"), Loop=leads_to("")), "put a Loop before it",
    ),
}  # fmt: skip


def test_a_credential_of_ones_own_is_a_notice_and_no_fault(at: Installed, nodes: Path | None) -> None:
    workflows = sound()
    of("Model")(workflows["main.json"])["credentials"]["openAiApi"] = {"id": "abc", "name": "Mine"}
    assert problems(at, nodes, workflows) == []
    (said,) = notices(workflows)
    assert said.startswith("main.json: Model: openAiApi “Mine” is a credential of your own")


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_seen(at: Installed, nodes: Path | None, name: str) -> None:
    plant, says = FAULTS[name]
    workflows = deepcopy(sound())
    plant(workflows["main.json"])
    found = problems(at, nodes, workflows)
    assert any(says in said and said.startswith("main.json") for said in found), json.dumps(found, indent=1)
