"""Signing in: join by invitation, sign in, reset a password, sign out, second factor."""

from __future__ import annotations

from fastapi import Request, Response
from pydantic import Field

from ytempire.accounts import (
    accept_invitation,
    begin_second_factor,
    confirm_email,
    confirm_second_factor,
    own_account,
    renew_recovery_codes,
    reset_password,
    sign_in,
    sign_out,
)
from ytempire.accounts.model import Principal
from ytempire.kit.errors import Conflict
from ytempire.web.api.accounts.shown import Token, User, user_of
from ytempire.web.bodies import Given, example
from ytempire.web.mails import send_reset_link, tell_change, tell_email
from ytempire.web.parts import PartsOf
from ytempire.web.principal import SignedIn, Transaction, refuse_foreign
from ytempire.web.routing import resource
from ytempire.web.session_cookie import forget_session, keep_signed_in

anonymous = resource("auth", anonymous=True)
router = resource("auth")


class Join(Given):
    """An invitation accepted."""

    model_config = example(
        {
            "token": "mTq0n1mYxVb8cRzL3kP5sW7uA9dF2gH4jK6lZ0xC1vB",
            "name": "Ada",
            "password": "plum orbit canvas nine",
            "time_zone": "Europe/Berlin",
        }
    )
    token: str = Token
    name: str = Field(max_length=200)
    password: str = Field(max_length=200)
    time_zone: str = Field(default="UTC", max_length=80)


class SignIn(Given):
    """Who one is."""

    model_config = example({"email": "ada@example.org", "password": "plum orbit canvas nine"})
    email: str = Field(max_length=254)
    password: str = Field(max_length=200)
    code: str | None = Field(
        default=None,
        max_length=40,
        description="Of the second factor, where it is set up: the app's, or a recovery code.",
    )


class Reset(Given):
    """A new password."""

    model_config = example(
        {"token": "mTq0n1mYxVb8cRzL3kP5sW7uA9dF2gH4jK6lZ0xC1vB", "password": "plum orbit canvas nine"}
    )
    token: str = Token
    password: str = Field(max_length=200)
    code: str | None = Field(
        default=None,
        max_length=40,
        description="Of the second factor, where it is set up: the app's, or a recovery code.",
    )


class EmailToken(Given):
    """What stands in a link to a new address."""

    model_config = example({"token": "mTq0n1mYxVb8cRzL3kP5sW7uA9dF2gH4jK6lZ0xC1vB"})
    token: str = Token


class Forgotten(Given):
    """Whose password is lost."""

    model_config = example({"email": "ada@example.org"})
    email: str = Field(max_length=254)


class RecoveryCodes(Given):
    """For a lost app: each counts once in place of a code. Shown this once."""

    model_config = example({"recovery_codes": ["k3v2-9qhd-w7xa-2m5c"]})
    recovery_codes: list[str]


class Secret(Given):
    """A second factor's secret: shown once, counts when a code has confirmed it."""

    model_config = example(
        {
            "secret": "JBSWY3DPEHPK3PXP",
            "address": "otpauth://totp/YTEMPIRE:ada%40example.org?secret=JBSWY3DPEHPK3PXP&issuer=YTEMPIRE",
        }
    )
    secret: str
    address: str = Field(description="What a QR code for the app holds.")


class Code(Given):
    """A code of the app."""

    model_config = example({"code": "287082"})
    code: str = Field(max_length=10)


def _asker(request: Request) -> tuple[str, str]:
    refuse_foreign(request, silent_passes=True)
    return (request.client.host if request.client else "", request.headers.get("user-agent", ""))


def _require_session(who: Principal) -> None:
    if who.via != "session":
        raise Conflict("this is for a person who is signed in, not for an API key", fix="Sign in: /api/v1/auth/login.")


@anonymous.post("/join", status_code=201)
async def join(given: Join, request: Request, response: Response, parts: PartsOf) -> User:
    """Make an account of an invitation, and be signed in."""
    _, agent = _asker(request)
    token, account = await accept_invitation(
        parts.desk, token=given.token, name=given.name, password=given.password, time_zone=given.time_zone, agent=agent
    )
    keep_signed_in(response, parts, token)
    return user_of(account)


@anonymous.post("/login")
async def login(given: SignIn, request: Request, response: Response, parts: PartsOf) -> User:
    """Sign in; the session is a cookie."""
    address, agent = _asker(request)
    token, account = await sign_in(
        parts.desk, email=given.email, password=given.password, code=given.code, address=address, agent=agent
    )
    keep_signed_in(response, parts, token)
    return user_of(account)


@anonymous.post("/reset")
async def reset(given: Reset, request: Request, response: Response, parts: PartsOf) -> User:
    """Choose a new password by a one-time link; all other sessions end."""
    _, agent = _asker(request)
    token, account = await reset_password(
        parts.desk, token=given.token, password=given.password, code=given.code, agent=agent
    )
    keep_signed_in(response, parts, token)
    tell_change(parts, account, "Its password was changed.")
    return user_of(account)


@anonymous.post("/email", status_code=204)
async def use_email(given: EmailToken, request: Request, parts: PartsOf) -> None:
    """Confirm a new e-mail address by its one-time link; the old one is told."""
    _asker(request)
    tell_email(parts, *await confirm_email(parts.desk, given.token))


@anonymous.post("/forgot", status_code=204)
async def forgot(given: Forgotten, request: Request, parts: PartsOf) -> None:
    """Ask for a reset link by mail; the answer is the same whether the address has an account or not."""
    address, _ = _asker(request)
    await send_reset_link(parts, given.email, address)


@router.post("/logout", status_code=204)
async def logout(response: Response, who: SignedIn, conn: Transaction, parts: PartsOf) -> None:
    """End this session."""
    _require_session(who)
    await sign_out(conn, who.credential)
    forget_session(response, parts)


@router.post("/totp", status_code=201)
async def begin_totp(who: SignedIn, conn: Transaction, parts: PartsOf) -> Secret:
    """Begin to set up a second factor."""
    _require_session(who)
    secret, address = await begin_second_factor(parts.desk, conn, await own_account(conn, who.user_id))
    return Secret(secret=secret, address=address)


@router.post("/totp/confirm")
async def confirm_totp(given: Code, who: SignedIn, parts: PartsOf) -> RecoveryCodes:
    """Confirm it: it is asked for from then on, an operator may run the installation, other sessions end."""
    _require_session(who)
    async with parts.database.transaction(who.user_id) as conn:
        account = await own_account(conn, who.user_id)
        codes = await confirm_second_factor(parts.desk, conn, who.user_id, given.code, session_id=who.credential)
    tell_change(parts, account, "A second factor was set up.")
    return RecoveryCodes(recovery_codes=codes)


@router.post("/totp/recovery-codes", status_code=201)
async def renew_codes(given: Code, who: SignedIn, parts: PartsOf) -> RecoveryCodes:
    """Ten new recovery codes; the earlier ones count no more."""
    _require_session(who)
    async with parts.database.transaction(who.user_id) as conn:
        account = await own_account(conn, who.user_id)
        codes = await renew_recovery_codes(parts.desk, conn, who.user_id, given.code)
    tell_change(parts, account, "New recovery codes were made.")
    return RecoveryCodes(recovery_codes=codes)
