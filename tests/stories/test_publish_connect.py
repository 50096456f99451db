"""Connecting a channel: the real consent code against the sandbox's OAuth server."""

from __future__ import annotations

import asyncio
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.contracts.running_sandbox import RunningSandbox
from ytempire.accounts import TenantKeys, ensure_local_user
from ytempire.channels import (
    ConsentRefused,
    Credentials,
    connect_channel,
    create_channel,
    disconnect_channel,
    find_connection,
)
from ytempire.channels.model import Channel
from ytempire.kit.clock import SystemClock
from ytempire.kit.errors import BadInput, NotConfigured, VendorRefused
from ytempire.kit.ids import new_id
from ytempire.providers.youtube import Endpoints, GoogleConsent, YouTubeChannels, connect_stand_in

CLOCK = SystemClock()
CLIENT = {"client_id": "77-x.apps.googleusercontent.com", "client_secret": "sandbox-secret"}


@pytest.fixture(scope="module")
def sandbox_process(tmp_path_factory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def sandbox(sandbox_process) -> RunningSandbox:
    sandbox_process.calm()
    return sandbox_process


@pytest.fixture
def endpoints(sandbox) -> Endpoints:
    return Endpoints.at(f"{sandbox.url}/google/")


@pytest.fixture
async def channel(database) -> Channel:
    user = await ensure_local_user(database, CLOCK)
    return await create_channel(database, CLOCK, Channel(new_id(), user.id, "deep-sea", "Deep Sea"))


@pytest.fixture
def credentials(database) -> Credentials:
    return Credentials(database, TenantKeys(b"k" * 32, CLOCK), CLOCK)


def browser(**choices: str) -> Callable[[str], None]:
    """An owner who opens the page and chooses; like a browser, it first looks for an icon where it was sent."""

    def show(address: str) -> None:
        def visit() -> None:
            back = parse_qs(urlsplit(address).query)["redirect_uri"][0]
            for stray in ("favicon.ico", "?state=guessed&code=forged", "?code=none"):
                with pytest.raises(urllib.error.HTTPError):
                    urllib.request.urlopen(back + stray, timeout=5)
            with urllib.request.urlopen(f"{address}&{urlencode(choices)}", timeout=5) as page:
                page.read()

        threading.Thread(target=visit, daemon=True).start()

    return show


def consent(endpoints: Endpoints, **said) -> GoogleConsent:
    return GoogleConsent(**(CLIENT | {"endpoints": endpoints, "clock": CLOCK, "wait_s": 10.0} | said))


async def test_the_owner_picks_a_channel_and_the_token_serves(channel, credentials, endpoints):
    addresses = []

    def show(address: str) -> None:
        addresses.append(address)
        browser(sandbox_channel="Picked")(address)

    made = await connect_channel(channel, consent(endpoints), credentials, show)
    assert (made.title, made.platform, made.broken) == ("Picked", "sandbox", "")
    asked = parse_qs(urlsplit(addresses[0]).query)
    assert asked["prompt"] == ["consent select_account"]
    assert asked["access_type"] == ["offline"]
    assert asked["code_challenge_method"] == ["S256"]
    platforms = YouTubeChannels(credentials=credentials, endpoints=endpoints, clock=CLOCK, **CLIENT)
    assert (await (await platforms.of(channel)).own_channel())[1] == "Picked"


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"sandbox_deny": "1"}, "you denied the access"),
        ({"sandbox_channel": "P", "sandbox_scopes": "https://www.googleapis.com/auth/youtube.upload"},
         r"youtube\.force-ssl was not granted.*tick every box"),
    ],
)  # fmt: skip
async def test_what_the_owner_does_not_grant_is_named(channel, credentials, endpoints, database, choices, said):
    with pytest.raises(ConsentRefused, match=said):
        await connect_channel(channel, consent(endpoints), credentials, browser(**choices))
    assert await find_connection(database, channel.user_id, channel.id) is None


