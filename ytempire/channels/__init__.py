"""Channels: identity, brand, sources, backlog, and the authorisation to publish."""

from ytempire.channels.change import change_channel
from ytempire.channels.connect import ConsentRefused, connect_channel, disconnect_channel
from ytempire.channels.create import create_channel
from ytempire.channels.credentials import Credentials
from ytempire.channels.find import find_channel, find_connection, list_channels
from ytempire.channels.rules import Choices
from ytempire.channels.store import is_connected
from ytempire.channels.topics import add_topics, take_topic, used_topics

__all__ = [
    "Choices",
    "ConsentRefused",
    "Credentials",
    "add_topics",
    "change_channel",
    "connect_channel",
    "create_channel",
    "disconnect_channel",
    "find_channel",
    "find_connection",
    "is_connected",
    "list_channels",
    "take_topic",
    "used_topics",
]
