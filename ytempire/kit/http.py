"""The one way out for addresses that users give: a fetch can neither reach inside nor hold up or fill a process.

A name is resolved once, every address it has is checked, and the connection goes to one of these very addresses, with
the name as Host and SNI: what a second resolution would say doesn't matter. No redirects, no proxies, a deadline over
all, a cap on bytes while they come in.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

import httpx

from ytempire.kit.errors import YtempireError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""(host, port) to addresses as text. Raises OSError."""

MOST_URL_CHARACTERS = 2_000
_CONNECT_S = 5.0
"""For one of a name's addresses; then the next one is tried."""
# Public by the registry's letter, and still no place to fetch from (RFC 6890 and its successors; anycast, translation
# and tunnels that end wherever an operator lets them; a cloud's metadata on a public number).
_NEVER = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's host services
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is routed; loopback, mapped, translated (64:ff9b::/96), link- and site-local lie outside."""
_ISATAP = {0x00005EFE, 0x02005EFE}


class FetchRefused(YtempireError):  # noqa: N818
    """Nothing was taken from there; `reason` says in a word why."""

    code = "fetch_refused"

    def __init__(self, message: str, *, reason: str, field: str, fix: str) -> None:
        super().__init__(message, field=field, fix=fix)
        self.reason = reason


@dataclass(frozen=True)
class Fetched:
    """What came."""

    content: bytes
    media_type: str
    """Without its parameters, in small letters."""


def is_public(address: Address) -> bool:
    """Whether this is an address of the public internet that nobody uses for anything else."""
    if any(address in net for net in _NEVER if net.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global
    tunnelled = int(address) >> 32 & 0xFFFFFFFF in _ISATAP
    return address in _UNICAST and address.is_global and address.scope_id is None and not tunnelled


async def system_resolve(host: str, port: int) -> list[str]:
    """What this machine's resolver says."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Fetcher:
    """Fetches what users point at. What it may reach and how names are resolved are parts: tests give others."""

    resolve: Resolve = system_resolve
    permits: Callable[[Address], bool] = is_public
    deadline_s: float = 20.0
    """From the first look at the name to the last byte."""
    tls: ssl.SSLContext | None = None
    """None: the usual authorities."""

    async def get(self, url: str, *, field: str, media_types: Collection[str], most_bytes: int) -> Fetched:
        """GET. Raises FetchRefused with the reason, in bounded time and memory."""

        async def take(answer: httpx.Response, refuse: _Refusal) -> Fetched:
            return Fetched(*await _read(answer, refuse, media_types, most_bytes))

        return await self._exchange("GET", url, field, {"Accept": ", ".join(media_types)}, b"", take)

    async def post(self, url: str, *, field: str, body: bytes, headers: Mapping[str, str]) -> int:
        """POST; the answer's status, whatever it is, and nothing of what it says. Raises FetchRefused."""

        async def take(answer: httpx.Response, _refuse: _Refusal) -> int:
            return answer.status_code

        return await self._exchange("POST", url, field, headers, body, take)

    def require_address(self, url: str, *, field: str) -> None:
        """Raise FetchRefused for what is no address, or one in figures that may not be reached."""
        refuse = _Refusal(field, url)
        host = _parsed(url, refuse).host
        with suppress(ValueError):
            if not self.permits(ipaddress.ip_address(host)):
                raise refuse("private_address", f"leads to {host}, which is no address of the public internet")

    async def _exchange(
        self, method: str, url: str, field: str, headers: Mapping[str, str], body: bytes, take: _Take[T]
    ) -> T:
        refuse = _Refusal(field, url)
        try:
            async with asyncio.timeout(self.deadline_s):
                return await self._ask(method, url, refuse, headers, body, take)
        except TimeoutError as error:
            raise refuse("deadline", f"was not done within {self.deadline_s:g} seconds") from error
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            raise refuse("unreachable", f"can't be read: {str(error)[:200] or type(error).__name__}") from error

    async def _ask(
        self, method: str, url: str, refuse: _Refusal, more: Mapping[str, str], body: bytes, take: _Take[T]
    ) -> T:
        target = _parsed(url, refuse)
        host = target.raw_host.decode()
        port = target.port or (443 if target.scheme == "https" else 80)
        addresses = await self._checked(host, port, refuse)
        headers = {
            "Host": target.netloc.decode(),
            "User-Agent": "ytempire",
            "Accept-Encoding": "identity",
            **more,
        }
        # no proxy from the environment, no cookies, no connection kept: each fetch stands alone
        async with httpx.AsyncClient(verify=self.tls or True, trust_env=False, timeout=self.deadline_s) as client:
            for last, address in enumerate(addresses, 1 - len(addresses)):
                at = target.copy_with(host=address, port=port)
                named = client.build_request(
                    method, at, headers=headers, content=body or None, extensions={"sni_hostname": host}
                )
                named.extensions["timeout"] = dict.fromkeys(("read", "write", "pool"), self.deadline_s) | {
                    "connect": _CONNECT_S
                }
                try:
                    answer = await client.send(named, stream=True, follow_redirects=False)
                except (httpx.ConnectError, httpx.ConnectTimeout):
                    if last == 0:
                        raise
                    continue
                try:
                    return await take(answer, refuse)
                finally:
                    await answer.aclose()
        raise AssertionError("an address list is never empty")

    async def _checked(self, host: str, port: int, refuse: _Refusal) -> list[str]:
        """The name's addresses, if every one of them may be reached."""
        try:
            addresses = await self.resolve(host.strip("[]"), port)
        except (OSError, UnicodeError) as error:
            raise refuse("unknown_host", f"has no host of this name ({host[:100]})") from error
        if not addresses:
            raise refuse("unknown_host", f"has no host of this name ({host[:100]})")
        for text in addresses:
            if not self.permits(ipaddress.ip_address(text)):
                # Which one is told only to who wrote it: names of the operator's own network would be looked up here.
                which = f"{text}, which is " if text == host.strip("[]") else ""
                raise refuse("private_address", f"leads to {which}no address of the public internet")
        return addresses


