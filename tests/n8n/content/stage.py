"""Workflows of the checkout as their operator changes them, and what became of the videos in them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from bench.n8n_stage import WORKFLOW, Driven, Up, read_execution
from tests.n8n.editor import Editor, leads_to, node, password_in, split, webhook
from ytempire.accounts.credentials import store as credentials
from ytempire.accounts.model import ApiKey, Scope
from ytempire.accounts.secrets import hashed, new_api_key
from ytempire.channels.model import Channel
from ytempire.local.n8n.workflows import WORKFLOWS, told

WITHIN_S = 300.0
Nodes = dict[str, dict[str, Any]]


def nodes_of(up: Up, driven: Driven) -> dict[str, list[dict[str, Any]]]:
    """What ran in the video's execution, once that has ended."""
    with Editor(up.n8n_url, up.email, password_in(str(up.password_file))) as editor:
        return ran(editor, WORKFLOW, driven.execution)


def ran(editor: Editor, workflow: str, execution_id: str) -> dict[str, list[dict[str, Any]]]:
    """What ran in an execution, once that has ended."""
    until = time.monotonic() + 30
    while True:
        execution = editor.data("GET", f"/rest/executions/{execution_id}")
        if execution["status"] not in {"running", "waiting", "new"}:
            break
        assert time.monotonic() < until, execution["status"]
        time.sleep(0.3)
    assert (execution["workflowId"], execution["status"]) == (workflow, "success")
    recorded: Any = read_execution(execution["data"])
    return dict(recorded["resultData"]["runData"])


@dataclass(frozen=True)
class Ways:
    """n8n whose own claims are off: videos are claimed by the tests, and led by what they make of the workflows."""

    up: Up
    editor: Editor

    def copy(self, file: str, change: Callable[[Nodes, dict[str, Any]], None], *, without: Collection[str] = ()) -> str:
        """A workflow of the checkout, duplicated and changed, published; its id."""
        workflow = json.loads(told(WORKFLOWS / file, self.up.web_url))
        nodes: Nodes = {one["name"]: one for one in workflow["nodes"] if one["name"] not in without}
        connections = {name: one for name, one in workflow["connections"].items() if name not in without}
        for one in connections.values():
            one["main"] = [[to for to in output or () if to["node"] not in without] for output in one["main"]]
        change(nodes, connections)
        return self.editor.made(f"{workflow['name']} copy", list(nodes.values()), connections)

    def starter(self, path: str, workflow: str) -> None:
        """A webhook that starts an execution of this workflow for each item, as *Claim what is due* does."""
        claims = json.loads((WORKFLOWS / "claim-due.json").read_text())
        (start,) = [one for one in claims["nodes"] if one["name"] == "One execution per video"]
        start["parameters"]["workflowId"]["value"] = workflow
        self.editor.made(path, [webhook(path), split(), start])

    async def started(self, path: str, items: Sequence[Mapping[str, Any]]) -> None:
        """Executions have begun for these."""
        answer = await asyncio.to_thread(self.editor.hooked, path, {"items": list(items)})
        assert answer.is_success, answer.text

    async def ended(self, workflow: str, *, how_many: int = 1) -> list[dict[str, list[dict[str, Any]]]]:
        """What ran in the executions of this workflow, newest first, once there are so many and all have ended."""
        until = time.monotonic() + WITHIN_S
        while True:
            found = await asyncio.to_thread(self.editor.executions, workflow)
            if len(found) >= how_many and all(one["status"] not in {"running", "waiting", "new"} for one in found):
                return [await asyncio.to_thread(ran, self.editor, workflow, one["id"]) for one in found[:how_many]]
            assert time.monotonic() < until, [one["status"] for one in found]
            await asyncio.sleep(0.3)

    async def calls_of(self, channel: Channel) -> list[tuple[str, str]]:
        """Step and vendor of each call on record that was made through the relay."""
        async with self.up.session.platform.tools.database.transaction(channel.user_id) as conn:
            cursor = await conn.execute(
                "select step, category from paid_calls where user_id = %s and once like '%%:relay:%%'"
                " order by begun_at",
                (channel.user_id,),
            )
            return [(row[0], row[1]) for row in await cursor.fetchall()]  # type: ignore[misc]

    async def key(self, owner: Channel | Driven, *scopes: Scope) -> str:
        """A key of the owner."""
        tools = self.up.session.platform.tools
        key_id, secret, shown = new_api_key()
        made = ApiKey(key_id, "n8n", scopes, tools.clock.now(), None, None, None)
        async with tools.database.transaction(owner.user_id) as conn:
            await credentials.add_api_key(conn, owner.user_id, made, hashed(secret))
        return shown

    def door(self, key: str) -> httpx.Client:
        """Our API, asked with this key."""
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=f"{self.up.web_url}/api/v1", headers=headers, timeout=30, trust_env=False)


def between(connections: dict[str, Any], before: str, *added: str, after: str) -> None:
    """These nodes, one after the other, on the way by which a node leads to another."""
    for output in connections[before]["main"]:
        for to in output:
            if to["node"] == after:
                to["node"] = added[0]
    for name, leads in zip(added, (*added[1:], after), strict=True):
        connections[name] = leads_to(leads, "Handle errors")


__all__ = ["Ways", "between", "node", "nodes_of", "ran"]
