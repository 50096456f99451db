"""n8n as its operator's browser speaks to it, and small workflows to try it with."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import httpx


class Editor:
    """A signed-in browser."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)
        answer = self._http.post("/rest/login", json={"emailOrLdapLoginId": email, "password": password})
        assert answer.is_success, answer.text

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def asked(self, method: str, path: str, body: object = None) -> httpx.Response:
        return self._http.request(method, path, json=body)

    def data(self, method: str, path: str, body: object = None) -> Any:
        answer = self.asked(method, path, body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()["data"]

    def credential(self, kind: str, **data: str) -> dict[str, dict[str, str]]:
        """A credential of the operator's own, as nodes name it."""
        made = self.data("POST", "/rest/credentials", {"name": f"a test's {kind}", "type": kind, "data": data})
        return {kind: {"id": made["id"], "name": made["name"]}}

    def made(self, name: str, nodes: Sequence[Mapping[str, Any]], connections: object = None) -> str:
        """A chain of these nodes, or what these connections make of them, published; its id."""
        names = [str(node["name"]) for node in nodes]
        connections = connections or {one: leads_to(other) for one, other in pairwise(names)}
        body = {"name": name, "nodes": list(nodes), "connections": connections, "settings": {"executionOrder": "v1"}}
        workflow = self.data("POST", "/rest/workflows", body)
        self.data("POST", f"/rest/workflows/{workflow['id']}/activate", {"versionId": workflow["versionId"]})
        return str(workflow["id"])

    def hooked(self, path: str, body: object = None, *, within_s: float = 20) -> httpx.Response:
        """What a webhook answers; for a moment after publishing it answers 404."""
        deadline = time.monotonic() + within_s
        while True:
            answer = self._http.post(f"/webhook/{path}", json=body)
            if answer.status_code != 404 or time.monotonic() > deadline:
                return answer
            time.sleep(0.2)

    def executions(self, workflow: str) -> list[Any]:
        found = self.data("GET", f'/rest/executions?filter={{"workflowId":"{workflow}"}}')
        return list(found["results"])


def leads_to(*outputs: str) -> dict[str, Any]:
    """A node's connections: for each of its outputs the next node's name, or nothing."""
    return {"main": [[{"node": name, "type": "main", "index": 0}] if name else [] for name in outputs]}


def node(name: str, kind: str, version: float, parameters: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """One node; `kind` without a package is of n8n's own."""
    whole = kind if "." in kind else f"n8n-nodes-base.{kind}"
    return {
        "id": name.lower().replace(" ", "-"), "name": name, "type": whole, "typeVersion": version,
        "position": [0, 0], "parameters": dict(parameters), **more,
    }  # fmt: skip


def webhook(path: str, mode: str = "lastNode") -> dict[str, Any]:
    """A webhook that answers with what the last node gave."""
    parameters: dict[str, Any] = {"httpMethod": "POST", "path": path, "responseMode": mode, "options": {}}
    if mode == "lastNode":
        parameters["responseData"] = "allEntries"
    return node(
        "Webhook", "webhook", 2.1, parameters, webhookId=f"00000000-0000-4000-8000-{path.encode().hex():0>12.12}"
    )


def split(field: str = "body.items") -> dict[str, Any]:
    """An item for each element of this list."""
    return node("Items", "splitOut", 1, {"fieldToSplitOut": field, "options": {}})


def password_in(file: str) -> str:
    return Path(file).read_text().strip()
