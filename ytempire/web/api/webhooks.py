"""Webhooks: addresses of yours that are told of events."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Response
from pydantic import BaseModel, Field

from ytempire import webhooks
from ytempire.kit.database import Connection
from ytempire.web.api.events import checked_types
from ytempire.web.bodies import Given, example
from ytempire.web.cursors import After, Limit, Page, at_time
from ytempire.web.etags import IfMatch, require_match, with_etag
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn, Transaction
from ytempire.web.routing import resource
from ytempire.webhooks.model import Delivery, DeliveryState, Webhook

router = resource("webhooks")
_ID = "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e8"
_GIVEN: dict[str, Any] = {
    "url": "https://studio.example.org/hook",
    "types": ["video.published", "video.review_wanted"],
    "description": "the studio's bot",
    "enabled": True,
}
_EXAMPLE = {"id": _ID, **_GIVEN, "disabled_because": "", "created_at": "2026-11-25T12:00:00Z"}
WebhookId = Annotated[UUID, Path(examples=[_ID])]
Types = Annotated[list[str], Field(max_length=50, description="Types of events; none: all.")]


class NewWebhook(Given):
    """Where to, and what of."""

    model_config = example(_GIVEN)
    url: str = Field(max_length=2000)
    types: Types = Field(default_factory=list)
    description: str = Field("", max_length=200)
    enabled: bool = True


class WebhookEdit(Given):
    """What is to be another; what isn't given stays."""

    model_config = example({"enabled": False})
    url: str | None = Field(None, max_length=2000)
    types: Types | None = None
    description: str | None = Field(None, max_length=200)
    enabled: bool | None = None


class WebhookShown(BaseModel):
    """A webhook without its secret."""

    model_config = example(_EXAMPLE)
    id: UUID
    url: str
    types: list[str]
    description: str
    enabled: bool
    disabled_because: str = Field(description="Why it was switched off for you; empty: it wasn't.")
    created_at: datetime


class WebhookWithSecret(WebhookShown):
    """With a new secret, shown this once."""

    model_config = example({**_EXAMPLE, "secret": "whsec_mTq0…"})
    secret: str


class DeliveryShown(BaseModel):
    """What became of telling one event."""

    model_config = example(
        {
            "id": "2c5ea4c0-4067-4fe9-8bad-9b1deb4d3b7d",
            "event": 1042,
            "type": "video.published",
            "state": "pending",
            "attempts": 1,
            "next_at": "2026-11-25T12:00:05Z",
            "tried_at": "2026-11-25T12:00:00Z",
            "last_status": 503,
            "last_error": "it answered 503",
        }
    )
    id: UUID
    event: int
    type: str
    state: DeliveryState
    attempts: int
    next_at: datetime | None = Field(description="When it is tried again; null: not any more.")
    tried_at: datetime | None
    last_status: int | None = Field(description="Of the last answer; null: there was none.")
    last_error: str


def _shown(webhook: Webhook) -> WebhookShown:
    return WebhookShown(**{name: getattr(webhook, name) for name in WebhookShown.model_fields} | _types(webhook))


def _types(webhook: Webhook) -> dict[str, Any]:
    return {"types": list(webhook.types)}


def _delivery(delivery: Delivery) -> DeliveryShown:
    said = {name: getattr(delivery, name) for name in DeliveryShown.model_fields if name != "event"}
    return DeliveryShown(event=delivery.number, **said)


async def _current(conn: Connection, webhook_id: UUID, if_match: str | None) -> Webhook:
    current = await webhooks.find_webhook(conn, webhook_id, to_change=True)
    require_match(if_match, _shown(current))
    return current


@router.get("")
async def list_webhooks(
    who: SignedIn, conn: Transaction, parts: PartsOf, cursor: After = None, limit: Limit = 50
) -> Page[WebhookShown]:
    """Your webhooks, oldest first."""
    after = parts.cursors.read_time("webhooks", who.user_id, cursor)
    rows = await webhooks.webhooks(conn, after, limit + 1)
    return parts.cursors.page(
        "webhooks", who.user_id, rows, limit, show=_shown, place=lambda one: at_time(one.created_at, one.id)
    )


