"""Our workflows in n8n: imported by its own command while it is stopped, published by its own door once it runs.

Ids are ours (only the command keeps them). An import unpublishes what it replaces, so every import is followed by
publishing. Publishing goes through the door because there it takes a moment, checks what it publishes, and counts at
once; the command would start n8n once more for every workflow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from ytempire.kit.errors import YtempireError
from ytempire.local.n8n.environment import OWNER_EMAIL

WORKFLOWS = Path(__file__).parents[3] / "n8n" / "workflows"
API_IN_FILES = "http://127.0.0.1:8000"
"""Our web server's address in the files, where a node of n8n's own calls it; the real one takes its place."""
_STARTS_NOTHING = ("no node to start", "has no trigger", "no trigger node")
"""What n8n says of a workflow that only another one calls, or only an error: it needs no publishing."""


class WorkflowsFailed(YtempireError):  # noqa: N818
    """n8n did not take our workflows or credentials; the message has what it said."""

    code = "n8n_workflows_failed"


def files() -> list[Path]:
    """The workflows of the checkout."""
    return sorted(WORKFLOWS.glob("*.json"))


def told(file: Path, api_url: str) -> bytes:
    """A workflow as n8n gets it: with our web server's real address."""
    return file.read_text().replace(API_IN_FILES, api_url).encode()


def require_imported(said: str, wanted: int, what: str) -> None:
    """Raise WorkflowsFailed unless n8n's import command says that it took all: it ends with 0 also when it did not."""
    if f"Successfully imported {wanted} {what}" not in said:
        tail = "\n".join(said.strip().splitlines()[-8:])
        raise WorkflowsFailed(f"n8n did not import {wanted} {what}:\n{tail}", fix="`ytempire n8n check` looks closer.")


def publish(url: str, password: str, ids: Sequence[str]) -> list[str]:
    """Publish these workflows, whichever order they need; those that were not published before.

    Raises WorkflowsFailed naming the first that n8n refuses.
    """
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as door:
        _sign_in(door, password)
        left, published = list(ids), []
        while left:
            refused: dict[str, str] = {}
            for each in left:
                workflow = _asked(door.get(f"/rest/workflows/{each}"), f"look at {each}")
                if workflow.get("activeVersionId") == workflow["versionId"]:
                    continue
                answer = door.post(f"/rest/workflows/{each}/activate", json={"versionId": workflow["versionId"]})
                if answer.is_success:
                    published.append(each)
                elif not any(sign in answer.text for sign in _STARTS_NOTHING):
                    refused[each] = _words(answer)
            if len(refused) == len(left):  # no order helps
                first, why = next(iter(refused.items()))
                raise WorkflowsFailed(f"n8n does not publish {first}: {why}", fix="`ytempire n8n check` looks closer.")
            left = list(refused)
    return published


def _sign_in(door: httpx.Client, password: str) -> None:
    answer = door.post("/rest/login", json={"emailOrLdapLoginId": OWNER_EMAIL, "password": password})
    _asked(answer, "sign in")
    cookie = answer.cookies.get("n8n-auth")
    door.headers["Cookie"] = f"n8n-auth={cookie}"  # by hand: behind https it is marked for https only


def _asked(answer: httpx.Response, what: str) -> Mapping[str, object]:
    if not answer.is_success:
        raise WorkflowsFailed(f"n8n refused to {what}: {_words(answer)}", fix="Its log: logs/n8n.log.")
    found = answer.json()["data"]
    return dict(found)


def _words(answer: httpx.Response) -> str:
    try:
        return f"{answer.status_code} {answer.json()['message']}"[:500]
    except (ValueError, KeyError, TypeError):
        return f"{answer.status_code} {answer.text[:200]}"


def id_of(file: Path) -> str:
    """A workflow's id."""
    return str(json.loads(file.read_text())["id"])
