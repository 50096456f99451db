"""Meters to micro-dollars: dated, rounded up, never $0 by ignorance."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytempire.kit.errors import BadInput, NotConfigured
from ytempire.ledger import Meters, load_prices
from ytempire.ledger.quote import PriceBook, parse_prices

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BOOK = load_prices()


def quote(meters: Meters, *, book: PriceBook = BOOK, at: datetime = NOW) -> int:
    return book.quote(meters, at=at, cpu_hour_price=50_000)


@pytest.mark.parametrize(
    ("meters", "microusd"),
    [
        (Meters("openai", "gpt-6-luna", input_tokens=1_000_000, output_tokens=1_000_000), 600_000),
        (Meters("openai", "gpt-6-luna", input_tokens=1_000_000, cached_input_tokens=400_000), 64_000),
        (Meters("openai", "gpt-6.1-terra", input_tokens=1_000, cached_input_tokens=1_000, output_tokens=10), 100),
        (Meters("openai", "gpt-6-luna", input_tokens=2_000, cache_write_tokens=2_000), 250),
        (Meters("openai", "gpt-6-luna", input_tokens=3_000, cached_input_tokens=1_000, cache_write_tokens=1_000), 235),
        (Meters("openai", "gpt-6.1-sol", input_tokens=1_000, output_tokens=1_000), 12_000),
        (Meters("openai", "gpt-6-luna-2026-09-01", input_tokens=10_000), 1_000),
        (Meters("openai", "gpt-6-luna", input_tokens=1), 1),
        (Meters("elevenlabs", "eleven_v4", characters=6_250), 500_000),
        (Meters("elevenlabs", "eleven_v4_turbo", characters=1), 40),
        (Meters("elevenlabs", "eleven_multilingual_v2", characters=1_000), 100_000),
        (Meters("elevenlabs", "eleven_flash_v2_5", characters=1_000), 50_000),
        (Meters("local", "cpu", cpu_ms=3_600_000), 50_000),
        (Meters("local", "cpu", cpu_ms=1), 1),
        (Meters("local", "voice", characters=10_000), 0),
    ],
)
def test_known_prices(meters, microusd):
    assert quote(meters) == microusd


def test_the_package_knows_what_our_table_lacks():
    assert quote(Meters("openai", "gpt-4o-mini", input_tokens=1_000_000)) == 150_000


@pytest.mark.parametrize(
    "meters",
    [
        Meters("openai", "gpt-99-moon", input_tokens=1),
        Meters("openai", "gpt-99-moon"),
        Meters("openai", "gpt-image-2.6-flare", images=1),
        Meters("openai", "gpt-6-luna", images=1),
        Meters("openai", "gpt-4o-mini", characters=5),
        Meters("elevenlabs", "eleven_v9", characters=1),
        Meters("nobody", "cpu", cpu_ms=1),
    ],
)
def test_what_has_no_price_is_refused_by_name_never_free(meters, tmp_path):
    book = load_prices(tmp_path / "prices.json")
    with pytest.raises(NotConfigured) as refused:
        quote(meters, book=book)
    assert meters.model in str(refused.value)
    assert "prices" in str(refused.value)


def test_before_its_first_day_a_price_does_not_hold():
    with pytest.raises(NotConfigured):
        quote(Meters("elevenlabs", "eleven_v4", characters=1), at=datetime(2025, 12, 31, tzinfo=UTC))


def entry(price: str, day: str, **more: object) -> dict[str, object]:
    return {"vendor": "openai", "model": "m", "effective_from": day, "output_per_million": price, **more}


def test_a_price_changes_on_its_day_in_utc():
    book = PriceBook(parse_prices(json.dumps({"prices": [entry("2", "2026-12-01"), entry("1", "2026-01-01")]}), "p"))
    meters = Meters("openai", "m", output_tokens=1_000_000)
    assert quote(meters, book=book, at=datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)) == 1_000_000
    assert quote(meters, book=book, at=datetime(2026, 12, 1, tzinfo=UTC)) == 2_000_000


def test_the_operators_file_goes_first(tmp_path):
    file = tmp_path / "prices.json"
    own = {"vendor": "openai", "model": "gpt-6-luna", "effective_from": "2025-01-01", "free": True}
    file.write_text(json.dumps({"prices": [own, {**own, "model": "llama"}]}))
    book = load_prices(file)
    assert quote(Meters("openai", "llama", input_tokens=9), book=book) == 0
    assert quote(Meters("openai", "gpt-6-luna", input_tokens=9), book=book) == 0
    assert quote(Meters("openai", "gpt-6.1-terra", input_tokens=9), book=book) == 9


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"prices": [{}]}',
        json.dumps({"prices": [entry("-1", "2026-01-01")]}),
        json.dumps({"prices": [entry("NaN", "2026-01-01")]}),
        json.dumps({"prices": [entry("dear", "2026-01-01")]}),
        json.dumps({"prices": [entry("1", "soon")]}),
        json.dumps({"prices": [entry("1", "2026-01-01", outputs_per_million="1")]}),
        json.dumps({"prices": [{"vendor": "openai", "model": "m", "effective_from": "2026-01-01"}]}),
    ],
)
def test_an_unusable_price_file_is_named(text):
    with pytest.raises(BadInput, match=r"own\.json"):
        parse_prices(text, "own.json")


ENTRY = {"vendor": "openai", "model": "m", "effective_from": "2026-01-01", "output_per_million": "1"}


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"output_per_million": "1e30"}, r"entry 2 \('m'\): output_per_million must be an amount .*at most 1000000"),
        ({"output_per_million": "NaN"}, "output_per_million must be"),
        ({"output_per_million": "sNaN"}, "output_per_million must be"),
        ({"output_per_million": "-1"}, "output_per_million must be"),
        ({"output_per_million": float("inf")}, "output_per_million must be"),
        ({"output_per_million": ["1"]}, "output_per_million must be"),
        ({"output_per_million": True}, "output_per_million must be"),
        ({"effective_from": "31.1.2026"}, "effective_from must be a day"),
        ({"effective_from": 2026}, "effective_from must be a text"),
        ({"vendor": None}, "vendor must be a text"),
        ({"model": {}}, "entry 2: model must be a text"),
        ({"free": "no"}, "free must be true or false"),
        ({"outputs": "1"}, "unknown field 'outputs'"),
    ],
)
def test_an_unusable_price_names_file_entry_and_field(tmp_path, broken, says):
    file = tmp_path / "prices.json"
    file.write_text(json.dumps({"prices": [ENTRY, ENTRY | broken]}))
    with pytest.raises(BadInput, match=rf"^prices: .*prices\.json is no usable price file: .*{says}"):
        load_prices(file)


@pytest.mark.parametrize("content", [b"\xff\xfe{", b"[" * 100_000, b'"text"', b'{"prices": "x"}', b'{"prices": ["x"]}'])
def test_a_broken_price_file_is_named(tmp_path, content):
    file = tmp_path / "prices.json"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"prices\.json is no usable price file"):
        load_prices(file)
    file.unlink()
    file.mkdir()
    with pytest.raises(BadInput, match=r"can't be read"):
        load_prices(file)


tokens = st.integers(0, 10**9)


@given(fresh=tokens, cached=tokens, output=tokens)
def test_a_quote_is_the_exact_price_rounded_up(fresh, cached, output):
    meters = Meters(
        "openai", "gpt-6-luna", input_tokens=fresh + cached, cached_input_tokens=cached, output_tokens=output
    )
    exact = Decimal(fresh) / 10 + Decimal(cached) / 100 + Decimal(output) / 2
    price = quote(meters)
    assert type(price) is int
    assert 0 <= price - exact < 1


def test_without_a_price_of_its_own_input_put_into_the_cache_costs_a_quarter_more():
    book = PriceBook(
        parse_prices(json.dumps({"prices": [entry("9", "2026-01-01", input_per_million="2")]}), "own.json")
    )
    assert quote(Meters("openai", "m", input_tokens=1_000, cache_write_tokens=1_000), book=book) == 2_500
