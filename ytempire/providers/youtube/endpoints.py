"""Where Google answers, or what stands in for it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from ytempire.kit.errors import BadInput
from ytempire.kit.settings import is_loopback

GOOGLE_HOST = ".googleapis.com"


@dataclass(frozen=True)
class Endpoints:
    """Addresses of the API (`root` ends with a slash) and of the OAuth server."""

    root: str = "https://youtube.googleapis.com/"
    consent: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    revoke: str = "https://oauth2.googleapis.com/revoke"

    @property
    def stand_in(self) -> bool:
        """Whether anything here is not Google's: then nothing here may count as published for real."""
        return not all(
            address.startswith("https://") and _host(address).endswith(GOOGLE_HOST)
            for address in (self.root, self.token)
        )

    @property
    def platform(self) -> str:
        """The name a connection is kept under, so that no token is ever shown to the other side."""
        return "sandbox" if self.stand_in else "youtube"

    @classmethod
    def at(cls, root: str) -> Endpoints:
        """Google's addresses for Google's host, else everything below this one. Raises BadInput.

        Plain http is taken on loopback only: elsewhere it would show tokens to the network.
        """
        parts = urlsplit(root)
        base = root.rstrip("/") + "/"
        if parts.scheme == "https" and _host(root).endswith(GOOGLE_HOST):
            return cls(root=base)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(_host(root))):
            raise BadInput(
                f"{root!r} is neither https nor on this machine",
                field="YTEMPIRE_YOUTUBE_ROOT_URL",
                fix="Use https://youtube.googleapis.com/ or a sandbox such as http://127.0.0.1:8090/google/.",
            )
        return cls(root=base, consent=f"{base}o/oauth2/v2/auth", token=f"{base}token", revoke=f"{base}revoke")


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""
