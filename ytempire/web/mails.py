"""Letters that go out after the answer: a reset link that was asked for, word of a change."""

from __future__ import annotations

from ytempire.accounts import (
    changed_letter,
    count_forgotten,
    mail,
    mail_email_link,
    mail_reset_link,
    require_password,
)
from ytempire.accounts.model import Account, Principal
from ytempire.kit.errors import NotConfigured
from ytempire.web.links import link
from ytempire.web.parts import Parts


async def send_reset_link(parts: Parts, email: str, address: str) -> None:
    """Begin to mail a link if there is such an account; neither answer nor time tells.

    Raises NotConfigured, TooMany.
    """
    if parts.post is None:
        raise NotConfigured(
            "no mail server is set up here", field="YTEMPIRE_SMTP_URL", fix="Ask the operator for a reset link."
        )
    await count_forgotten(parts.desk, email, address)
    parts.later.do(mail_reset_link(parts.desk, parts.post, email, link("reset", "{token}", parts.public_url)))


async def send_email_link(parts: Parts, who: Principal, email: str, password: str) -> None:
    """Begin to mail a link to a new address if it has no account; neither answer nor time tells.

    Raises NotConfigured, BadInput, NotAllowed, TooMany.
    """
    if parts.post is None:
        raise NotConfigured(
            "no mail server is set up here", field="YTEMPIRE_SMTP_URL", fix="Ask the operator for a link to confirm it."
        )
    email = await require_password(parts.desk, who.user_id, email=email, password=password)
    at = link("email", "{token}", parts.public_url)
    parts.later.do(mail_email_link(parts.desk, parts.post, who.user_id, email, at))


def tell_email(parts: Parts, before: Account, email: str) -> None:
    """Begin to tell the old address which one counts now."""
    tell_change(parts, before, f"Its e-mail address is {email} from now on, and no longer this one.")


def tell_change(parts: Parts, account: Account, what: str) -> None:
    """Begin to tell the account's owner what was changed."""
    if parts.post and account.email:
        parts.later.do(mail(parts.post, changed_letter(account.email, what)))
