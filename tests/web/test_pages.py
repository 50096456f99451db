"""The pages behind one-time links and of signing in, as a browser without JavaScript uses them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from html.parser import HTMLParser

import httpx
import pytest

from tests.web.conftest import Stage
from tests.web.test_accounts import API, PASSWORD, joined, unique_email
from ytempire.web.pages.html import ASSETS

SAME = {"Sec-Fetch-Site": "same-origin"}
FORM = {"name": "Ada", "password": PASSWORD, "time_zone": "Europe/Berlin"}
_VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """What a validator and a screen reader would object to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert not self.open, self.open
        self._check()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), (tag, attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def _check(self) -> None:
        names = Counter(tag for tag, _ in self.tags)
        assert (names["h1"], names["main"], names["title"], self.of("html")) == (1, 1, 1, [{"lang": "en"}])
        assert not names["style"]
        ids = [attrs["id"] for _, attrs in self.tags if "id" in attrs]
        assert len(ids) == len(set(ids))
        labelled = {attrs["for"] for attrs in self.of("label")}
        assert labelled == {attrs.get("id") for tag, attrs in self.tags if tag in {"input", "select"}}
        for _tag, attrs in self.tags:
            assert not [name for name in attrs if name.startswith("on") or name == "style"]
            assert attrs.get("aria-describedby", ids[0] if ids else None) in {*ids, None}
            for name in ("src", "href", "action"):
                assert (attrs.get(name) or "/").startswith("/"), attrs


async def arrived(stage: Stage, link: str) -> httpx.AsyncClient:
    """A browser that followed a one-time link."""
    browser = stage.client(SAME)
    path = link.removeprefix("http://127.0.0.1")
    went = await browser.get(path)
    assert (went.status_code, went.headers["referrer-policy"]) == (303, "no-referrer")
    assert path.startswith(went.headers["location"] + "/")
    assert {"HttpOnly", "SameSite=lax"} <= {part.strip() for part in went.headers["set-cookie"].split(";")}
    return browser


async def invited(stage: Stage, email: str) -> str:
    _, operator = await stage.signed_in("operator")
    made = await operator.post(f"{API}/admin/invitations", json={"email": email})
    return str(made.json()["link"])


async def test_an_invitation_becomes_an_account(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    email = f"o'hara&<b>{unique_email()}"
    link = await invited(stage, email)
    browser = await arrived(stage, link)
    shown = await browser.get("/join")
    page = Page(shown.text)
    token = link.rpartition("/")[2]
    assert token not in shown.text + str(shown.headers) + capsys.readouterr().out
    assert "default-src 'self'" in shown.headers["content-security-policy"]
    (form,) = page.of("form")
    assert form == {"method": "post", "action": "/join"}
    assert {field.get("id"): field.get("value") for field in page.of("input")}["email"] == email
    wrong = await browser.post("/join", data=FORM | {"name": 'A"da', "password": "short"})
    said = Page(wrong.text)
    assert (wrong.status_code, "The password is too short. Use 12 to 200" in wrong.text) == (422, True)
    marked = [field for field in said.of("input") if field.get("aria-invalid")]
    assert [(field["id"], field["value"]) for field in marked] == [("password", "")]
    assert {field.get("id"): field.get("value") for field in said.of("input")}["name"] == 'A"da'
    assert [option["value"] for option in said.of("option") if "selected" in option] == ["Europe/Berlin"]
    none = await browser.post("/join", data=FORM | {"time_zone": ""})
    assert (none.status_code, Page(none.text).of("select")[0].get("aria-invalid")) == (422, "true")
    done = await browser.post("/join", data=FORM)
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    account = await browser.get("/account")
    Page(account.text)
    assert "o&#x27;hara&amp;&lt;b&gt;" in account.text
    assert (await browser.get(f"{API}/users/me")).json()["time_zone"] == "Europe/Berlin"
    used = await (await arrived(stage, link)).get("/join")
    assert (used.status_code, "used, withdrawn or over" in used.text) == (404, True)
    Page(used.text)


async def test_a_link_that_is_over_or_was_never_one_says_so(stage: Stage) -> None:
    link = await invited(stage, unique_email())
    browser = await arrived(stage, link)
    stage.clock.at += timedelta(days=8)
    for answer in (await browser.get("/join"), await browser.post("/join", data=FORM)):
        assert (answer.status_code, "used, withdrawn or over" in answer.text) == (404, True)
    for path in ("/join", "/reset", "/confirm"):
        none = await stage.client(SAME).get(path)
        assert none.status_code == 404
        Page(none.text)
        forged = stage.client(SAME)
        await forged.get(f"{path}/{'x' * 5000}")
        assert (await forged.get(path)).status_code == 404
        assert (await forged.post(path, data=FORM)).status_code == 404


async def test_a_reset_link_gives_a_new_password_and_ends_other_sessions(stage: Stage) -> None:
    email = unique_email()
    older, user = await joined(stage, email)
    _, operator = await stage.signed_in("operator")
    link = (await operator.post(f"{API}/admin/users/{user['id']}/reset-link")).json()["link"]
    browser = await arrived(stage, link)
    shown = await browser.get("/reset")
    Page(shown.text)
    assert email in shown.text
    assert (await browser.post("/reset", data={"password": email})).status_code == 422
    done = await browser.post("/reset", data={"password": "another orbit canvas"})
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    assert (await older.get(f"{API}/users/me")).status_code == 401
    assert (await browser.post("/reset", data={"password": "another orbit canvas"})).status_code == 404


async def test_signing_in_and_out(stage: Stage) -> None:
    email = unique_email()
    await joined(stage, email)
    browser = stage.client(SAME)
    assert (await browser.get("/")).headers["location"] == "/account"
    assert (await browser.get("/account")).headers["location"] == "/sign-in"
    Page((await browser.get("/sign-in")).text)
    wrong = await browser.post("/sign-in", data={"email": email, "password": "wrong orbit canvas"})
    assert (wrong.status_code, "is not right" in wrong.text, "wrong orbit" in wrong.text) == (401, True, False)
    Page(wrong.text)
    right = await browser.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert right.headers["location"] == "/account"
    assert (await browser.get("/sign-in")).headers["location"] == "/account"
    out = await browser.post("/sign-out")
    assert out.headers["location"] == "/sign-in"
    assert (await browser.get("/account")).status_code == 303


@pytest.mark.parametrize("path", ["/join", "/reset", "/confirm", "/sign-in", "/sign-out"])
async def test_another_sites_page_can_send_no_form(stage: Stage, path: str) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        refused = await stage.client(headers).post(path, data=FORM)
        assert refused.status_code == 403
        Page(refused.text)
    assert (await stage.client(SAME).post(path, data={"password": "x" * 5000})).status_code in {303, 404, 422}
    assert (await stage.client(SAME).post(path, content=b"name=%00%ff&time_zone=\x00")).status_code < 500


async def test_what_a_page_loads_is_there_and_readable_in_both_schemes(stage: Stage) -> None:
    browser = stage.client()
    page = Page((await browser.get("/sign-in")).text)
    loaded = [str(one["href"]) for one in page.of("link")] + [str(one["src"]) for one in page.of("script")]
    for address in loaded:
        answer = await browser.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert (await browser.get(loaded[0].replace("icon.svg", "..%2fhtml.py"))).status_code in {404, 422}
    css = (ASSETS / "pages.css").read_text()
    for scheme in css.split("@media (prefers-color-scheme: dark)"):
        colour = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", scheme))
        for ink, ground in (
            ("text", "surface"), ("text", "ground"), ("quiet", "surface"), ("accent", "surface"),
            ("on-accent", "accent"), ("alert", "alert-ground"),
        ):  # fmt: skip
            assert _contrast(colour[ink], colour[ground]) >= 4.5, (ink, ground)
        assert _contrast(colour["line"], colour["surface"]) >= 3


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2's, computed here once more so that the product's own can't excuse itself."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
