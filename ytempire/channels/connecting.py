"""Verbs: connect a channel through a browser that comes back to the web server, not to the command that waits for it.

What has to be remembered in between travels in `state`, sealed for the user who asked: no row, nothing to clean up, and
any web process may receive the answer. The browser must be signed in as that user when it comes back; otherwise
somebody could be sent a page of Google's that connects their YouTube channel to another's account.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from ytempire.channels.connect import ConsentRefused, keep_consent
from ytempire.channels.credentials import Credentials
from ytempire.channels.find import find_channel
from ytempire.channels.model import Channel, Connection
from ytempire.channels.ports import Asking, Authoriser
from ytempire.kit.crypto import Undecryptable, place, seal, unseal
from ytempire.kit.outside import outside

GOOD_FOR = timedelta(minutes=15)


def begin_connecting(
    channel: Channel, authoriser: Authoriser, credentials: Credentials, *, redirect: str
) -> tuple[str, datetime]:
    """The consent page's address, and until when its answer is taken. Raises NotConfigured (the OAuth client)."""
    until = credentials.clock.now() + GOOD_FOR
    verifier = secrets.token_urlsafe(64)
    note = json.dumps([str(channel.id), verifier, until.isoformat()]).encode()
    sealed = seal(_key(credentials), note, _where(channel.user_id))
    return authoriser.page(Asking(redirect, base64.urlsafe_b64encode(sealed).decode(), verifier)), until


async def finish_connecting(
    user_id: UUID, answer: Mapping[str, str], authoriser: Authoriser, credentials: Credentials, *, redirect: str
) -> tuple[Channel, Connection]:
    """Keep what the owner granted. Raises ConsentRefused, NotFound (the channel), and what `Authoriser.granted` does.

    An earlier connection stays until the new one is there.
    """
    state = answer.get("state", "")
    try:
        note = unseal(_key(credentials), base64.urlsafe_b64decode(state), _where(user_id))
    except (Undecryptable, binascii.Error, ValueError) as error:
        raise ConsentRefused(
            "this answer does not belong to anything you asked for",
            field="state",
            fix="Connect the channel again, in the browser in which you are signed in.",
        ) from error
    channel_id, verifier, until = json.loads(note)
    if credentials.clock.now() > datetime.fromisoformat(until):
        raise ConsentRefused("this answer came too late", fix="Connect the channel again and answer within 15 minutes.")
    channel = await find_channel(credentials.database, user_id, UUID(channel_id))
    with outside():
        consent = await authoriser.granted(Asking(redirect, state, verifier), answer)
    return channel, await keep_consent(channel, consent, credentials)


def _key(credentials: Credentials) -> bytes:
    return hashlib.sha256(b"connecting|" + credentials.keys.wrapping_key).digest()


def _where(user_id: UUID) -> bytes:
    return place(tenant=user_id, table="connecting", column="state", row="")