async def test_nobody_comes(channel, credentials, endpoints):
    with pytest.raises(ConsentRefused, match="within 0 s"):
        await connect_channel(channel, consent(endpoints, wait_s=0.1), credentials, lambda _address: None)


async def test_a_wrong_client_is_named(channel, credentials, endpoints):
    with pytest.raises(BadInput, match="YTEMPIRE_GOOGLE_CLIENT_ID"):
        await connect_channel(
            channel, consent(endpoints, client_secret="wrong"), credentials, browser(sandbox_channel="P")
        )
    with pytest.raises(NotConfigured, match=r"connect-youtube\.md"):
        consent(endpoints, client_id="")


@pytest.mark.parametrize("fault", ["answer_lost", "html_200", "hang", "server_error", "redirect", "invalid_grant"])
async def test_a_code_that_is_not_answered_for_connects_nothing(
    channel, credentials, endpoints, sandbox, database, fault
):
    sandbox.fault("google", "oauth.token", fault)
    with pytest.raises((ConsentRefused, VendorRefused)):
        await connect_channel(channel, consent(endpoints, exchange_s=0.5), credentials, browser(sandbox_channel="P"))
    assert await find_connection(database, channel.user_id, channel.id) is None


async def test_rehearsal_connects_by_itself_and_once(channel, credentials, endpoints):
    first = await connect_stand_in(channel, credentials, endpoints)
    assert first.title == "Deep Sea"
    _, token = await credentials.reveal(channel)
    assert await connect_stand_in(channel, credentials, endpoints) == first
    assert (await credentials.reveal(channel))[1] == token
    with pytest.raises(ValueError, match="sandbox"):
        await connect_stand_in(channel, credentials, Endpoints())


async def nothing_kept(_channel: Channel) -> None:
    """This channel published nothing."""


async def test_disconnect_revokes_first_and_forgets_then(channel, credentials, endpoints, sandbox, database):
    await connect_stand_in(channel, credentials, endpoints)
    _, token = await credentials.reveal(channel)
    sandbox.fault("google", "oauth.revoke", "server_error")
    with pytest.raises(VendorRefused):
        await disconnect_channel(channel, consent(endpoints), credentials, nothing_kept)
    assert await find_connection(database, channel.user_id, channel.id) is not None
    assert await disconnect_channel(channel, consent(endpoints), credentials, nothing_kept)
    assert await find_connection(database, channel.user_id, channel.id) is None
    await consent(endpoints).revoke(token)  # once more is no error
    assert not await disconnect_channel(channel, consent(endpoints), credentials, nothing_kept)


async def test_two_owners_connect_at_once(database, credentials, endpoints):
    user = await ensure_local_user(database, CLOCK)
    channels = [await create_channel(database, CLOCK, Channel(new_id(), user.id, f"c{i}", f"C {i}")) for i in range(3)]
    made = await asyncio.gather(
        *(connect_channel(c, consent(endpoints), credentials, browser(sandbox_channel=c.name)) for c in channels)
    )
    assert [link.title for link in made] == ["C 0", "C 1", "C 2"]


@pytest.mark.parametrize("root", ["http://example.org/", "ftp://127.0.0.1/", "youtube.googleapis.com", ""])
def test_tokens_go_nowhere_in_plain_text(root):
    with pytest.raises(BadInput, match="YTEMPIRE_YOUTUBE_ROOT_URL"):
        Endpoints.at(root)


@pytest.mark.parametrize(
    ("root", "stand_in"),
    [
        ("https://youtube.googleapis.com", False), ("https://www.googleapis.com/", False),
        ("http://127.0.0.1:1/google/", True), ("https://sandbox.example.org/", True),
        ("https://youtube.googleapis.com.example.org/", True),
    ],
)  # fmt: skip
def test_only_google_is_google(root, stand_in):
    assert Endpoints.at(root).stand_in is stand_in
