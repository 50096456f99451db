"""Looks workflows over without starting n8n: what n8n would say of them (n8n/app/check.cjs), and our own rules."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from ytempire.kit.errors import YtempireError
from ytempire.local.n8n.credentials import Api, credentials
from ytempire.local.n8n.environment import EXCLUDED
from ytempire.local.n8n.install import APP, Installed
from ytempire.local.n8n.workflows import files

Workflow = Mapping[str, Any]
_ID = re.compile(r"[A-Za-z0-9]{16,21}")
_OPENAI = "@n8n/n8n-nodes-langchain.openAi"
_COSTS = "n8n-nodes-ytempire.ytempireCostTracker"
_ERROR_TRIGGER = "n8n-nodes-base.errorTrigger"
_ANSWERS_TO_ERRORS = {"n8n-nodes-base.stopAndError"}
_HOOKS = {"n8n-nodes-base.webhook", "n8n-nodes-base.wait"}
_ONE_BY_ONE = {"n8n-nodes-base.splitInBatches", "n8n-nodes-base.executeWorkflowTrigger", "n8n-nodes-base.webhook"}
# Keys as vendors and we ourselves write them, and vendors' own addresses, which only our relay knows.
_SECRETS = re.compile(
    r"\bsk-[A-Za-z0-9_-]{16,}|\bAIza[\w-]{20,}|\byt[er]_[0-9a-f]{6,}|\bwhsec_[\w+/=]{16,}|\bGOCSPX-"
    r"|[Bb]earer [\w.-]{16,}|\bsk_[0-9a-f]{20,}"
)
_VENDORS = re.compile(r"api\.openai\.com|api\.elevenlabs\.io|googleapis\.com", re.IGNORECASE)
_NODE_HAS = {"name", "type", "typeVersion", "parameters"}
_LIMIT_S = 60


class CheckFailed(YtempireError):  # noqa: N818
    """The workflows could not be looked over."""

    code = "n8n_check_failed"


def problems(at: Installed, nodes: Path | None, workflows: Mapping[str, Workflow]) -> list[str]:
    """What is wrong with these workflows (by file name), as `file: node: what`; takes about half a second."""
    found = []
    # A file that is looked over alone may name a workflow of ours all the same: it is there when n8n runs.
    ids = {str(one.get("id")) for one in (*workflows.values(), *read(files()).values())}
    for file, workflow in workflows.items():
        found += [f"{file}: {said}" for said in _own(workflow, ids)]
    for id_, count in Counter(str(one.get("id")) for one in workflows.values()).items():
        if count > 1:
            found.append(f"{count} workflows have the id {id_}")
    return found + _n8n_s(at, nodes, workflows)


def notices(workflows: Mapping[str, Workflow]) -> list[str]:
    """What is right only if somebody sees to it: credentials that are not deployed with ours."""
    ours = {(one["type"], one["id"]) for one in credentials(Api("", "", ""))}
    return [
        f"{file}: {node['name']}: {type_} “{told.get('name')}” is a credential of your own: it has to be in n8n"
        for file, workflow in workflows.items()
        for node in workflow["nodes"]
        for type_, told in node.get("credentials", {}).items()
        if (type_, told.get("id")) not in ours
    ]


def read(given: list[Path]) -> dict[str, Workflow]:
    """Workflows by file name. Raises CheckFailed for what is no JSON, or no workflow."""
    read_: dict[str, Workflow] = {}
    for file in given:
        try:
            workflow = json.loads(file.read_text())
        except ValueError as error:
            raise CheckFailed(f"{file.name} is no JSON: {error}", fix="Export it from n8n again.") from error
        if not _is_workflow(workflow):
            raise CheckFailed(
                f"{file.name} is no workflow: an object with nodes, each with {', '.join(sorted(_NODE_HAS))}",
                fix="Export it from n8n again.",
            )
        read_[file.name] = workflow
    return read_


def _is_workflow(read_: object) -> bool:
    nodes = read_.get("nodes") if isinstance(read_, dict) else None
    return isinstance(nodes, list) and all(isinstance(node, dict) and node.keys() >= _NODE_HAS for node in nodes)


def _n8n_s(at: Installed, nodes: Path | None, workflows: Mapping[str, Workflow]) -> list[str]:
    given = {
        "modules": str(at.modules),
        "nodes": str(nodes) if nodes else None,
        "excluded": EXCLUDED,
        "workflows": workflows,
    }
    done = subprocess.run(
        [at.node, APP / "check.cjs"], input=json.dumps(given), capture_output=True, text=True, check=False,
        timeout=_LIMIT_S,
    )  # fmt: skip
    if done.returncode != 0:
        raise CheckFailed(f"n8n's types can't be read: {done.stderr[-500:]}")
    return [f"{one['file']}: {one['node']}: {one['problem']}" for one in json.loads(done.stdout)]


def _own(workflow: Workflow, workflow_ids: Collection[str]) -> Iterator[str]:
    nodes = list(workflow.get("nodes", ()))
    if not _ID.fullmatch(str(workflow.get("id", ""))):
        yield "has no fixed id of 16 to 21 letters and digits"
    if workflow.get("pinData"):
        yield "has pinned data: it would stand in for what really happens"
    yield from _error_workflow(workflow, nodes, workflow_ids)
    ids = Counter(node.get("id") for node in nodes)
    for node in nodes:
        name = node.get("name")
        if not node.get("id") or ids[node["id"]] > 1:
            yield f"{name}: has no id of its own"
        if node["type"] in _HOOKS and not node.get("webhookId"):
            yield f"{name}: has no fixed webhookId"
    for where, part in (*((f"{node['name']}: ", node) for node in nodes), ("", {**workflow, "nodes": []})):
        text = json.dumps(part)
        if _SECRETS.search(text):
            yield f"{where}has a key or a token in it"
        if _VENDORS.search(text):
            yield f"{where}speaks to a vendor itself: only our relay knows keys and counts money"
    yield from _loose(workflow, {str(node["name"]) for node in nodes})
    yield from _paid(workflow, nodes)


def _error_workflow(workflow: Workflow, nodes: list[Mapping[str, Any]], workflow_ids: Collection[str]) -> Iterator[str]:
    if any(node["type"] == _ERROR_TRIGGER for node in nodes):
        return
    told = workflow.get("settings", {}).get("errorWorkflow")
    if told not in workflow_ids:
        yield "names no errorWorkflow of ours in its settings"


def _loose(workflow: Workflow, names: Collection[str]) -> Iterator[str]:
    """Connections of nodes that are not there: what was to come after them never runs."""
    for name, kinds in workflow.get("connections", {}).items():
        if name not in names:
            yield f"{name}: has connections, but is not there"
        for other in {link["node"] for outputs in kinds.values() for output in outputs for link in output or ()}:
            if other not in names:
                yield f"{name}: leads to {other}, which is not there"


def _paid(workflow: Workflow, nodes: list[Mapping[str, Any]]) -> Iterator[str]:
    """A paid call is followed by the cost step on every way, and gets one item at a time where it takes one token."""
    by_name = {str(node["name"]): node for node in nodes}
    after = {name: _next(workflow, name) for name in by_name}
    before = {name: [one for one, others in after.items() if name in others] for name in by_name}
    for name, node in by_name.items():
        if node["type"] == _OPENAI and not _comes_alone(name, by_name, before):
            yield f"{name}: gets many items at once, and would take the first one's token for all: put a Loop before it"
        if node["type"] == _OPENAI or "/relay/" in json.dumps(node.get("parameters", {})):
            for end in _ends_without_costs(name, by_name, after):
                yield f"{name}: the cost step is skipped on the way to {end}"


def _next(workflow: Workflow, name: str) -> list[str]:
    outputs = workflow.get("connections", {}).get(name, {}).get("main", [])
    return [link["node"] for output in outputs for link in output or ()]


def _comes_alone(name: str, by_name: Mapping[str, Any], before: Mapping[str, list[str]]) -> bool:
    seen, look = {name}, list(before[name])
    if not look:
        return False
    while look:
        one = look.pop()
        if one in seen or by_name[one]["type"] in _ONE_BY_ONE:
            continue
        seen.add(one)
        if not before[one] or by_name[one]["type"] == "n8n-nodes-base.splitOut":
            return False
        look += before[one]
    return True


def _ends_without_costs(name: str, by_name: Mapping[str, Any], after: Mapping[str, list[str]]) -> Iterator[str]:
    seen, look = {name}, list(after[name])
    if not look:
        yield "its end"
    while look:
        one = look.pop()
        node = by_name.get(one)
        if one in seen or node is None or node["type"] in _ANSWERS_TO_ERRORS:
            continue
        seen.add(one)
        if node["type"] == _COSTS and not node.get("disabled"):
            continue
        if node["type"] == "n8n-nodes-base.splitInBatches" or not after[one]:
            yield one
        else:
            look += after[one]
