"""What videos are about next."""

from ytempire.channels.backlog.arrange import change_topic
from ytempire.channels.backlog.topics import (
    add_series,
    add_topics,
    brief_of,
    list_topics,
    look_at_topic,
    page_of_topics,
    take_topic,
    used_topics,
)

__all__ = [
    "add_series",
    "add_topics",
    "brief_of",
    "change_topic",
    "list_topics",
    "look_at_topic",
    "page_of_topics",
    "take_topic",
    "used_topics",
]
