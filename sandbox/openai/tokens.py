"""Token counts and the prompt cache.

Counts are an estimate, four bytes a token: a bill needs a number, not a tokenizer.
"""

import hashlib

from sandbox.state import State

CACHE_FROM = 1024
"""Prompts shorter than this many tokens are never cached."""
CACHE_STEP = 128
RETENTION_S = 1800.0


def count(text: str) -> int:
    """Tokens of a text."""
    return -(-len(text.encode()) // 4)


def cache_split(state: State, model: str, prompt: str) -> tuple[int, int]:
    """(cached, written) tokens of a prompt: the longest prefix seen in the last half hour, and the rest now kept."""
    total = count(prompt)
    if total < CACHE_FROM:
        return 0, 0
    raw, now, cached = prompt.encode(), state.now(), 0
    whole = total // CACHE_STEP * CACHE_STEP
    with state.change():
        state.run("delete from prompt_prefixes where used_at < ?", now - RETENTION_S)
        for tokens in range(CACHE_FROM, whole + 1, CACHE_STEP):
            key = hashlib.sha256(model.encode() + b"\0" + raw[: tokens * 4]).hexdigest()
            if state.row("select 1 from prompt_prefixes where hash = ?", key):
                cached = tokens
            state.run(
                "insert into prompt_prefixes values (?, ?) on conflict (hash) do update set used_at = ?", key, now, now
            )
    return cached, whole - cached
