"""Meters to money: dated prices, own table first, then genai-prices; what has no price is refused, never $0."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from importlib.resources import files
from itertools import product
from pathlib import Path

from genai_prices import Usage, calc_price

from ytempire.kit.errors import BadInput, NotConfigured
from ytempire.kit.settings import MOST_DOLLARS
from ytempire.ledger.model import JsonObject, Meters

MILLION = 1_000_000
MS_PER_HOUR = 3_600_000
CACHE_WRITE_FACTOR = Decimal("1.25")
"""OpenAI bills input that goes into its prompt cache a quarter dearer (price page, read 2026-11-22)."""


@dataclass(frozen=True)
class Price:
    """A model's prices in dollars from a day on; None: this meter has no price here."""

    vendor: str
    model: str
    """`*` is any model of the vendor that has no entry of its own."""
    effective_from: date
    input_per_million: Decimal | None = None
    cached_input_per_million: Decimal | None = None
    cache_write_per_million: Decimal | None = None
    """None: a quarter more than input."""
    output_per_million: Decimal | None = None
    per_thousand_characters: Decimal | None = None
    per_image: Decimal | None = None
    cpu_hour: bool = False
    free: bool = False


class PriceBook:
    """All dated prices of an installation."""

    def __init__(
        self, prices: Sequence[Price], overrides: Sequence[Price] = (), *, override_file: Path | None = None
    ) -> None:
        self.tables = tuple(
            sorted(table, key=lambda price: price.effective_from, reverse=True) for table in (overrides, prices)
        )
        self.override_file = override_file

    def quote(self, meters: Meters, *, at: datetime, cpu_hour_price: int) -> int:
        """Micro-dollars, rounded up to a whole one. Raises NotConfigured if anything metered has no price."""
        price = self._find(meters.vendor, meters.model, at.astimezone(UTC).date())
        dollars = own_price(price, meters, cpu_hour_price) if price else self._known_elsewhere(meters, at)
        return int((dollars * MILLION).to_integral_value(rounding=ROUND_CEILING))

    def _find(self, vendor: str, model: str, day: date) -> Price | None:
        names = (model, re.sub(r"-\d{4}-\d{2}-\d{2}$", "", model), "*")
        for name, table in product(names, self.tables):
            for price in table:
                if (price.vendor, price.model) == (vendor, name) and price.effective_from <= day:
                    return price
        return None

    def _known_elsewhere(self, meters: Meters, at: datetime) -> Decimal:
        if not (meters.characters or meters.images):
            usage = Usage(
                input_tokens=meters.input_tokens,
                cache_read_tokens=meters.cached_input_tokens,
                cache_write_tokens=meters.cache_write_tokens,
                output_tokens=meters.output_tokens,
            )
            try:
                found = calc_price(usage, meters.model, provider_id=meters.vendor, genai_request_timestamp=at)
            except LookupError:
                pass
            else:
                return found.total_price
        where = self.override_file or "the override file of prices"
        raise NotConfigured(
            f"no price is known for model {meters.model!r} of {meters.vendor}",
            field="model",
            fix=f"Add it to {where}: see docs/reference/prices.md.",
        )


def own_price(price: Price, meters: Meters, cpu_hour_price: int) -> Decimal:
    """Dollars by an entry of our table. Raises NotConfigured if a meter has no price in it."""
    if price.free:
        return Decimal(0)
    fresh = max(0, meters.input_tokens - meters.cached_input_tokens - meters.cache_write_tokens)
    write_price = price.cache_write_per_million
    if write_price is None and price.input_per_million is not None:
        write_price = price.input_per_million * CACHE_WRITE_FACTOR
    parts = (
        ("input_per_million", fresh, price.input_per_million, MILLION),
        ("cached_input_per_million", meters.cached_input_tokens, price.cached_input_per_million, MILLION),
        ("cache_write_per_million", meters.cache_write_tokens, write_price, MILLION),
        ("output_per_million", meters.output_tokens, price.output_per_million, MILLION),
        ("per_thousand_characters", meters.characters, price.per_thousand_characters, 1_000),
        ("per_image", meters.images, price.per_image, 1),
        ("cpu_hour", meters.cpu_ms, Decimal(cpu_hour_price) / MILLION if price.cpu_hour else None, MS_PER_HOUR),
    )
    total = Decimal(0)
    for name, amount, each, per in parts:
        if amount and each is None:
            raise NotConfigured(
                f"model {price.model!r} of {price.vendor} has no price {name}",
                field="model",
                fix="Add it to the override file of prices: see docs/reference/prices.md.",
            )
        total += Decimal(amount) * (each or 0) / per
    return total


