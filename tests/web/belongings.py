"""What a tenant may have: how an id of each kind comes to be, for tests that try every route with every id.

A new route whose path, query or body names an id of a new kind needs a maker here, under the parameter's name.
One whose example of a body doesn't suit real belongings needs a line in REQUESTS.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import httpx
from PIL import Image

from tests.web.video_stage import Finished, record
from ytempire.accounts import TenantKeys
from ytempire.events import announce, last_number
from ytempire.events.model import StepBegun
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.kit.media_store import MediaRef

API = "/api/v1"
Ids = Mapping[str, str]
_numbers = count(1)


@dataclass
class Tenant:
    """A user, a client that asks as them, and a word that stands in all they write."""

    word: str
    user_id: UUID
    client: httpx.AsyncClient
    database: Database
    keys: TenantKeys
    feed_url: str
    """An address that answers with a feed."""
    ids: set[str] = field(default_factory=set)

    def name(self) -> str:
        """A new name that tells whose it is."""
        return f"{self.word}-{next(_numbers)}"

    async def post(self, path: str, body: Any, **more: Any) -> Any:
        """Make something over the API."""
        answer = await self.client.post(f"{API}{path}", json=body, **more)
        assert answer.is_success, f"POST {path}: {answer.status_code} {answer.text}"
        return answer.json()


async def _channel(who: Tenant, _given: Ids) -> str:
    made = await who.post("/channels", {"handle": who.name(), "name": who.name(), "colours": []})
    return str(made["id"])


async def _topic(who: Tenant, given: Ids) -> str:
    at = f"/channels/{given['channel_id']}/topics"
    await who.post(at, {"topics": [{"topic": who.name(), "notes": who.name()}]})
    items = (await who.client.get(f"{API}{at}?limit=200")).json()["items"]
    return str(items[-1]["id"])


async def _source(who: Tenant, given: Ids) -> str:
    made = await who.post(f"/channels/{given['channel_id']}/sources", {"title": who.name(), "text": who.name()})
    return str(made["id"])


async def _pin(who: Tenant, given: Ids) -> str:
    channel = given.get("channel_id") or await _channel(who, given)
    return str((await who.post("/plan/pins", {"channel_id": channel, "topic": who.name()}))["id"])


async def _key(who: Tenant, _given: Ids) -> str:
    return str((await who.post("/api-keys", {"name": who.name(), "scopes": ["read"]}))["id"])


async def _invitation(who: Tenant, _given: Ids) -> str:
    made = await who.post("/admin/invitations", {"email": f"{who.name()}@example.org", "role": "creator"})
    return str(made["id"])


async def _video(who: Tenant, given: Ids) -> str:
    """One that waits for its review."""
    channel = given.get("channel_id") or await _channel(who, given)
    made = await who.post("/videos", {"channel_id": channel, "topic": who.name()})
    nowhere = MediaRef("0" * 64, 1, ".mp4")
    done = Finished(made["id"], nowhere, (nowhere,), nowhere, nowhere)
    await record(
        who.database, who.user_id, done, [(who.name(), nowhere)], datetime.fromisoformat(made["created_at"]),
        title=who.name(), state="in_review",
    )  # fmt: skip
    async with who.database.transaction(who.user_id) as conn:
        budget = f"video:{made['id']}"
        await conn.execute(
            "insert into budgets (id, user_id, name, resource, cap, margin) values (%s, %s, 'video', 'microusd', 10, 0)"
            " on conflict do nothing",
            (budget, who.user_id),
        )
        await conn.execute("update budgets set spent = 1 where id = %s", (budget,))
        await conn.execute(
            "insert into runs (video_id, user_id, driver, token_id, token_hash, token_ends_at, claimed_at, seen_at)"
            " values (%s, %s, 'n8n', %s, '', now(), now(), now())",
            (made["id"], who.user_id, who.name()),
        )
    return str(made["id"])


async def _held(who: Tenant, given: Ids) -> str:
    """The key under which money is held for the video."""
    key = new_id().hex
    body = {"category": "thumbnail", "what": who.name(), "key": key, "estimate_microusd": 10}
    await who.post(f"/videos/{given['video_id']}/calls", body)
    return key


async def _call(who: Tenant, given: Ids) -> str:
    """The call by which what the body hands in was made."""
    async with who.database.transaction(who.user_id) as conn:
        cursor = await conn.execute("select id from paid_calls where video_id = %s", (given["video_id"],))
        row: Any = await cursor.fetchone()
    return str(row[0])


async def _media(who: Tenant, given: Ids) -> str:
    at = f"{API}/channels/{given['channel_id']}/media"
    made = await who.client.post(at, content=picture(), params={"title": who.name(), "origin": who.name()})
    assert made.is_success, made.text
    return str(made.json()["id"])


def picture() -> bytes:
    """A small PNG, each time another."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), f"#{next(_numbers):06x}").save(out, "PNG")
    return out.getvalue()


