"""`ytempire up --domain`: what Caddy is told, and, where YTEMPIRE_CADDY names a Caddy, people coming by https."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import ssl
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.stories.test_command_line_processes import Start, ended, first_line, left_of, start
from ytempire.kit.errors import BadInput, NotConfigured
from ytempire.kit.settings import Settings
from ytempire.local.addresses import free_port
from ytempire.local.caddy import SITE, Site, caddyfile, in_front, site_of

__all__ = ["start"]
STREAM = {"Accept": "text/event-stream"}
CADDY = os.environ.get("YTEMPIRE_CADDY")


@pytest.fixture(scope="module")
def state(services_dir: Path) -> Path:
    """The state folder of this module's commands."""
    return services_dir / "up-domain"


def test_a_domain_is_a_name_with_or_without_a_port() -> None:
    assert site_of(" Studio.Example.org ") == Site("studio.example.org", 443)
    assert site_of("localhost:8443") == Site("localhost", 8443)
    assert (site_of("a.b-c.example:444").url, site_of("a.example").url) == (
        "https://a.b-c.example:444",
        "https://a.example",
    )
    assert [site_of(name).only_here for name in ("localhost", "a.localhost", "notlocalhost.org")] == [True, True, False]


@pytest.mark.parametrize(
    "domain",
    [
        "studio", "https://studio.example.org", "studio.example.org/", "*.example.org", "127.0.0.1", "[::1]:8443",
        "a..b", "-a.org", "a.org:", "a.org:0", "a.org:65536", "a.org:٣", "a.org:1:2", "münchen.example", "a b.org",
        "a.org {\n respond x\n}", "a.org,b.org", "{$HOME}.org", "a" * 64 + ".org", "a." * 130 + "org", ".", "",
    ],
)  # fmt: skip
def test_nothing_else_is_put_into_a_configuration(domain: str) -> None:
    with pytest.raises(BadInput, match="no name of a host"):
        site_of(domain)


def test_caddy_gets_the_site_that_deploy_has_and_can_not_be_reconfigured() -> None:
    public, own_port, here = (caddyfile(site_of(name)) for name in ("a.example", "a.example:8443", "localhost:8443"))
    for told in (public, own_port, here):
        assert told.endswith(SITE.read_text())
        assert "\tadmin off\n" in told
        assert "\tskip_install_trust\n" in told
    assert ["disable_redirects" in told for told in (public, own_port, here)] == [False, True, True]
    assert ["default_bind 127.0.0.1" in told for told in (public, own_port, here)] == [False, False, True]
    assert site_of("a.example").ports == (443, 80)
    assert re.search(r"flush_interval -1\n", SITE.read_text())