def load_prices(override_file: Path | None = None) -> PriceBook:
    """The prices that ship with the platform, and those of the operator's file, which go first from their day on.

    Raises BadInput naming the file and the entry that can't be used.
    """
    prices: list[Price] = []
    for shipped in sorted(files("ytempire.ledger").joinpath("prices").iterdir(), key=lambda file: file.name):
        if shipped.name.endswith(".json"):
            prices += parse_prices(shipped.read_text(), shipped.name)
    overrides: list[Price] = []
    if override_file and override_file.exists():
        try:
            text = override_file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _unusable(str(override_file), f"it can't be read: {error}") from error
        overrides = parse_prices(text, str(override_file))
    return PriceBook(prices, overrides, override_file=override_file)


def parse_prices(text: str, name: str) -> list[Price]:
    """Entries of a price file: `{"prices": [{"vendor", "model", "effective_from", …}]}`, amounts as strings.

    Raises BadInput naming the file, the entry and the field that can't be used.
    """
    try:
        content = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise _unusable(name, f"it is no JSON: {error}") from error
    entries = content.get("prices") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise _unusable(name, "it has no list `prices`")
    prices = []
    for number, raw in enumerate(entries, 1):
        try:
            prices.append(_entry(raw))
        except ValueError as error:
            raise _unusable(name, f"entry {number}{_of(raw)}: {error}") from error
    return prices


def _unusable(name: str, why: str) -> BadInput:
    return BadInput(
        f"{name} is no usable price file: {why}",
        field="prices",
        fix='Write {"prices": [{"vendor": …, "model": …, "effective_from": "2026-01-31", …}]}.',
    )


def _of(raw: object) -> str:
    model = raw.get("model") if isinstance(raw, dict) else None
    return f" ({model!r})" if isinstance(model, str) else ""


def _entry(raw: JsonObject) -> Price:
    if not isinstance(raw, dict):
        raise ValueError("is no object")
    strange = set(raw) - {field.name for field in fields(Price)} - {"source"}
    if strange:
        raise ValueError(f"unknown field {min(strange)!r}")
    for name in ("vendor", "model", "effective_from"):
        if not isinstance(raw.get(name), str) or not raw[name]:
            raise ValueError(f"{name} must be a text")
    for name in ("free", "cpu_hour"):
        if not isinstance(raw.get(name, False), bool):
            raise ValueError(f"{name} must be true or false")
    prices = {field.name: _dollars(raw, field.name) for field in fields(Price) if field.type == "Decimal | None"}
    given = {name: price for name, price in prices.items() if price is not None}
    if not given and not raw.get("free") and not raw.get("cpu_hour"):
        raise ValueError('has no price; say "free": true if it costs nothing')
    try:
        effective_from = date.fromisoformat(raw["effective_from"])
    except ValueError:
        raise ValueError("effective_from must be a day such as 2026-01-31") from None
    return Price(
        vendor=raw["vendor"],
        model=raw["model"],
        effective_from=effective_from,
        cpu_hour=raw.get("cpu_hour", False),
        free=raw.get("free", False),
        **given,
    )


def _dollars(raw: JsonObject, name: str) -> Decimal | None:
    if name not in raw:
        return None
    value = raw[name]
    try:
        amount = Decimal(value if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool) else "NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= MOST_DOLLARS:
        raise ValueError(f'{name} must be an amount of dollars such as "0.12", at most {MOST_DOLLARS}')
    return amount
