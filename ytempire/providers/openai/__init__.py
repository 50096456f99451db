"""The language model: OpenAI, or any server that speaks its chat completions."""

from ytempire.providers.openai.writer import OpenAiWriter

__all__ = ["OpenAiWriter"]