@dataclass(frozen=True)
class _Refusal:
    field: str
    url: str

    def __call__(self, reason: str, message: str) -> FetchRefused:
        fixes = {
            "redirect": "Give the address that it leads to.",
            "private_address": "Give an address that anybody on the internet can open.",
            "media_type": "Give the address of the feed itself, not of a page.",
        }
        fix = fixes.get(reason, "Open the address in a browser, and give the one that works.")
        return FetchRefused(f"{self.url[:200]!r} {message}", reason=reason, field=self.field, fix=fix)


T = TypeVar("T")
_Take = Callable[[httpx.Response, _Refusal], Awaitable[T]]


def _parsed(url: str, refuse: _Refusal) -> httpx.URL:
    """The address, if no other reader could see another host in it."""
    plain = url.isascii() and url.isprintable() and not set(url) & set(" \\")
    if not plain or len(url) > MOST_URL_CHARACTERS:
        raise refuse("no_url", "is no web address")
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise refuse("no_url", "is no web address") from error
    if target.scheme not in {"http", "https"} or not target.host:
        raise refuse("no_url", "is no web address that starts with https://")
    if target.userinfo:
        raise refuse("no_url", "holds a name or password")
    if target.port is not None and target.port not in {80, 443} and not 1024 <= target.port <= 65535:
        raise refuse("port", f"asks for port {target.port}, where no web server belongs")
    return target


async def _read(
    answer: httpx.Response, refuse: _Refusal, media_types: Collection[str], most_bytes: int
) -> tuple[bytes, str]:
    if answer.is_redirect or 300 <= answer.status_code < 400:
        where = answer.headers.get("location", "")[:200]
        raise refuse("redirect", f"redirects to {where!r}, which is not followed")
    if answer.status_code != HTTPStatus.OK:
        raise refuse("status", f"answers with {answer.status_code}")
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in media_types:
        raise refuse("media_type", f"is {media_type[:60] or 'of no type'}, not {' or '.join(sorted(media_types))}")
    said = answer.headers.get("content-length", "")
    if said.isdigit() and int(said) > most_bytes:
        raise refuse("too_big", f"has {int(said):,} bytes, the limit is {most_bytes:,}")
    content = bytearray()
    async for chunk in _unpacked(answer, refuse, most_bytes):
        content += chunk
        if len(content) > most_bytes:
            raise refuse("too_big", f"has more than {most_bytes:,} bytes")
    return bytes(content), media_type


async def _unpacked(answer: httpx.Response, refuse: _Refusal, most_bytes: int) -> AsyncIterator[bytes]:
    """The body as it was packed; from a server that packs unasked, never more than the cap and a byte at once."""
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        raise refuse("encoding", f"is packed as {encoding[:40]!r}, though it was asked for plain")
    if encoding == "identity":
        async for chunk in answer.aiter_raw():
            yield chunk
        return
    unpacker = zlib.decompressobj(wbits=31)
    async for chunk in answer.aiter_raw():
        try:
            yield unpacker.decompress(chunk, most_bytes + 1)
        except zlib.error as error:
            raise refuse("encoding", "is packed in a broken way") from error
