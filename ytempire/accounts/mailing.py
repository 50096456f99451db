"""Verbs: send a letter and tell what became of it; send the links that are asked for by mail.

Nothing is sent within a transaction: what a letter tells of has been committed.
"""

from __future__ import annotations

from uuid import UUID

import structlog

from ytempire.accounts import store
from ytempire.accounts.desk import Desk
from ytempire.accounts.letters import email_letter, reset_letter
from ytempire.accounts.new_email import make_email_link
from ytempire.accounts.ports import Letter, Post
from ytempire.accounts.reset import make_reset_link
from ytempire.accounts.rules import (
    LINKS_FOR_ACCOUNT,
    TRIES_FOR_ACCOUNT_FROM_ADDRESS,
    TRIES_FROM_ADDRESS,
    may_sign_in,
)
from ytempire.accounts.secrets import hashed
from ytempire.kit.errors import VendorRefused
from ytempire.kit.metrics import MAILS
from ytempire.kit.outside import outside

SENT, OFF = "sent", "off"
log = structlog.get_logger("ytempire.accounts")


async def mail(post: Post | None, letter: Letter) -> str:
    """`sent`, `off` (no mail server is configured), or why it was not sent."""
    if post is None:
        return OFF
    try:
        with outside():
            await post.send(letter)
    except VendorRefused as error:
        MAILS.labels("failed").inc()
        log.warning("a letter was not sent", subject=letter.subject, error=str(error))
        return str(error)
    MAILS.labels("sent").inc()
    return SENT


async def count_forgotten(desk: Desk, email: str, address: str) -> None:
    """Raise TooMany for who asks too often."""
    now, account = desk.clock.now(), hashed(email.strip().lower()).hex()
    for rate, whose in (
        (TRIES_FROM_ADDRESS, f"forgot|{address}"),
        (TRIES_FOR_ACCOUNT_FROM_ADDRESS, f"forgot|{account}|{address}"),
        (LINKS_FOR_ACCOUNT, account),
    ):
        (await desk.rates.take(rate, whose, now)).require("too many links were asked for")


async def mail_reset_link(desk: Desk, post: Post, email: str, link: str) -> None:
    """Send a reset link if this address has an account; `link` has `{token}` in it.

    Whoever asked has been answered already, the same for every address.
    """
    async with desk.database.system() as conn:
        user_id = await store.user_of_email(conn, email.strip().lower())
    if user_id is None:
        return
    async with desk.database.transaction(user_id) as conn:
        account = await store.account(conn, user_id)
        if account is None or not account.email or not may_sign_in(account):
            return
        token = await make_reset_link(desk, conn, user_id, with_totp=False)
    await mail(post, reset_letter(account.email, link.replace("{token}", token)))


async def mail_email_link(desk: Desk, post: Post, user_id: UUID, email: str, link: str) -> None:
    """Send a link to a new address, unless it has an account; `link` has `{token}` in it.

    Whoever asked has been answered already, the same for every address.
    """
    async with desk.database.transaction(user_id) as conn:
        token = await make_email_link(desk, conn, user_id, email)
    if token is not None:
        await mail(post, email_letter(email, link.replace("{token}", token)))
