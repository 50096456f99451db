"""What is seen of a video's making, and what a person decides over it, over REST."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.stories.publishing_stage import film
from tests.web.conftest import Stage
from tests.web.video_stage import SENTENCES, VIDEOS, Creator, creator, finish, with_videos
from ytempire.kit.ids import new_id
from ytempire.ledger import Category, Meters, PaidCall

__all__ = ["film"]


@pytest.fixture
async def served(stage: Stage, valkey_url: str) -> AsyncIterator[Stage]:
    async with with_videos(stage, valkey_url) as made:
        yield made


async def ok(who: Creator, method: str, path: str, **more: Any) -> dict[str, Any]:
    answer = await who.client.request(method, f"{VIDEOS}/{path}", **more)
    assert answer.is_success, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def refused(who: Creator, method: str, path: str, **more: Any) -> tuple[int, str, str | None]:
    answer = await who.client.request(method, f"{VIDEOS}/{path}", **more)
    assert answer.json()["fix"], answer.text
    return answer.status_code, answer.json()["code"], answer.json().get("field")


async def test_a_sentence_is_changed_under_the_script_s_tag(served: Stage, film: Path, admin: Any) -> None:
    who = await creator(served)
    at = (await finish(who, film)).id
    got = await who.client.get(f"{VIDEOS}/{at}/script")
    assert [one["sentence"] for one in got.json()["sentences"]] == list(SENTENCES)
    tag, sentence = {"If-Match": got.headers["etag"]}, f"{at}/script/sentences"
    said = {"sentence": "x"}
    assert await refused(who, "PUT", f"{sentence}/2", json=said) == (428, "condition_missing", "If-Match")
    assert await refused(who, "PUT", f"{sentence}/4", json={"sentence": "x"}, headers=tag) == (
        422,
        "bad_input",
        "number",
    )
    for text in (" ", "a\x1b[2J", "a\x00"):
        assert (await refused(who, "PUT", f"{sentence}/2", json={"sentence": text}, headers=tag))[0] == 422
    edits = [
        who.client.put(f"{VIDEOS}/{sentence}/{n}", json={"sentence": f"It is {n}."}, headers=tag) for n in (1, 2, 3)
    ]
    answers = await asyncio.gather(*edits)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412], "three at once, one is taken"
    taken = next(answer for answer in answers if answer.is_success)
    after = await who.client.get(f"{VIDEOS}/{at}/script")
    assert (after.json(), after.headers["etag"]) == (taken.json(), taken.headers["etag"])
    assert [one["edited"] for one in after.json()["sentences"]].count(True) == 1
    again = await who.client.put(
        f"{VIDEOS}/{sentence}/3", json={"sentence": "Last one."}, headers={"If-Match": after.headers["etag"]}
    )
    assert again.json()["sentences"][2]["sentence"] == "Last one."
    assert (await ok(who, "GET", at))["state"] == "planned", "it is made again"
    jobs = await (
        await admin.execute("select count(*) from procrastinate_jobs where args ->> 'video_id' = %s", (at,))
    ).fetchone()
    assert jobs[0] == 3, "its order and two edits"
    await admin.execute("update videos set state = 'producing'")
    tag = {"If-Match": again.headers["etag"]}
    assert await refused(who, "PUT", f"{sentence}/1", json={"sentence": "x"}, headers=tag) == (
        409,
        "wrong_state",
        "video",
    )


async def test_the_voice_tells_when_each_word_is_spoken(served: Stage, film: Path) -> None:
    who = await creator(served)
    done = await finish(who, film)
    first, *_ = (await ok(who, "GET", f"{done.id}/voice"))["sentences"]
    assert (first["sentence"], first["words"][1]) == (SENTENCES[0], {"text": "glow", "start_s": 0.4, "end_s": 0.8})
    sound = await served.client().get(first["audio"])
    assert (sound.content, sound.headers["content-type"]) == (SENTENCES[0].encode(), "audio/wav")


async def test_before_its_steps_a_video_has_no_script_voice_or_files(served: Stage) -> None:
    who = await creator(served)
    at = (await who.order())["id"]
    for what in ("script", "voice"):
        assert await refused(who, "GET", f"{at}/{what}") == (404, "not_found", "video")
    assert (await ok(who, "GET", f"{at}/files"))["files"] == []
    steps = (await ok(who, "GET", f"{at}/steps"))["steps"]
    assert (len(steps), {step["state"] for step in steps}) == (10, {"waiting"})


async def test_steps_and_receipt_tell_what_it_took(served: Stage, film: Path, admin: psycopg.AsyncConnection) -> None:
    who = await creator(served)
    done = await finish(who, film)
    ledger = served.parts.platform.tools.ledger

    async def spoken() -> tuple[dict[str, Any], Meters]:
        return {}, Meters("openai", "gpt-4o-mini", output_tokens=50_000)

    estimate = Meters("openai", "gpt-4o-mini", output_tokens=100_000)
    await ledger.spend(
        PaidCall(who.id, done.id, "script", Category.OPENAI, "a draft", f"{done.id}:x", estimate), spoken
    )
    await admin.execute("update steps set state = 'failed', cause = 'too loud', result = '{\"remake\": \"visuals\"}'"
                        " where step = 'quality'")  # fmt: skip
    steps = {step["step"]: step for step in (await ok(who, "GET", f"{done.id}/steps"))["steps"]}
    assert steps["script"]["spent_microusd"] == 30_000
    assert (steps["render"]["state"], steps["review"]["state"]) == ("done", "waiting")
    assert (steps["quality"]["cause"], steps["quality"]["remake"]) == ("too loud", "visuals")
    receipt = await ok(who, "GET", f"{done.id}/receipt")
    (line,) = receipt["lines"]
    assert (line["estimate_microusd"], line["actual_microusd"], receipt["actual_microusd"]) == (60_000, 30_000, 30_000)
    assert (await ok(who, "GET", done.id))["money"] == {
        "held_microusd": 0, "spent_microusd": 30_000, "cap_microusd": 3_000_000,
    }  # fmt: skip
    await admin.execute("update videos set state = 'failed'")
    plan = await ok(who, "GET", f"{done.id}/retry")
    assert (plan["begins"], plan["remake"], plan["kept"]) == ("visuals", "visuals", ["topic", "script", "voice"])
    assert (plan["kept_microusd"], plan["again_microusd"]) == (30_000, 0)
    named = await ok(who, "GET", f"{done.id}/retry", params={"from": "script"})
    assert (named["begins"], named["again_microusd"]) == ("script", 30_000)
    assert await refused(who, "POST", f"{done.id}/retry", json={"from": "publish"}) == (422, "bad_input", "from")
    assert await refused(who, "POST", f"{done.id}/retry", json={"from": "cooking"}) == (422, "bad_input", "from")
    assert (await ok(who, "GET", done.id))["state"] == "failed", "looking changes nothing"
    once = {"Idempotency-Key": "again"}
    assert await ok(who, "POST", f"{done.id}/retry", headers=once) == plan
    assert await ok(who, "POST", f"{done.id}/retry", headers=once) == plan, "asked twice, done once"
    assert (await ok(who, "GET", done.id))["state"] == "planned"
    assert await refused(who, "POST", f"{done.id}/retry") == (409, "wrong_state", "video")


async def test_a_review_passes_or_ends_it(served: Stage, film: Path) -> None:
    who = await creator(served)
    one, two = await finish(who, film), await finish(who, film)
    inbox = (await who.client.get(VIDEOS, params={"state": "in_review"})).json()["items"]
    assert {video["id"] for video in inbox} == {one.id, two.id}
    assert (await ok(who, "POST", f"{one.id}/review", json={"verdict": "approve"}))["state"] == "approved"
    assert await refused(who, "POST", f"{one.id}/review", json={"verdict": "approve"}) == (409, "wrong_state", "video")
    assert await refused(who, "POST", f"{two.id}/review", json={"verdict": "maybe"}) == (422, "bad_input", "verdict")
    why = {"verdict": "reject", "why": "a\x1b[2Jb"}
    assert await refused(who, "POST", f"{two.id}/review", json=why) == (422, "bad_input", "why")
    ended = await ok(who, "POST", f"{two.id}/review", json={"verdict": "reject", "why": "The second  fact\nis wrong."})
    assert (ended["state"], ended["reason"]) == ("cancelled", "rejected: The second fact is wrong.")
    assert (await ok(who, "POST", f"{one.id}/cancel"))["reason"] == "stopped by you"
    assert await refused(who, "POST", f"{one.id}/cancel") == (409, "wrong_state", "video")


async def test_nothing_of_another_tenant_s_video_is_found(served: Stage, film: Path) -> None:
    mine, theirs = await creator(served), await creator(served)
    at = (await finish(mine, film)).id
    asked: list[tuple[str, str, Any]] = [
        ("GET", "", None), ("GET", "/steps", None), ("GET", "/script", None), ("GET", "/voice", None),
        ("GET", "/files", None), ("GET", "/receipt", None), ("GET", "/retry", None),
        ("GET", "/retry?from=script", None),
        ("PUT", "/script/sentences/1", {"sentence": "x"}), ("POST", "/review", {"verdict": "approve"}),
        ("POST", "/review", {"verdict": "reject"}), ("POST", "/retry", {"from": "script"}), ("POST", "/cancel", None),
    ]  # fmt: skip
    for method, path, body in asked:
        for video in (at, str(new_id())):
            answer = await theirs.client.request(
                method, f"{VIDEOS}/{video}{path}", json=body, headers={"If-Match": "*"}
            )
            assert (method, path, answer.status_code, answer.json()["code"]) == (method, path, 404, "not_found")
    assert (await ok(mine, "GET", at))["state"] == "in_review", "untouched"
    for method, path, body in asked:
        if method == "GET" and path != "/retry":
            assert (await mine.client.request(method, f"{VIDEOS}/{at}{path}", json=body)).status_code == 200, path
