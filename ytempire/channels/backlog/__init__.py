"""What videos are about next."""

from ytempire.channels.backlog.topics import add_topics, take_topic, used_topics

__all__ = ["add_topics", "take_topic", "used_topics"]
