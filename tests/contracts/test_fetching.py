"""Fetching what users point at, against a real server on loopback: bounded in time and bytes, whatever it does."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.contracts.fetch_server import FetchServer, serving
from ytempire.kit.clock import stopwatch_s
from ytempire.kit.http import Fetched, Fetcher, FetchRefused

HOST = "feeds.example.org"


async def here(host: str, _port: int) -> list[str]:
    """The one name that resolves leads to this machine."""
    assert host == HOST
    return ["127.0.0.1"]


FETCHER = Fetcher(here, permits=lambda address: address.is_loopback, deadline_s=20)


@pytest.fixture
async def server() -> AsyncIterator[FetchServer]:
    async with serving() as running:
        yield running


async def fetched(
    server: FetchServer, path: str = "/", fetcher: Fetcher = FETCHER, most_bytes: int = 10_000
) -> Fetched:
    return await fetcher.get(
        f"http://{HOST}:{server.port}{path}", field="url", media_types={"application/rss+xml"}, most_bytes=most_bytes
    )


async def reason(server: FetchServer, path: str = "/", **more: int) -> str:
    with pytest.raises(FetchRefused) as refused:
        await fetched(server, path, **more)
    assert refused.value.field == "url"
    assert refused.value.fix
    return refused.value.reason


async def test_the_connection_goes_to_the_checked_address_under_the_name(server: FetchServer) -> None:
    server.says("/feed?a=1", b"<rss/>", content_type="Application/RSS+XML; charset=utf-8")
    assert await fetched(server, "/feed?a=1") == Fetched(b"<rss/>", "application/rss+xml")
    head = server.asked[0].lower()
    assert f"host: {HOST}:{server.port}" in head
    assert "cookie" not in head
    assert "authorization" not in head


async def test_a_name_is_resolved_once_so_a_second_answer_changes_nothing(server: FetchServer) -> None:
    asked = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    server.says("/", b"<rss/>")
    assert (await fetched(server, fetcher=replace(FETCHER, resolve=rebinding))).content == b"<rss/>"
    assert asked == [HOST]


async def test_the_next_address_is_tried_where_one_does_not_answer(server: FetchServer) -> None:
    async def two(_host: str, _port: int) -> list[str]:
        return ["::1", "127.0.0.1"]  # the server listens on the second only

    server.says("/", b"<rss/>")
    assert (await fetched(server, fetcher=replace(FETCHER, resolve=two))).content == b"<rss/>"


async def test_the_certificate_is_that_of_the_name(tmp_path: Path) -> None:
    served, trusting = certificate(tmp_path, HOST)
    async with serving(served) as server:
        server.says("/", b"<rss/>")
        url = f"https://{HOST}:{server.port}/"
        ask = {"field": "url", "media_types": {"application/rss+xml"}, "most_bytes": 99}
        got = await replace(FETCHER, tls=trusting).get(url, **ask)
        assert got.content == b"<rss/>"
        with pytest.raises(FetchRefused, match="CERTIFICATE_VERIFY_FAILED"):
            await FETCHER.get(url, **ask)
    other, _ = certificate(tmp_path, "other.example.org")
    async with serving(other) as server:
        with pytest.raises(FetchRefused, match="certificate"):
            await replace(FETCHER, tls=trusting).get(f"https://{HOST}:{server.port}/", **ask)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent", "300 Many"])
async def test_a_redirect_to_a_metadata_address_is_not_followed(server: FetchServer, status: str) -> None:
    server.says("/", status=status, location="http://169.254.169.254/latest/meta-data/")
    assert await reason(server) == "redirect"
    assert len(server.asked) == 1


async def test_a_drip_ends_at_the_deadline(server: FetchServer) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\n\r\n")
        while True:
            writer.write(b"<")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def dripping_head(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"x: y\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def silence(_writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    server.answers = {"/body": drip, "/head": dripping_head, "/silence": silence}
    began_s = stopwatch_s()
    fast = replace(FETCHER, deadline_s=0.6)
    for path in server.answers:
        with pytest.raises(FetchRefused, match=r"not done within 0\.6 seconds") as refused:
            await fetched(server, path, fast)
        assert refused.value.reason == "deadline"
    assert stopwatch_s() - began_s < 20  # a silence alone would last 30


async def test_a_resolver_that_hangs_ends_at_the_deadline(server: FetchServer) -> None:
    async def hanging(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(30)
        return []

    with pytest.raises(FetchRefused, match="not done within"):
        await fetched(server, fetcher=replace(FETCHER, resolve=hanging, deadline_s=0.2))


async def test_300_mb_are_refused_by_their_length_or_while_they_come(server: FetchServer) -> None:
    size = 300_000_000

    async def huge(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\ntransfer-encoding: chunked\r\n\r\n")
        block = b" " * 100_000
        while server.sent < size:
            writer.write(b"186a0\r\n" + block + b"\r\n")
            await writer.drain()
            server.sent += len(block)

    async def only_said(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\ncontent-length: {size}\r\n\r\n".encode())
        await writer.drain()

    server.answers = {"/": huge, "/said": only_said}
    before = psutil.Process().memory_info().rss
    assert await reason(server, most_bytes=1_000_000) == "too_big"
    assert await reason(server, "/said", most_bytes=1_000_000) == "too_big"
    assert server.sent < 20_000_000
    assert psutil.Process().memory_info().rss - before < 50_000_000


async def test_what_is_packed_unasked_is_unpacked_up_to_the_cap(server: FetchServer) -> None:
    server.says("/", gzip.compress(b"<rss/>"), content_encoding="gzip")
    assert (await fetched(server)).content == b"<rss/>"
    server.says("/bomb", gzip.compress(b" " * 300_000_000), content_encoding="gzip")
    before = psutil.Process().memory_info().rss
    assert await reason(server, "/bomb", most_bytes=1_000_000) == "too_big"
    assert psutil.Process().memory_info().rss - before < 50_000_000
    server.says("/broken", b"\x1f\x8bnonsense", content_encoding="gzip")
    server.says("/other", b"x", content_encoding="br")
    assert [await reason(server, path) for path in ("/broken", "/other")] == ["encoding", "encoding"]


async def test_other_types_and_statuses_are_refused_with_the_reason(server: FetchServer) -> None:
    server.says("/page", b"<html>", content_type="text/html")
    server.says("/none", b"x", content_type="")
    server.says("/gone", b"", status="404 Not Found")
    server.says("/fault", b"", status="500 Oops")
    assert [await reason(server, path) for path in ("/page", "/none", "/gone", "/fault")] == [
        "media_type", "media_type", "status", "status",
    ]  # fmt: skip


async def test_a_broken_answer_is_unreachable(server: FetchServer) -> None:
    async def nonsense(writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\x01\x02 nonsense\r\n\r\n")

    async def cut(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\ncontent-length: 50\r\n\r\nhalf")

    async def endless_head(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 2_000_000 + b"\r\n\r\n")
        await writer.drain()

    server.answers = {"/nonsense": nonsense, "/cut": cut, "/head": endless_head}
    for path in ("/nonsense", "/cut", "/head", "/nothing"):
        assert await reason(server, path) == "unreachable"


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's side of a certificate for this name, made for the test."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{name}.pem", folder / f"{name}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(public, private)
    return server, ssl.create_default_context(cafile=str(public))