async def _webhook(who: Tenant, _given: Ids) -> str:
    known = (await who.client.get(f"{API}/webhooks?limit=200")).json()["items"]
    for one in known[18:]:  # a user has at most twenty
        await who.client.delete(f"{API}/webhooks/{one['id']}")
    made = await who.post("/webhooks", {"url": f"https://studio.example.org/{who.name()}", "description": who.word})
    return str(made["id"])


async def _delivery(who: Tenant, given: Ids) -> str:
    async with who.database.transaction(who.user_id) as conn:
        await announce(conn, who.name(), StepBegun(step=who.name(), tries=1), datetime(2026, 11, 25, tzinfo=UTC))
    async with who.database.transaction(who.user_id) as conn:
        cursor = await conn.execute(
            "insert into webhook_deliveries (user_id, webhook_id, number, state)"
            " values (%s, %s, %s, 'delivered') returning id",
            (who.user_id, given["webhook_id"], await last_number(conn)),
        )
        row: Any = await cursor.fetchone()
    return str(row[0])


MAKERS: dict[str, Callable[[Tenant, Ids], Awaitable[str]]] = {
    "channel_id": _channel,
    "topic_id": _topic,
    "source_id": _source,
    "media_id": _media,
    "pin_id": _pin,
    "key_id": _key,
    "video_id": _video,
    "key": _held,
    "call": _call,
    "invitation_id": _invitation,
    "webhook_id": _webhook,
    "delivery_id": _delivery,
}
"""By the parameter's name; the ids before it in the path are given."""
LISTS = {
    "channels_list_channels": "channel_id",
    "channels_list_of_topics": "topic_id",
    "videos_list_videos": "video_id",
    "channels_list_of_media": "media_id",
    "costs_videos": "video_id",
    "api-keys_list_keys": "key_id",
    "webhooks_list_webhooks": "webhook_id",
    "webhooks_list_deliveries": "delivery_id",
    "admin/invitations_list_yours": "invitation_id",
}
"""What a list with cursors lists, by operationId."""
OF_OPERATORS = {"invitation_id"}
"""Kinds that creators don't have."""


async def make(who: Tenant, kind: str, given: Ids) -> str:
    """A fresh id of this kind."""
    made = await MAKERS[kind](who, given)
    who.ids.add(made)
    return made


async def _channel_body(who: Tenant, _given: Ids) -> Any:
    return {"handle": who.name()}


async def _feed_body(who: Tenant, _given: Ids) -> Any:
    return {"url": who.feed_url}


async def _invitation_body(who: Tenant, _given: Ids) -> Any:
    return {"email": f"{who.name()}@example.org"}


async def _pin_body(who: Tenant, _given: Ids) -> Any:
    return {"topic": who.name()}


async def _connected(who: Tenant, given: Ids) -> Any:
    """With a token that the platform takes back."""
    place: Any = {"user_id": who.user_id, "table": "channel_connections", "column": "refresh_token"}
    async with who.database.transaction(who.user_id) as conn:
        token = await who.keys.seal(conn, b"token", **place, row=UUID(given["channel_id"]))
        await conn.execute(
            "insert into channel_connections (channel_id, user_id, platform, platform_channel_id, title, scopes,"
            " refresh_token, connected_at, broken) values (%s, %s, 'sandbox', %s, %s, '{}', %s, now(), '')"
            " on conflict do nothing",
            (given["channel_id"], who.user_id, who.name(), who.name(), token),
        )


async def _hold_body(who: Tenant, _given: Ids) -> Any:
    return {"category": "thumbnail", "what": who.name(), "key": new_id().hex, "estimate_microusd": 10}


async def _bill_body(_who: Tenant, _given: Ids) -> Any:
    return {"actual_microusd": 7}


async def _step_body(_who: Tenant, _given: Ids) -> Any:
    return {"wait_s": 0}


_ARTICLE = "Squid can glow from head to tail. They do it to hide from what swims below. Nobody sees them there. " * 4


