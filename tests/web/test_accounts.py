"""Accounts from the invitation to the deletion, over HTTP on real PostgreSQL and Valkey."""

from __future__ import annotations

import asyncio
import statistics
from collections import Counter
from datetime import timedelta

import httpx
import psycopg
import pyotp
import pytest

from tests.web.conftest import Stage
from tests.web.test_frame import check_document
from ytempire.accounts import ensure_local_user, operator_link
from ytempire.kit.clock import stopwatch_s
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput
from ytempire.kit.ids import new_id

PASSWORD = "plum orbit canvas nine"
SAME = {"Sec-Fetch-Site": "same-origin"}
API = "/api/v1"


def unique_email() -> str:
    return f"{new_id().hex}@example.org"


async def joined(stage: Stage, email: str | None = None, *, role: str = "creator") -> tuple[httpx.AsyncClient, dict]:
    """Somebody invited by an operator, signed in by their cookie."""
    _, operator = await stage.signed_in("operator")
    made = await operator.post(f"{API}/admin/invitations", json={"email": email or unique_email(), "role": role})
    assert made.status_code == 201, made.text
    browser = stage.client(SAME)
    token = made.json()["link"].rpartition("/")[2]
    answer = await browser.post(
        f"{API}/auth/join", json={"token": token, "name": "Ada", "password": PASSWORD, "time_zone": "Europe/Berlin"}
    )
    assert answer.status_code == 201, answer.text
    return browser, answer.json()


async def test_an_invitation_makes_one_account_and_only_for_its_address(stage: Stage) -> None:
    _, operator = await stage.signed_in("operator")
    email = unique_email()
    made = (await operator.post(f"{API}/admin/invitations", json={"email": f" {email.upper()} "})).json()
    assert made["email"] == email
    token = made["link"].removeprefix("http://127.0.0.1/join/")
    join = {"token": token, "name": "Ada", "password": PASSWORD}
    short = await stage.client().post(f"{API}/auth/join", json=join | {"password": "short"})
    assert (short.status_code, short.json()["field"]) == (422, "password")
    own_name = await stage.client().post(f"{API}/auth/join", json=join | {"password": email})
    assert own_name.status_code == 422  # and the invitation still works
    first = await stage.client().post(f"{API}/auth/join", json=join)
    again = await stage.client().post(f"{API}/auth/join", json=join)
    assert (first.status_code, again.status_code) == (201, 404)
    assert (first.json()["email"], first.json()["role"]) == (email, "creator")
    cookie = first.headers["set-cookie"]
    assert cookie.startswith("ytempire_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    taken = await operator.post(f"{API}/admin/invitations", json={"email": email.title()})
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")
    late = (await operator.post(f"{API}/admin/invitations", json={"email": unique_email()})).json()
    stage.clock.at += timedelta(days=8)
    over = await stage.client().post(f"{API}/auth/join", json=join | {"token": late["link"].rpartition("/")[2]})
    assert over.status_code == 404
    listed = (await operator.get(f"{API}/admin/invitations")).json()["items"]
    assert [bool(one["accepted_at"]) for one in listed] == [True, False]


async def test_a_link_that_somebody_has_keeps_nobody_elses_passwords_waiting(stage: Stage) -> None:
    _, operator = await stage.signed_in("operator")
    made = (await operator.post(f"{API}/admin/invitations", json={"email": unique_email()})).json()
    join = {"token": made["link"].rpartition("/")[2], "name": "Ada", "password": PASSWORD}
    asked = [stage.client().post(f"{API}/auth/join", json=join) for _ in range(100)]
    answers = Counter(answer.status_code for answer in await asyncio.gather(*asked))
    assert answers[201] == 1
    assert answers[429] >= 80, "each of the others was hashed"
    assert answers.total() == answers[201] + answers[404] + answers[429]


async def test_signing_in_and_out(stage: Stage) -> None:
    email = unique_email()
    _, user = await joined(stage, email)
    browser = stage.client(SAME)
    answer = await browser.post(f"{API}/auth/login", json={"email": email.upper(), "password": PASSWORD})
    assert answer.json()["id"] == user["id"]
    assert (await browser.get(f"{API}/users/me")).json()["email"] == email
    token = browser.cookies["ytempire_session"]
    assert (await browser.post(f"{API}/auth/logout")).status_code == 204
    assert (await stage.client({"Cookie": f"ytempire_session={token}"}).get(f"{API}/users/me")).status_code == 401
    await browser.post(f"{API}/auth/login", json={"email": email, "password": PASSWORD})
    stage.clock.at += timedelta(days=8)  # idle for longer than a week
    assert (await browser.get(f"{API}/users/me")).status_code == 401
    foreign = await stage.client({"Sec-Fetch-Site": "cross-site"}).post(
        f"{API}/auth/login", json={"email": email, "password": PASSWORD}
    )
    assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign_origin")


async def test_a_wrong_e_mail_and_a_wrong_password_look_and_last_the_same(stage: Stage) -> None:
    emails = [unique_email() for _ in range(3)]
    for email in emails:
        await joined(stage, email)
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    bodies = set()
    for email in emails:
        for kind, tried in (("known", email), ("unknown", unique_email())):
            for _ in range(3):
                began = stopwatch_s()
                answer = await stage.client().post(
                    f"{API}/auth/login", json={"email": tried, "password": "wrong orbit canvas"}
                )
                times[kind].append(stopwatch_s() - began)
                said = answer.json()
                bodies.add((answer.status_code, said["code"], said["detail"], said["fix"]))
    assert len(bodies) == 1
    known, unknown = (statistics.median(times[kind]) for kind in ("known", "unknown"))
    assert 0.5 < known / unknown < 2, times  # argon2 alone is most of it: without it the unknown would be 20 × as quick


async def test_guessing_ends_in_429_with_valkey_and_without(stage: Stage) -> None:
    email = unique_email()
    await joined(stage, email)
    wrong = {"email": email, "password": "wrong orbit canvas"}
    answers = [(await stage.client().post(f"{API}/auth/login", json=wrong)).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]
    right = await stage.client().post(f"{API}/auth/login", json={"email": email, "password": PASSWORD})
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) <= 900
    stage.clock.at += timedelta(minutes=15)
    assert (
        await stage.client().post(f"{API}/auth/login", json={"email": email, "password": PASSWORD})
    ).status_code == 200
    keys = [(await stage.client({"Authorization": f"Bearer yte_{n}_x"}).get(f"{API}/users/me")) for n in range(61)]
    assert [keys[0].status_code, keys[-1].status_code] == [401, 429]


