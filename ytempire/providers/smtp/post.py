"""Mail by SMTP (RFC 5321), encrypted wherever it leaves this machine: STARTTLS, or TLS from the start."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from ytempire.accounts.ports import Letter
from ytempire.kit.errors import BadInput, VendorRefused
from ytempire.kit.settings import is_loopback

_WITHIN_S = 15.0
_FIX = "Check YTEMPIRE_SMTP_URL and YTEMPIRE_MAIL_FROM; meanwhile hand the link out yourself."


@dataclass(frozen=True)
class SmtpPost:
    """One mail server. `tls_from_start`: smtps; otherwise STARTTLS, which only this machine may do without."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls_from_start: bool = False
    trusts: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    async def send(self, letter: Letter) -> None:
        """Hand it over. Raises VendorRefused."""
        try:
            async with asyncio.timeout(_WITHIN_S):
                await asyncio.to_thread(self._send, letter)
        except (smtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            raise VendorRefused(
                f"the mail server {self.host}:{self.port} did not take the letter: {_said(error)}",
                vendor="smtp",
                reason=type(error).__name__,
                fix=_FIX,
            ) from error

    def _send(self, letter: Letter) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, letter.to, letter.subject
        message["Date"], message["Message-ID"] = formatdate(localtime=False), make_msgid(domain="ytempire.invalid")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        # each wait for the server is shorter than the whole, so that a thread never outlives it for long
        kind = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=_WITHIN_S / 3, context=self.trusts)
            if self.tls_from_start
            else smtplib.SMTP(self.host, self.port, timeout=_WITHIN_S / 3)
        )
        with kind as server:
            server.ehlo()
            if not self.tls_from_start and (server.has_extn("starttls") or not is_loopback(self.host)):
                server.starttls(context=self.trusts)  # raises where the server has none: nothing goes in the clear
                server.ehlo()
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "it did not answer in time"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return f"{code} {words.decode('utf-8', 'replace')}"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return str(error)[:200]


def post_of(url: str, sender: str) -> SmtpPost:
    """The server of an address such as smtp://user:password@mail.example.org:587. Raises BadInput."""
    fix = "Write smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://USER:PASSWORD@HOST:465."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadInput("the mail server's address can't be read", field="YTEMPIRE_SMTP_URL", fix=fix) from error
    if parts.scheme not in {"smtp", "smtps"} or not host:
        raise BadInput("that is no address of a mail server", field="YTEMPIRE_SMTP_URL", fix=fix)
    if "@" not in sender or not sender.isprintable():
        raise BadInput(
            f"{sender!r} can't be a sender", field="YTEMPIRE_MAIL_FROM", fix="Write it like studio@example.org."
        )
    secure = parts.scheme == "smtps"
    return SmtpPost(
        host,
        port or (465 if secure else 587),
        sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls_from_start=secure,
    )
