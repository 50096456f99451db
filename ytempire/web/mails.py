"""Letters that go out after the answer: a reset link that was asked for, word of a change."""

from __future__ import annotations

from ytempire.accounts import changed_letter, count_forgotten, mail, mail_reset_link
from ytempire.accounts.model import Account
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


def tell_change(parts: Parts, account: Account, what: str) -> None:
    """Begin to tell the account's owner what was changed."""
    if parts.post and account.email:
        parts.later.do(mail(parts.post, changed_letter(account.email, what)))