async def test_a_lesser_key_is_not_told_what_a_greater_one_was_answered(stage: Stage) -> None:
    browser, _ = await joined(stage)
    new, once = {"name": "all", "scopes": ["read", "write"]}, {"Idempotency-Key": "make-a-key"}
    made = await browser.post(f"{API}/api-keys", json=new, headers=once)
    lesser = (await browser.post(f"{API}/api-keys", json={"name": "reader", "scopes": ["read"]})).json()["key"]
    reader = stage.client({"Authorization": f"Bearer {lesser}"})
    repeated = await reader.post(f"{API}/api-keys", json=new, headers=once)
    assert (made.status_code, repeated.status_code, repeated.json()["code"]) == (201, 422, "key_reused")
    assert made.json()["key"] not in repeated.text
    assert (await browser.post(f"{API}/api-keys", json=new, headers=once)).json() == made.json()


async def test_an_api_key_does_what_its_scopes_say_until_it_is_revoked(
    stage: Stage, admin: psycopg.AsyncConnection
) -> None:
    browser, _ = await joined(stage)
    made = (await browser.post(f"{API}/api-keys", json={"name": "reader", "scopes": ["read"]})).json()
    key = stage.client({"Authorization": f"Bearer {made['key']}"})
    assert (await key.get(f"{API}/users/me")).status_code == 200
    assert (await key.post(f"{API}/api-keys", json={"name": "more", "scopes": ["write"]})).status_code == 403
    beyond = await browser.post(f"{API}/api-keys", json={"name": "x", "scopes": ["admin"]})
    assert (beyond.status_code, beyond.json()["fix"]) == (403, "Ask an operator of this installation: only they may.")
    listed = (await browser.get(f"{API}/api-keys")).json()["items"]
    assert [(one["name"], one["used_at"] is not None) for one in listed] == [("reader", True)]
    stored = await (await admin.execute("select k::text from api_keys k")).fetchall()
    assert made["key"].split("_", 2)[2] not in str(stored)
    wrong = stage.client({"Authorization": f"Bearer {made['key'][:-1]}"})
    assert (await wrong.get(f"{API}/users/me")).status_code == 401
    _, stranger = await stage.signed_in()
    assert (await stranger.delete(f"{API}/api-keys/{made['id']}")).status_code == 404
    assert (await browser.delete(f"{API}/api-keys/{made['id']}")).status_code == 204
    assert (await key.get(f"{API}/users/me")).status_code == 401


