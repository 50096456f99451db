"""The language model: OpenAI, or any server that speaks its chat completions."""

from ytempire.providers.openai.relay import OpenAiRelay
from ytempire.providers.openai.writer import OpenAiWriter

__all__ = ["OpenAiRelay", "OpenAiWriter"]
