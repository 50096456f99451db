"""Channels: identity, brand, sources, backlog, and the authorisation to publish."""

from ytempire.channels.archive import archive_channel, require_live, restore_channel
from ytempire.channels.backlog import (
    add_series,
    add_topics,
    brief_of,
    change_topic,
    list_topics,
    look_at_topic,
    take_topic,
    used_topics,
)
from ytempire.channels.change import change_channel
from ytempire.channels.connect import ConsentRefused, connect_channel, disconnect_channel
from ytempire.channels.connecting import begin_connecting, finish_connecting
from ytempire.channels.consent import consent_to_autopilot, revoke_autopilot
from ytempire.channels.create import add_channel, create_channel
from ytempire.channels.credentials import Credentials
from ytempire.channels.find import (
    channel_in,
    connections_of,
    find_channel,
    find_connection,
    first_channel,
    list_channels,
    look_at_channel,
    page_of_channels,
    ready_channels,
)
from ytempire.channels.media import (
    archive_media,
    change_media,
    drop_logo,
    keep_logo,
    keep_media,
    library_of,
    logo_of,
    look_at_media,
    named_media,
    page_of_media,
)
from ytempire.channels.rules import DISCLOSURE, Choices, handle_for, mark_for, on_autopilot
from ytempire.channels.sources import (
    Refreshed,
    add_feed,
    add_sources,
    drop_source,
    list_feeds,
    list_sources,
    read_file,
    refresh_feeds,
    refresh_if_needed,
)
from ytempire.channels.store import is_connected

__all__ = [
    "DISCLOSURE",
    "Choices",
    "ConsentRefused",
    "Credentials",
    "Refreshed",
    "add_channel",
    "add_feed",
    "add_series",
    "add_sources",
    "add_topics",
    "archive_channel",
    "archive_media",
    "begin_connecting",
    "brief_of",
    "change_channel",
    "change_media",
    "change_topic",
    "channel_in",
    "connect_channel",
    "connections_of",
    "consent_to_autopilot",
    "create_channel",
    "disconnect_channel",
    "drop_logo",
    "drop_source",
    "find_channel",
    "find_connection",
    "finish_connecting",
    "first_channel",
    "handle_for",
    "is_connected",
    "keep_logo",
    "keep_media",
    "library_of",
    "list_channels",
    "list_feeds",
    "list_sources",
    "list_topics",
    "logo_of",
    "look_at_channel",
    "look_at_media",
    "look_at_topic",
    "mark_for",
    "named_media",
    "on_autopilot",
    "page_of_channels",
    "page_of_media",
    "read_file",
    "ready_channels",
    "refresh_feeds",
    "refresh_if_needed",
    "require_live",
    "restore_channel",
    "revoke_autopilot",
    "take_topic",
    "used_topics",
]
