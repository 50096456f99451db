"""Values that programs keep for a while, and how often caches had what was asked for."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Path, Query, Response
from pydantic import BaseModel, Field, JsonValue

from ytempire.kit.errors import YtempireError
from ytempire.production import platform_rates, user_rates
from ytempire.web.bodies import Given, example
from ytempire.web.parts import PartsOf
from ytempire.web.principal import Leading, SignedIn, Transaction
from ytempire.web.problems import TooLarge
from ytempire.web.routing import resource

router = resource("cache")

MOST_BYTES = 256_000
_LONGEST_S = 30 * 24 * 3600
Namespace = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", description="Small letters, digits, . _ and -", examples=["n8n"])
]
Key = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$", examples=["topic-42"])]
_PROGRAM = "program."


class CacheMiss(YtempireError):  # noqa: N818
    """The cache has no such value, or has it no more: make it and put it there."""

    code = "cache_miss"


class Kept(BaseModel):
    """A value."""

    model_config = example({"value": {"topic": "Why squid glow"}})
    value: JsonValue


class Keep(Given):
    """A value and how long it is of use."""

    model_config = example({"value": {"topic": "Why squid glow"}, "ttl_s": 3600})
    value: JsonValue
    ttl_s: int = Field(3600, ge=1, le=_LONGEST_S, description="Seconds; at most 30 days.")


class KeptUntil(BaseModel):
    """Whether it was kept."""

    model_config = example({"kept": True, "ttl_s": 3600})
    kept: bool = Field(description="A cache may refuse, and forget early: go on without it.")
    ttl_s: int


class RateShown(BaseModel):
    """Look-ups of one namespace."""

    model_config = example({"namespace": "speech", "hits": 46, "misses": 54, "hit_rate": 0.46})
    namespace: str
    hits: int
    misses: int
    hit_rate: float | None = Field(None, description="Hits of all look-ups; empty: there were none.")


class RatesShown(BaseModel):
    """Hit rates, as they were measured."""

    model_config = example(
        {
            "days": 7,
            "results": [{"namespace": "speech", "hits": 46, "misses": 54, "hit_rate": 0.46}],
            "results_hit_rate": 0.46,
            "reads": [{"namespace": "costs", "hits": 80, "misses": 20, "hit_rate": 0.8}],
            "platform": None,
        }
    )
    days: int
    results: list[RateShown] = Field(
        description="Results that cost money or time: speech, answer, scene, mix, backdrop. A repeated step is no hit."
    )
    results_hit_rate: float | None = Field(None, description="Over all of them.")
    reads: list[RateShown] = Field(description="Answers of this API, and what programs keep (program.*).")
    platform: list[RateShown] | None = Field(None, description="Results of all users, for operators.")


@router.get("")
async def rates(
    who: SignedIn,
    conn: Transaction,
    parts: PartsOf,
    days: Annotated[int, Query(ge=1, le=40, description="Of how many days, today among them.")] = 7,
) -> RatesShown:
    """How often what was asked for was there: hits of all look-ups, by namespace."""
    now = parts.clock.now()
    first = now.date() - timedelta(days=days - 1)
    own = await user_rates(conn, who.user_id, first)
    sees = who.role == "operator" and "admin" in who.scopes
    hits, misses = sum(rate.hits for rate in own), sum(rate.misses for rate in own)
    return RatesShown(
        days=days,
        results=[_shown(rate.namespace, rate.hits, rate.misses) for rate in own],
        results_hit_rate=_share(hits, misses),
        reads=[
            _shown(rate.namespace, rate.hits, rate.misses)
            for rate in await parts.cache.rates(who.user_id, now, days=days)
        ],
        platform=[_shown(rate.namespace, rate.hits, rate.misses) for rate in await platform_rates(conn, first)]
        if sees
        else None,
    )


@router.get("/{namespace}/{key}")
async def get(namespace: Namespace, key: Key, who: Leading, parts: PartsOf) -> Kept:
    """The value you put there; a problem `cache_miss` if it isn't there."""
    value = await parts.cache.get(_PROGRAM + namespace, who.user_id, key, now=parts.clock.now())
    if value is None:
        raise CacheMiss("nothing is kept under this key", fix="Make it, and PUT it here.")
    loaded: Any = json.loads(value)
    return Kept(value=loaded)


@router.put("/{namespace}/{key}")
async def put(namespace: Namespace, key: Key, given: Keep, who: Leading, parts: PartsOf) -> KeptUntil:
    """Keep a JSON value of at most 256,000 bytes for a while; another one under the same key goes.

    You may put 32 MB a day; beyond that `kept` is false.
    """
    value = json.dumps(given.value, separators=(",", ":"), ensure_ascii=False).encode()  # half a character raises here
    if len(value) > MOST_BYTES:
        raise TooLarge(
            f"the value has {len(value):,} bytes", field="value", fix=f"Keep at most {MOST_BYTES:,} bytes under a key."
        )
    kept = await parts.cache.put(
        _PROGRAM + namespace, who.user_id, key, value, ttl_s=given.ttl_s, now=parts.clock.now()
    )
    return KeptUntil(kept=kept, ttl_s=given.ttl_s)


@router.delete("/{namespace}/{key}", status_code=204)
async def delete(namespace: Namespace, key: Key, who: Leading, parts: PartsOf) -> Response:
    """Forget a value; one that isn't there is no error."""
    await parts.cache.delete(_PROGRAM + namespace, who.user_id, key)
    return Response(status_code=204)


def _share(hits: int, misses: int) -> float | None:
    return round(hits / (hits + misses), 4) if hits + misses else None


def _shown(namespace: str, hits: int, misses: int) -> RateShown:
    return RateShown(namespace=namespace, hits=hits, misses=misses, hit_rate=_share(hits, misses))