async def test_keys_come_in_pages_and_an_idempotent_post_makes_one(
    stage: Stage, admin: psycopg.AsyncConnection
) -> None:
    browser, user = await joined(stage)
    new = {"name": "n", "scopes": ["read"]}
    first, again = [await browser.post(f"{API}/api-keys", json=new, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert first.json() == again.json()
    stored = await (
        await admin.execute("select answer from idempotency_keys where user_id = %s", (user["id"],))
    ).fetchall()
    assert first.json()["key"].encode() not in stored[0][0]
    for _ in range(4):
        await browser.post(f"{API}/api-keys", json=new)
    ids, cursor = [], {}
    for _ in range(3):
        page = (await browser.get(f"{API}/api-keys", params={"limit": 2, **cursor})).json()
        ids += [one["id"] for one in page["items"]]
        cursor = {"cursor": page["next"]}
    assert len(set(ids)) == 5
    assert page["next"] is None


async def test_an_operator_needs_the_second_factor_to_run_the_installation(stage: Stage) -> None:
    email = unique_email()
    browser, _ = await joined(stage, email, role="operator")
    assert (await browser.get(f"{API}/admin/users")).status_code == 403
    older = stage.client(SAME)
    assert (await older.post(f"{API}/auth/login", json={"email": email, "password": PASSWORD})).status_code == 200
    key = (await browser.post(f"{API}/api-keys", json={"name": "k", "scopes": ["write"]})).json()["key"]
    assert (await stage.client({"Authorization": f"Bearer {key}"}).post(f"{API}/auth/totp")).status_code == 409
    secret = (await browser.post(f"{API}/auth/totp")).json()["secret"]
    totp = pyotp.TOTP(secret)
    wrong = await browser.post(f"{API}/auth/totp/confirm", json={"code": "000000"})
    assert wrong.status_code == 422
    code = totp.at(int(stage.clock.at.timestamp()))
    assert (await browser.post(f"{API}/auth/totp/confirm", json={"code": code})).status_code == 200
    assert (await browser.get(f"{API}/admin/users")).status_code == 200
    assert (await older.get(f"{API}/users/me")).status_code == 401  # it began without the second factor
    assert (await browser.post(f"{API}/auth/totp")).status_code == 409
    login = {"email": email, "password": PASSWORD}
    missing = await stage.client().post(f"{API}/auth/login", json=login)
    used = await stage.client().post(f"{API}/auth/login", json=login | {"code": code})
    assert (missing.json()["code"], used.json()["code"]) == ("code_needed", "not_signed_in")
    stage.clock.at += timedelta(seconds=60)
    fresh = totp.at(int(stage.clock.at.timestamp()))
    assert (await stage.client().post(f"{API}/auth/login", json=login | {"code": fresh})).status_code == 200


async def test_creators_reach_nothing_of_admin(stage: Stage) -> None:
    user, creator = await stage.signed_in()
    for method, path in (
        ("GET", "users"), ("GET", f"users/{user}"), ("PATCH", f"users/{user}"), ("POST", f"users/{user}/reset-link"),
        ("GET", "invitations"), ("POST", "invitations"), ("DELETE", f"invitations/{user}"),
    ):  # fmt: skip
        answer = await creator.request(method, f"{API}/admin/{path}", json={"email": "a@example.org"})
        assert answer.status_code in {403, 422}, (method, path, answer.text)
        assert answer.json()["code"] in {"not_allowed", "bad_input"}


async def test_the_database_lists_users_for_operators_only(database: Database, stage: Stage) -> None:
    operator, _ = await stage.signed_in("operator")
    creator, _ = await stage.signed_in()
    seen = {}
    for user in (operator, creator):
        async with database.transaction(user) as conn:
            rows = await conn.execute("select id from users_for_operator(null, null, 1000)")
            seen[user] = {row[0] for row in await rows.fetchall()}
    assert seen[operator] >= {operator, creator}
    assert seen[creator] == set()


async def test_suspending_a_role_and_a_reset_link(stage: Stage) -> None:
    email = unique_email()
    browser, user = await joined(stage, email)
    own, operator = await stage.signed_in("operator")
    at = f"{API}/admin/users/{user['id']}"
    tag = (await operator.get(at)).headers["etag"]
    assert (await operator.patch(at, json={"suspended": True})).status_code == 428
    suspended = await operator.patch(at, json={"suspended": True}, headers={"If-Match": tag})
    assert suspended.json()["suspended_at"]
    assert (await operator.patch(at, json={"suspended": False}, headers={"If-Match": tag})).status_code == 412
    assert (await browser.get(f"{API}/users/me")).status_code == 401
    login = {"email": email, "password": PASSWORD}
    assert (await stage.client().post(f"{API}/auth/login", json=login)).status_code == 401
    back = await operator.patch(at, json={"suspended": False}, headers={"If-Match": suspended.headers["etag"]})
    assert back.json()["suspended_at"] is None
    mine = await operator.patch(f"{API}/admin/users/{own}", json={"role": "creator"}, headers={"If-Match": "*"})
    assert mine.status_code == 409
    once = {"Idempotency-Key": "reset"}
    links = [(await operator.post(f"{at}/reset-link", headers=once)).json()["link"] for _ in range(2)]
    assert links[0] == links[1]
    token = links[0].rpartition("/")[2]
    fresh = {"token": token, "password": "another orbit canvas"}
    reset = await stage.client().post(f"{API}/auth/reset", json=fresh)
    assert (reset.status_code, reset.json()["id"]) == (200, user["id"])
    assert (await stage.client().post(f"{API}/auth/reset", json=fresh)).status_code == 404
    assert (await stage.client().post(f"{API}/auth/login", json=login)).status_code == 401
    login["password"] = fresh["password"]
    assert (await stage.client().post(f"{API}/auth/login", json=login)).status_code == 200
    assert (await operator.post(f"{API}/admin/users/{new_id()}/reset-link")).status_code == 404


async def test_the_profile(stage: Stage) -> None:
    browser, _ = await joined(stage)
    me = f"{API}/users/me"
    tag = {"If-Match": (await browser.get(me)).headers["etag"]}
    wrong = await browser.patch(me, json={"time_zone": "Mars/Olympus"}, headers=tag)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "time_zone")
    changed = await browser.patch(me, json={"name": " Ada  L. ", "time_zone": "Asia/Tokyo"}, headers=tag)
    assert (changed.json()["name"], changed.json()["time_zone"]) == ("Ada L.", "Asia/Tokyo")
    assert (await browser.patch(me, json={"name": "B"}, headers=tag)).status_code == 412
    assert (await browser.patch(me, json={"nam": "B"}, headers=tag)).json()["field"] == "nam"


async def test_the_first_operator_and_one_who_lost_everything(stage: Stage) -> None:
    await ensure_local_user(stage.parts.database, stage.clock)
    email = unique_email()
    kind, token = await operator_link(stage.parts.desk, email.upper())
    assert kind == "invitation"
    join = {"token": token, "name": "Op", "password": PASSWORD}
    answer = await stage.client().post(f"{API}/auth/join", json=join)
    assert answer.json()["role"] == "operator"
    kind, token = await operator_link(stage.parts.desk, email)
    assert kind == "reset"
    reset = await stage.client().post(f"{API}/auth/reset", json={"token": token, "password": "another orbit canvas"})
    assert reset.status_code == 200
    creator = unique_email()
    await joined(stage, creator)
    with pytest.raises(BadInput, match="belongs to a creator"):
        await operator_link(stage.parts.desk, creator)


async def test_the_document(stage: Stage) -> None:
    document = (await stage.client().get(f"{API}/openapi.json")).json()
    check_document(document)
    assert {"/api/v1/auth/login", "/api/v1/users/me", "/api/v1/api-keys", "/api/v1/admin/users"} <= set(
        document["paths"]
    )
