"""What everybody stands on: ids, hashes, sealing, errors, the clock, settings, database addresses."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytempire.kit import crypto
from ytempire.kit.clock import SetClock, SystemClock
from ytempire.kit.database import shown
from ytempire.kit.errors import BadInput, YtempireError
from ytempire.kit.ids import content_hash, new_id
from ytempire.kit.settings import read_settings

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_ids_are_version_7_and_sort_by_time() -> None:
    first = [new_id() for _ in range(50)]
    time.sleep(0.002)
    later = [new_id() for _ in range(50)]
    assert max(first) < min(later)
    assert len({*first, *later}) == 100
    assert all((one.version, one.variant) == (7, "specified in RFC 4122") for one in first)
    assert abs((first[0].int >> 80) / 1000 - time.time()) < 60


@given(st.dictionaries(st.text(), json_values, max_size=5))
def test_a_content_hash_knows_no_order_of_keys(value: dict[str, object]) -> None:
    assert content_hash(value) == content_hash(dict(reversed(value.items())))


def test_a_content_hash_tells_contents_apart() -> None:
    told = [content_hash(value) for value in ("1", 1, [1], {"a": 1}, {"a": "1"}, None, "é", "e\u0301")]
    assert len(set(told)) == len(told)


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_was_sealed_comes_back_only_in_its_place(plain: bytes, where: bytes) -> None:
    key = crypto.new_key()
    sealed = crypto.seal(key, plain, where)
    assert crypto.unseal(key, sealed, where) == plain
    assert crypto.seal(key, plain, where) != sealed, "a nonce is used once"
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for wrong_key, wrong_sealed, wrong_where in (
        (crypto.new_key(), sealed, where),
        (key, flipped, where),
        (key, sealed, where + b"x"),
        (key, sealed[:5], where),
        (key, b"", where),
    ):
        with pytest.raises(crypto.Undecryptable):
            crypto.unseal(wrong_key, wrong_sealed, wrong_where)


def test_a_place_names_tenant_table_column_and_row() -> None:
    here = {"tenant": 1, "table": "t", "column": "c", "row": 2}
    places = {crypto.place(**here), *(crypto.place(**{**here, part: 9}) for part in here)}
    assert len(places) == 5


def test_the_wrapping_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "wrapping.key"
    key = crypto.wrapping_key(file)
    assert crypto.wrapping_key(file) == key
    assert len(key) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    for damaged in ("00ff", "not a key", ""):
        file.write_text(damaged)
        with pytest.raises(crypto.Undecryptable, match=r"does not hold a 256-bit key\. Put the right file back"):
            crypto.wrapping_key(file)


def test_an_error_names_field_cause_and_mend() -> None:
    error = BadInput("is no number", field="minutes", fix="Write 1 to 10.")
    assert str(error) == "minutes: is no number. Write 1 to 10."
    assert error.code == "bad_input"
    assert str(YtempireError("why?", fix="So.")) == "why? So."
    assert str(YtempireError("bare")) == "bare"
    assert YtempireError("x", code="other").code == "other"


def test_the_clock_is_in_utc_and_can_be_set() -> None:
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    then = datetime(2030, 1, 1, tzinfo=UTC)
    assert SetClock(then).now() is then


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("YTEMPIRE_RENDER_SLOTS", "many", "YTEMPIRE_RENDER_SLOTS: .*valid integer"),
        ("YTEMPIRE_RENDER_SLOTS", "0", "YTEMPIRE_RENDER_SLOTS: .*greater than or equal to 1"),
        ("YTEMPIRE_VIDEO_CAP_USD", "three", "YTEMPIRE_VIDEO_CAP_USD: 'three' is no amount of dollars"),
        ("YTEMPIRE_VIDEO_CAP_USD", "NaN", "YTEMPIRE_VIDEO_CAP_USD: 'NaN' is no amount of dollars"),
        ("YTEMPIRE_VIDEO_CAP_USD", "-1", "YTEMPIRE_VIDEO_CAP_USD: '-1' is no amount of dollars from 0"),
        ("YTEMPIRE_PLATFORM_DAY_CAP_USD", "0.0000001", "YTEMPIRE_PLATFORM_DAY_CAP_USD: .*exact to a millionth"),
        ("YTEMPIRE_MONEY_DAY_ZONE", "Mars/Phobos", "YTEMPIRE_MONEY_DAY_ZONE: 'Mars/Phobos' is no time zone"),
        ("YTEMPIRE_MONEY_DAY_ZONE", "../etc/passwd", "YTEMPIRE_MONEY_DAY_ZONE: .* is no time zone"),
        ("YTEMPIRE_SANDBOX_URL", "localhost:80", "YTEMPIRE_SANDBOX_URL: 'localhost:80' is no address"),
        ("OPENAI_BASE_URL", "file:///etc/passwd", "OPENAI_BASE_URL: .* is no address"),
        ("YTEMPIRE_STATEDIR", "/x", r"YTEMPIRE_STATEDIR: there is no such setting\. Did you mean YTEMPIRE_STATE_DIR\?"),
        ("YTEMPIRE__", "1", "YTEMPIRE__: there is no such setting"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadInput, match=f"^{says}"):
        read_settings()


def test_settings_have_defaults_and_an_empty_one_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in list(os.environ):
        if variable.startswith("YTEMPIRE_"):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hidden")
    settings = read_settings()
    assert settings.database_url is None
    assert "sk-hidden" not in repr(settings)


@pytest.mark.parametrize(
    "amount",
    [
        "1e30",
        "-1",
        "NaN",
        "sNaN",
        "Infinity",
        "1e999999999",
        "3,00",
        "1e-999999999",
        "0.0000001",
        "1000001",
    ],
)
def test_an_absurd_cap_names_its_setting(monkeypatch: pytest.MonkeyPatch, amount: str) -> None:
    for variable in ("YTEMPIRE_VIDEO_CAP_USD", "YTEMPIRE_PLATFORM_DAY_CAP_USD", "YTEMPIRE_PROCESSING_USD_PER_CPU_HOUR"):
        with monkeypatch.context() as patched:
            patched.setenv(variable, amount)
            with pytest.raises(BadInput, match=f"^{variable}: .*no amount of dollars"):
                read_settings()


SENDS = "OPENAI_BASE_URL"


@pytest.mark.parametrize(
    "address",
    ["https://api.example.org/v1", "http://127.0.0.1:11434/v1", "http://localhost:8000", "http://[::1]:8000/v1"],
)
def test_https_and_this_machine_need_no_leave(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(SENDS, address)
    assert read_settings().openai_base_url == address


@pytest.mark.parametrize("variable", [SENDS, "YTEMPIRE_ELEVENLABS_BASE_URL", "YTEMPIRE_SANDBOX_URL"])
def test_plain_http_goes_to_hosts_of_ones_own_that_are_named(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    for host, named in (
        ("192.168.1.7", "192.168.1.7"),
        ("ollama", "gpu.lan, Ollama"),
        ("[fd00::1]", "fd00::1"),
        ("100.64.0.9", "100.64.0.9"),
    ):
        monkeypatch.setenv(variable, f"http://{host}:11434/v1")
        monkeypatch.delenv("YTEMPIRE_PLAIN_HTTP_HOSTS", raising=False)
        with pytest.raises(BadInput, match=f"^{variable}: .*without encryption.*YTEMPIRE_PLAIN_HTTP_HOSTS="):
            read_settings()
        monkeypatch.setenv("YTEMPIRE_PLAIN_HTTP_HOSTS", named)
        read_settings()


@pytest.mark.parametrize(
    "address",
    [
        "http://8.8.8.8/v1", "http://127.0.0.1@8.8.8.8/", "http://api.openai.com/v1", "http://127.0.0.1.example.org/",
        "http://localhost.example.org", "http://2130706433/", "http://[2001:4860:4860::8888]/", "http://[::ffff:8.8.8.8]/",
        "http://", "ftp://127.0.0.1/", "http://127.0.0.1\\@example.org/", "http://127.0.0.1:99999/", "http://[::1", "http:///v1",
        "http://127.0.0.1 .example.org", "http://１２７.0.0.1/", "//127.0.0.1/",
    ],
)  # fmt: skip
def test_keys_and_texts_go_nowhere_in_the_clear(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(
        "YTEMPIRE_PLAIN_HTTP_HOSTS", "8.8.8.8, 2001:4860:4860::8888, ::ffff:8.8.8.8, ::ffff:808:808"
    )  # a public address is nobody's own
    monkeypatch.setenv(SENDS, address)
    with pytest.raises(BadInput, match=f"^{SENDS}: "):
        read_settings()


def test_an_address_is_shown_without_its_password() -> None:
    assert shown("postgresql://app:hidden@db.example:6543/ytempire") == "app@db.example:6543/ytempire"
    assert shown("host=db.example password=hidden") == "db.example:5432/"
    assert "hidden" not in shown("mysql://app:hidden@db/x")