@router.post("", status_code=201)
async def make(given: NewWebhook, who: SignedIn, conn: Transaction, parts: PartsOf) -> WebhookWithSecret:
    """Make a webhook; its secret is shown this once. It is told of what happens from now on."""
    made, secret = await webhooks.make_webhook(
        parts.courier,
        conn,
        who.user_id,
        url=given.url,
        types=checked_types(given.types),
        description=given.description,
        enabled=given.enabled,
    )
    return WebhookWithSecret(**_shown(made).model_dump(), secret=secret)


@router.get("/{webhook_id}")
async def get(webhook_id: WebhookId, response: Response, _who: SignedIn, conn: Transaction) -> WebhookShown:
    """One webhook."""
    shown = _shown(await webhooks.find_webhook(conn, webhook_id))
    with_etag(response, shown)
    return shown


@router.patch("/{webhook_id}")
async def change(
    webhook_id: WebhookId,
    edit: WebhookEdit,
    response: Response,
    _who: SignedIn,
    conn: Transaction,
    parts: PartsOf,
    if_match: IfMatch = None,
) -> WebhookShown:
    """Change what is given. Switched off, what waits for it is given up; what happens meanwhile is not told later."""
    current = await _current(conn, webhook_id, if_match)
    given = {name: value for name, value in edit.model_dump().items() if value is not None}
    if edit.types is not None:
        given["types"] = tuple(checked_types(edit.types))
    shown = _shown(await webhooks.change_webhook(parts.courier, conn, current, replace(current, **given)))
    with_etag(response, shown)
    return shown


@router.delete("/{webhook_id}", status_code=204)
async def delete(webhook_id: WebhookId, _who: SignedIn, conn: Transaction) -> None:
    """Delete it, and what waits for it."""
    await webhooks.delete_webhook(conn, webhook_id)


@router.post("/{webhook_id}/secret", status_code=201)
async def rotate(webhook_id: WebhookId, _who: SignedIn, conn: Transaction, parts: PartsOf) -> WebhookWithSecret:
    """A new secret, shown this once. The one before signs as well for 24 hours."""
    current = await webhooks.find_webhook(conn, webhook_id, to_change=True)
    return WebhookWithSecret(
        **_shown(current).model_dump(), secret=await webhooks.rotate_secret(parts.courier, conn, current)
    )


@router.post("/{webhook_id}/test", status_code=202)
async def test(webhook_id: WebhookId, _who: SignedIn, conn: Transaction, parts: PartsOf) -> WebhookShown:
    """Send it an event of the type `webhook.test`; its deliveries tell what came of it."""
    current = await webhooks.find_webhook(conn, webhook_id)
    await webhooks.try_webhook(parts.courier, conn, current)
    return _shown(current)


@router.get("/{webhook_id}/deliveries")
async def list_deliveries(
    webhook_id: WebhookId, who: SignedIn, conn: Transaction, parts: PartsOf, cursor: After = None, limit: Limit = 50
) -> Page[DeliveryShown]:
    """What became of each event for it, the newest first."""
    await webhooks.find_webhook(conn, webhook_id)
    what = f"deliveries {webhook_id}"
    place = parts.cursors.read(what, who.user_id, cursor)
    rows = await webhooks.deliveries(conn, webhook_id, int(place[0]) if place else None, limit + 1)
    return parts.cursors.page(what, who.user_id, rows, limit, show=_delivery, place=lambda one: (str(one.number),))


@router.post("/{webhook_id}/deliveries/{delivery_id}/retry", status_code=202)
async def retry(
    webhook_id: WebhookId, delivery_id: UUID, _who: SignedIn, conn: Transaction, parts: PartsOf
) -> DeliveryShown:
    """Send it again now, whatever came of it before, under the same message id."""
    webhook = await webhooks.find_webhook(conn, webhook_id)
    return _delivery(await webhooks.send_again(parts.courier, conn, webhook, delivery_id))
