"""Letters over a real SMTP server: invitations, lost passwords, word of changes; and the codes for a lost app."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import psycopg
import pyotp
import pytest

from tests.contracts.mail_server import Mailbox, mail_server
from tests.web.conftest import Stage
from tests.web.test_accounts import API, PASSWORD, SAME, joined, unique_email
from ytempire.providers.smtp import post_of
from ytempire.web import create_app


@pytest.fixture
async def mailing(stage: Stage) -> AsyncIterator[tuple[Stage, Mailbox]]:
    async with mail_server() as box:
        parts = replace(stage.parts, post=post_of(f"smtp://127.0.0.1:{box.port}", "studio@example.org"))
        yield Stage(parts, create_app(parts), stage.clients), box


def link_in(box: Mailbox, letter: int = -1) -> str:
    return re.findall(r"http://127\.0\.0\.1(/\S+)", box.letters[letter].get_content())[0]


async def test_an_invitation_goes_out_and_a_failure_is_told_with_the_link(mailing: tuple[Stage, Mailbox]) -> None:
    stage, box = mailing
    _, operator = await stage.signed_in("operator")
    email = unique_email()
    made = (await operator.post(f"{API}/admin/invitations", json={"email": email})).json()
    assert (made["mail"], box.letters[0]["To"]) == ("sent", email)
    assert made["link"].endswith(link_in(box))
    failed = (await operator.post(f"{API}/admin/invitations", json={"email": "nobody@example.org"})).json()
    assert "550 no such mailbox" in failed["mail"]
    assert "/join/" in failed["link"]
    browser = stage.client(SAME)
    await browser.get(link_in(box))
    assert email in (await browser.get("/join")).text


async def test_without_a_mail_server_the_operator_hands_links_out(stage: Stage) -> None:
    _, operator = await stage.signed_in("operator")
    made = await operator.post(f"{API}/admin/invitations", json={"email": unique_email()})
    assert made.json()["mail"] == "off"
    refused = await stage.client().post(f"{API}/auth/forgot", json={"email": "a@example.org"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_configured")
    assert "Ask the operator" in (await stage.client().get("/forgot")).text


async def test_a_lost_password_is_asked_for_and_nobody_learns_who_has_an_account(
    mailing: tuple[Stage, Mailbox],
) -> None:
    stage, box = mailing
    email = unique_email()
    older, _ = await joined(stage, email)
    box.letters.clear()
    answers = []
    for address in (unique_email(), email.upper()):
        answers.append(await stage.client(SAME).post(f"{API}/auth/forgot", json={"email": address}))
        await stage.parts.later.done()  # two letters on their way at once may arrive in either order
        answers.append(await stage.client(SAME).post("/forgot", data={"email": address}))
        await stage.parts.later.done()
    assert {answer.status_code for answer in answers[::2]} == {204}
    assert answers[1].content == answers[3].content
    assert answers[0].headers.keys() == answers[2].headers.keys()
    assert [letter["To"] for letter in box.letters] == [email, email]
    browser = stage.client(SAME)
    await browser.get(link_in(box, 0))
    assert (await browser.post("/reset", data={"password": "another orbit canvas"})).status_code == 404
    await browser.get(link_in(box))
    assert (await browser.post("/reset", data={"password": "another orbit canvas"})).status_code == 303
    await stage.parts.later.done()
    assert (box.letters[-1]["To"], "password was changed" in box.letters[-1].get_content()) == (email, True)
    assert (await older.get(f"{API}/users/me")).status_code == 401
    asked = [await stage.client().post(f"{API}/auth/forgot", json={"email": email}) for _ in range(11)]
    assert [answer.status_code for answer in asked][-1] == 429


async def test_many_addresses_together_can_not_fill_a_mailbox(mailing: tuple[Stage, Mailbox]) -> None:
    stage, box = mailing
    known, unknown = unique_email(), unique_email()
    await joined(stage, known)
    box.letters.clear()
    answers: dict[str, list[int]] = {known: [], unknown: []}
    for email, codes in answers.items():
        for number in range(12):
            one = httpx.AsyncClient(
                transport=httpx.ASGITransport(stage.app, client=(f"2001:db8::{number:x}", 1)),
                base_url="http://127.0.0.1",
            )
            stage.clients.append(one)
            codes.append((await one.post(f"{API}/auth/forgot", json={"email": email})).status_code)
    await stage.parts.later.done()
    assert answers[known] == answers[unknown] == [204] * 10 + [429] * 2
    assert len(box.letters) == 10


async def test_a_mailed_link_stands_in_for_the_password_and_never_for_the_second_factor(
    mailing: tuple[Stage, Mailbox],
) -> None:
    stage, box = mailing
    email = unique_email()
    older, _ = await joined(stage, email, role="operator")
    secret = (await older.post(f"{API}/auth/totp")).json()["secret"]

    def code() -> str:
        return pyotp.TOTP(secret).at(int(stage.clock.at.timestamp()))

    assert (await older.post(f"{API}/auth/totp/confirm", json={"code": code()})).status_code == 200
    stage.clock.at += timedelta(minutes=20)
    await stage.client(SAME).post("/forgot", data={"email": email})
    await stage.parts.later.done()
    token = link_in(box).rpartition("/")[2]
    thief, new = stage.client(SAME), {"password": "another orbit canvas"}
    await thief.get(f"/reset/{token}")
    assert 'id="code"' in (await thief.get("/reset")).text
    refused = await thief.post("/reset", data=new)
    assert (refused.status_code, "has a second factor" in refused.text) == (401, True)
    for given in ("", *(f"{n:06}" for n in range(10))):
        answer = await thief.post(f"{API}/auth/reset", json=new | {"token": token, "code": given})
        assert (answer.status_code, "ytempire_session" in answer.headers.get("set-cookie", "")) == (401, False)
    more = await thief.post("/reset", data=new | {"code": "000010"})
    assert more.status_code == 429
    assert (await thief.get(f"{API}/admin/users")).status_code == 401
    assert (await older.get(f"{API}/admin/users")).status_code == 200  # nothing was changed
    stage.clock.at += timedelta(minutes=20)
    done = await thief.post("/reset", data=new | {"code": code()})
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    assert (await older.get(f"{API}/users/me")).status_code == 401


async def test_each_recovery_code_counts_once(mailing: tuple[Stage, Mailbox], admin: psycopg.AsyncConnection) -> None:
    stage, box = mailing
    email = unique_email()
    browser, _ = await joined(stage, email)
    secret = (await browser.post(f"{API}/auth/totp")).json()["secret"]

    def code() -> str:
        return pyotp.TOTP(secret).at(int(stage.clock.at.timestamp()))

    codes = (await browser.post(f"{API}/auth/totp/confirm", json={"code": code()})).json()["recovery_codes"]
    assert len(set(codes)) == 10
    stored = await (await admin.execute("select r::text from recovery_codes r")).fetchall()
    assert codes[0].replace("-", "") not in str(stored)

    async def enters(given: str) -> int:
        login = {"email": email, "password": PASSWORD, "code": given}
        return (await stage.client().post(f"{API}/auth/login", json=login)).status_code

    written = codes[0].upper().replace("-", " ")
    assert [await enters(one) for one in (written, codes[0], codes[1], "aaaa-bbbb-cccc-dddd")] == [200, 401, 200, 401]
    stage.clock.at += timedelta(minutes=20)
    fresh = (await browser.post(f"{API}/auth/totp/recovery-codes", json={"code": code()})).json()["recovery_codes"]
    assert [await enters(codes[2]), await enters(fresh[0])] == [401, 200]
    wrong = await browser.post(f"{API}/auth/totp/recovery-codes", json={"code": fresh[1]})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "code")
    await stage.parts.later.done()
    told = [letter.get_content() for letter in box.letters if letter["To"] == email]
    assert any("second factor was set up" in one for one in told)
    assert any("recovery codes were made" in one for one in told)


async def test_another_address_counts_when_its_reader_says_so_and_the_old_one_is_told(
    mailing: tuple[Stage, Mailbox],
) -> None:
    stage, box = mailing
    old, new = unique_email(), unique_email()
    browser, user = await joined(stage, old)
    taken = unique_email()
    await joined(stage, taken)
    _, operator = await stage.signed_in("operator")
    resets = (await operator.post(f"{API}/admin/users/{user['id']}/reset-link")).json()["link"]
    box.letters.clear()
    at = f"{API}/users/me/email"
    wrong = await browser.post(at, json={"email": new, "password": "wrong orbit canvas"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "not_allowed")
    none = await browser.post(at, json={"email": "no address", "password": PASSWORD})
    assert (none.status_code, none.json()["field"]) == (422, "email")
    asked = []
    for address in (taken.upper(), unique_email(), f" {new.upper()} "):
        asked.append(await browser.post(at, json={"email": address, "password": PASSWORD}))
        await stage.parts.later.done()
    assert {(answer.status_code, answer.content) for answer in asked} == {(204, b"")}
    assert len({tuple(answer.headers.keys()) for answer in asked}) == 1
    assert [letter["To"] for letter in box.letters][1:] == [new], "and nobody wrote to the address that has an account"
    for number, path in enumerate((link_in(box, 0), link_in(box), link_in(box))):
        reader = stage.client(SAME)
        await reader.get(path)
        shown = await reader.get("/confirm")
        assert (shown.status_code, new in shown.text) == ((200, True) if number == 1 else (404, False))
        assert (await browser.get(f"{API}/users/me")).json()["email"] == (old if number < 2 else new)
        done = await reader.post("/confirm")
        assert (done.status_code, new in done.text) == ((200, True) if number == 1 else (404, False))
    await stage.parts.later.done()
    assert (box.letters[-1]["To"], f"is {new} from now on" in box.letters[-1].get_content()) == (old, True)
    login = {"email": old, "password": PASSWORD}
    assert (await stage.client().post(f"{API}/auth/login", json=login)).status_code == 401
    assert (await stage.client().post(f"{API}/auth/login", json=login | {"email": new})).status_code == 200
    late = {"token": resets.rpartition("/")[2], "password": "another orbit canvas"}
    assert (await stage.client().post(f"{API}/auth/reset", json=late)).status_code == 404, (
        "it waited in the old mailbox"
    )
    many = [(await browser.post(at, json={"email": new, "password": PASSWORD})).status_code for _ in range(7)]
    assert many[-2:] == [204, 429]
    elsewhere = httpx.AsyncClient(
        transport=httpx.ASGITransport(stage.app, client=("2001:db8::7", 1)),
        base_url="http://127.0.0.1",
        headers=SAME,
        cookies=browser.cookies,
    )
    stage.clients.append(elsewhere)
    assert (await elsewhere.post(at, json={"email": new, "password": PASSWORD})).status_code == 429


async def test_without_a_mail_server_the_operator_hands_out_the_link_to_a_new_address(stage: Stage) -> None:
    old, new = unique_email(), unique_email()
    browser, user = await joined(stage, old)
    refused = await browser.post(f"{API}/users/me/email", json={"email": new, "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_configured")
    _, operator = await stage.signed_in("operator")
    at = f"{API}/admin/users/{user['id']}/email-link"
    assert (await browser.post(at, json={"email": new})).status_code == 403
    assert (await operator.post(at, json={"email": old})).status_code == 409
    made = [(await operator.post(at, json={"email": new})).json() for _ in range(3)]
    assert {one["mail"] for one in made} == {"off"}
    tokens = [one["link"].removeprefix("http://127.0.0.1/confirm/") for one in made]
    uses = [(await stage.client().post(f"{API}/auth/email", json={"token": one})).status_code for one in tokens]
    assert uses == [404, 404, 204]
    assert (await stage.client().post(f"{API}/auth/email", json={"token": tokens[2]})).status_code == 404
    assert (await browser.get(f"{API}/users/me")).json()["email"] == new


async def test_a_link_to_a_new_address_ends_with_time_suspension_and_an_account_made_of_it(stage: Stage) -> None:
    _, operator = await stage.signed_in("operator")

    async def link_for(user_id: str, email: str) -> dict[str, str]:
        made = await operator.post(f"{API}/admin/users/{user_id}/email-link", json={"email": email})
        return {"token": made.json()["link"].rpartition("/")[2]}

    async def used(given: dict[str, str]) -> int:
        return (await stage.client().post(f"{API}/auth/email", json=given)).status_code

    email = unique_email()
    _, user = await joined(stage)
    raced = await link_for(user["id"], email)
    await joined(stage, email)
    assert await used(raced) == 409
    reader = stage.client(SAME)
    await reader.get(f"/confirm/{raced['token']}")
    told = await reader.post("/confirm")
    assert (told.status_code, "has an account" in told.text) == (409, True)
    late = await link_for(user["id"], unique_email())
    stage.clock.at += timedelta(hours=25)
    assert await used(late) == 404
    shut_out = await link_for(user["id"], unique_email())
    at = f"{API}/admin/users/{user['id']}"
    assert (await operator.patch(at, json={"suspended": True}, headers={"If-Match": "*"})).status_code == 200
    assert await used(shut_out) == 404