async def _led(who: Tenant, given: Ids, category: str = "openai") -> str:
    """The video is on its way, led by another driver that had a call made for it; its sentence."""
    wanted = {"voice": "elevenlabs:21m00Tcm4TlvDq8ikWAM", "topic": "", "article_text": f"# {who.name()}\n\n{_ARTICLE}"}
    ids = {"user": who.user_id, "video": given["video_id"], "wanted": json.dumps(wanted)}
    async with who.database.transaction(who.user_id) as conn:
        await conn.execute(
            "update videos set state = 'producing', orders = orders || %(wanted)s::jsonb where id = %(video)s",
            ids,
        )
        await conn.execute(
            "insert into paid_calls (id, user_id, video_id, step, resource, category, what, once, attempt, state,"
            " claimed, performed, estimate, estimated_meters, hold_id, hold_amount, hold_state, begun_at, result)"
            " values (gen_random_uuid(), %(user)s, %(video)s, 'script', 'microusd', %(category)s, '',"
            " %(once)s, 1, 'done', false, 1, 0, '{}', gen_random_uuid(), 0, 'settled', now(), '{}')",
            ids | {"category": category, "once": f"{given['video_id']}:relay:{new_id()}"},
        )
        cursor = await conn.execute(
            "select result #>> '{script,scenes,0,sentence}' from steps where video_id = %(video)s and step = 'script'",
            ids,
        )
        row: Any = await cursor.fetchone()
    return str(row[0])


async def _answer_body(who: Tenant, given: Ids) -> Any:
    await _led(who, given)
    beat = {"sentence": who.name(), "card": "", "on_screen": "", "picture": "", "data": [], "chapter": "", "quote": ""}
    beat |= {"source": None}
    texts = {"titles": ["T"], "description": "", "tags": [], "thumbnails": []}
    return {"answer": {"hook": beat, "beats": [beat], "call_to_action": beat} | texts}


async def _recordings_body(who: Tenant, given: Ids) -> Any:
    text = await _led(who, given, "elevenlabs")
    times = [n / 10 for n in range(len(text) + 1)]
    alignment = {"characters": [*text], "character_start_times_seconds": times[:-1]}
    sound = base64.b64encode(b"\x01\x00" * 24_000 * (len(text) // 10 + 1)).decode()
    alignment |= {"character_end_times_seconds": times[1:]}
    return {"recordings": [{"text": text, "audio_base64": sound, "alignment": alignment}]}


async def _asking_body(who: Tenant, given: Ids) -> Any:
    await _led(who, given)
    return {"asked_of": who.name()}


async def _answered_body(who: Tenant, given: Ids) -> Any:
    await _led(who, given)
    asked = {"approval": {"asked_of": who.name(), "until": "2100-01-01T00:00:00Z"}}
    async with who.database.transaction(who.user_id) as conn:
        await conn.execute(
            "update videos set orders = orders || %s::jsonb where id = %s", (json.dumps(asked), given["video_id"])
        )
    return {"approved": True}


async def _failed(who: Tenant, given: Ids) -> Any:
    """Without a step named, what failed is sent on."""
    async with who.database.transaction(who.user_id) as conn:
        await conn.execute("update videos set state = 'failed' where id = %s", (given["video_id"],))


async def _picture_body(_who: Tenant, _given: Ids) -> Any:
    return picture()


async def _with_a_logo(who: Tenant, given: Ids) -> None:
    put = await who.client.put(f"{API}/channels/{given['channel_id']}/logo", content=picture())
    assert put.is_success, put.text


REQUESTS: dict[str, Callable[[Tenant, Ids], Awaitable[Any]]] = {
    "channels_create": _channel_body,
    "channels_add_a_feed": _feed_body,
    "channels_end": _connected,
    "plan_pin": _pin_body,
    "videos_what_a_retry_makes": _failed,
    "videos_ask": _step_body,
    "videos_script_brief": _led,
    "videos_voice_brief": _led,
    "videos_hand_in_answer": _answer_body,
    "videos_hand_in_recordings": _recordings_body,
    "videos_want_approval": _asking_body,
    "videos_take_answer": _answered_body,
    "videos_hold": _hold_body,
    "videos_settle": _bill_body,
    "channels_upload": _picture_body,
    "channels_set_logo": _picture_body,
    "channels_logo": _with_a_logo,
    "channels_remove_logo": _with_a_logo,
    "admin/invitations_make": _invitation_body,
}
"""By operationId: what has to be there first, and the body in place of the document's example."""