def test_the_web_server_is_reached_through_caddy_only(tmp_path: Path) -> None:
    program = tmp_path / "caddy"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    port = free_port()
    given = Settings(state_dir=tmp_path / "state", caddy=program, web_host="0.0.0.0", web_proxies="10.0.0.1")
    assert in_front(given, None) == (given, None)
    settings, front = in_front(given, f"localhost:{port}")
    assert front is not None
    assert (settings.web_url, settings.web_host, settings.web_proxies) == (
        f"https://localhost:{port}", "127.0.0.1", "127.0.0.1",
    )  # fmt: skip
    assert front.env["YTEMPIRE_WEB"] == f"127.0.0.1:{settings.web_port}"
    assert (front.env["YTEMPIRE_DOMAIN"], front.port, front.binary) == (f"localhost:{port}", port, program)
    assert {front.env[name] for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")} == {str(tmp_path / "state/caddy")}


def test_what_is_missing_or_in_the_way_is_named_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="is no program") as missing:
        in_front(Settings(state_dir=tmp_path, caddy=tmp_path / "none"), "localhost:8443")
    assert (missing.value.field, "apt install caddy" in (missing.value.fix or "")) == ("YTEMPIRE_CADDY", True)
    shell = Settings(state_dir=tmp_path, caddy=Path("/bin/sh"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(BadInput, match=rf"for https is taken by process {os.getpid()}"):
            in_front(shell, f"localhost:{other.getsockname()[1]}")
    elsewhere = shell.model_copy(update={"web_url": "https://other.example"})
    with pytest.raises(BadInput, match=r"other\.example") as disagree:
        in_front(elsewhere, f"localhost:{free_port()}")
    assert disagree.value.field == "YTEMPIRE_WEB_URL"
    assert not (tmp_path / "caddy").exists()


@pytest.mark.skipif(not CADDY, reason="YTEMPIRE_CADDY names no Caddy")
async def test_people_come_by_https_and_nothing_is_left(start: Start, state: Path) -> None:
    port = free_port()
    url = f"https://localhost:{port}"
    up = start("up", "--rehearsal", "--domain", f"localhost:{port}")
    assert f"{url}/" in first_line(up, "the web server answers")
    home = state / "rehearsal" / "caddy"
    trusts = ssl.create_default_context(cafile=str(next(home.rglob("root.crt"))))
    code, out, _ = ended(start("operator", "create", "op@example.org", "--rehearsal"))
    link = re.search(rf"{url}/join/(\S+)", out)
    assert (code, bool(link)) == (0, True), out
    assert link
    async with httpx.AsyncClient(base_url=url, verify=trusts, headers={"Sec-Fetch-Site": "same-origin"}) as browser:
        assert (await browser.get("/health/ready")).json() == {"database": "ok", "valkey": "ok"}
        went = await browser.get(f"/join/{link[1]}")
        cookie = went.headers["set-cookie"]
        assert (went.status_code, cookie.startswith("__Host-ytempire_join="), "Secure" in cookie) == (303, True, True)
        form = {"name": "Op", "password": "plum orbit canvas nine", "time_zone": "UTC"}
        assert (await browser.post("/join", data=form)).status_code == 303
        assert "op@example.org" in (await browser.get("/account")).text
        big = b"x" * 20_000_000
        made = await browser.post("/api/v1/channels", json={"handle": "sea", "name": "Sea", "niche": "the deep sea"})
        sent = await browser.post(f"/api/v1/channels/{made.json()['id']}/media", content=big, timeout=60)
        assert (sent.status_code, sent.headers["content-type"]) == (422, "application/problem+json"), sent.text

        async with browser.stream("GET", "/api/v1/events", headers=STREAM, timeout=30) as stream:
            lines = stream.aiter_lines()
            first = await asyncio.wait_for(anext(lines), 10)
            assert first.startswith((":", "id:", "event:", "data:", "retry:")), first
            caddy = caddy_of(up.pid)
            caddy.kill()
            with pytest.raises((httpx.HTTPError, StopAsyncIteration)):
                await asyncio.wait_for(until_ended(lines), 10)
        assert "starting it again" in first_line(up, "caddy ended")
        again = await until_answered(browser)
        assert again.json()["database"] == "ok"

        async with browser.stream("GET", "/api/v1/events", headers=STREAM, timeout=30) as stream:
            await asyncio.wait_for(anext(stream.aiter_lines()), 10)
            began = time.monotonic()
            up.send_signal(signal.SIGTERM)
            assert (await asyncio.to_thread(ended, up))[0] == 0
            assert time.monotonic() - began < 15, "an open stream must not hold up the stop"
    assert left_of(state) == []
    assert home.stat().st_mode & 0o077 == 0


async def until_ended(lines: AsyncIterator[str]) -> None:
    while True:
        await anext(lines)


def caddy_of(pid: int) -> psutil.Process:
    return next(child for child in psutil.Process(pid).children(recursive=True) if "caddy" in child.cmdline()[0])


async def until_answered(browser: httpx.AsyncClient) -> httpx.Response:
    async with asyncio.timeout(20):
        while True:
            try:
                return await browser.get("/health/ready")
            except httpx.TransportError:
                await asyncio.sleep(0.1)
