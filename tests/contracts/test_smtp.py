"""The SMTP adapter against a real server on loopback: what arrives, and every way it may not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contracts.mail_server import mail_server
from ytempire.accounts.ports import Letter
from ytempire.kit.errors import BadInput, VendorRefused
from ytempire.providers.smtp import SmtpPost, post_of

LETTER = Letter("ada@example.org", "Grüße", "Öffne: https://studio.example.org/join/TOKEN\n.\nEnde\n")


async def test_a_letter_arrives_whole(tmp_path: Path) -> None:
    async with mail_server() as box:
        await post_of(f"smtp://127.0.0.1:{box.port}", "Studio <studio@example.org>").send(LETTER)
    (got,) = box.letters
    assert (got["To"], got["From"], got["Subject"]) == (LETTER.to, "Studio <studio@example.org>", "Grüße")
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_content().replace("\r\n", "\n") == LETTER.text


async def test_with_starttls_and_a_password_and_not_without(tmp_path: Path) -> None:
    async with mail_server(tmp_path) as box:
        right = replace(post_of(f"smtp://ada:secret@127.0.0.1:{box.port}", "s@example.org"), trusts=box.trusts)
        await right.send(LETTER)
        assert len(box.letters) == 1
        for wrong, said in (
            (replace(right, password="other"), "535"),
            (replace(right, user=""), "530"),
            (post_of(f"smtp://ada:secret@127.0.0.1:{box.port}", "s@example.org"), "CERTIFICATE"),
        ):
            with pytest.raises(VendorRefused, match=said) as refused:
                await wrong.send(LETTER)
            assert "secret" not in str(refused.value) + repr(wrong)
    assert len(box.letters) == 1


async def test_what_goes_wrong_is_said_in_bounded_time() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with mail_server() as box:
        post = post_of(f"smtp://127.0.0.1:{box.port}", "s@example.org")
        with pytest.raises(VendorRefused, match="550 no such mailbox") as refused:
            await post.send(replace(LETTER, to="nobody@example.org"))
        assert "hand the link out" in (refused.value.fix or "")
        with pytest.raises(VendorRefused):
            await post.send(replace(LETTER, subject="a\nBcc: everybody@example.org"))
        assert box.letters == []
    with pytest.raises(VendorRefused, match="refused"):
        await post.send(LETTER)
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        with pytest.raises(VendorRefused, match="did not answer in time"):
            async with asyncio.timeout(16):
                await SmtpPost("127.0.0.1", server.sockets[0].getsockname()[1], "s@example.org").send(LETTER)


@pytest.mark.parametrize(
    ("url", "sender", "field"),
    [
        ("mail.example.org", "s@example.org", "YTEMPIRE_SMTP_URL"),
        ("http://mail.example.org", "s@example.org", "YTEMPIRE_SMTP_URL"),
        ("smtp://[::1", "s@example.org", "YTEMPIRE_SMTP_URL"),
        ("smtp://h:99999", "s@example.org", "YTEMPIRE_SMTP_URL"),
        ("smtp://h", "studio", "YTEMPIRE_MAIL_FROM"),
        ("smtp://h", "s@example.org\nBcc: x@example.org", "YTEMPIRE_MAIL_FROM"),
    ],
)
def test_an_address_that_is_none_is_refused_at_start(url: str, sender: str, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        post_of(url, sender)
    assert refused.value.field == field


def test_ports_and_quoting() -> None:
    post = post_of("smtps://a%40b:p%2Fw@h", "s@e.org")
    assert (post.user, post.password, post.port, post.tls_from_start) == ("a@b", "p/w", 465, True)
    assert (post_of("smtp://h", "s@e.org").port, post_of("smtp://h:2525", "s@e.org").port) == (587, 2525)
