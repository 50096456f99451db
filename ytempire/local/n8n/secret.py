"""What n8n signs its reports with: known to it and to our web server."""

from __future__ import annotations

import base64

from ytempire.kit.settings import Settings
from ytempire.local.folder import make_folder, secret_in


def webhook_secret(settings: Settings) -> str:
    """What n8n signs its reports with (POST /webhooks/n8n), as Standard Webhooks write it; made on first use."""
    secret = secret_in(make_folder(settings.state_dir / "secrets") / "n8n.webhook-secret")
    return f"whsec_{base64.b64encode(secret.encode()).decode()}"
