"""Image generation: a drawn landscape in the prompt's own colours, always answered in base64."""

import base64
import io
import secrets
from typing import Any

from sandbox import bills
from sandbox.openai import prices, tokens
from sandbox.openai.access import check_balance
from sandbox.openai.completions import check_model
from sandbox.openai.errors import Refused
from sandbox.openai.paint import paint
from sandbox.state import State, digest

_TOKENS_PER_MEGAPIXEL = {"low": 260, "medium": 1000, "high": 4000, "xhigh": 5500, "max": 7000, "auto": 1000}


def generate(state: State, asked: dict[str, Any]) -> dict[str, Any]:
    """`n` images of the wanted size, billed by their output tokens."""
    model, prompt = str(asked.get("model", "")), str(asked.get("prompt") or "")
    check_model(model, images=True)
    if not prompt:
        raise Refused("missing_required_parameter", "Missing required parameter: 'prompt'.", "prompt")
    width, height = _size(str(asked.get("size") or "auto"))
    amount, quality = int(asked.get("n") or 1), str(asked.get("quality") or "auto")
    form = str(asked.get("output_format") or "png")
    if not 1 <= amount <= 10 or quality not in _TOKENS_PER_MEGAPIXEL or form not in ("png", "jpeg", "webp"):
        raise Refused("invalid_value", "Invalid 'n', 'quality' or 'output_format'.", "n")
    check_balance(state)
    pictures = []
    for at in range(amount):
        drawn = io.BytesIO()
        paint(width, height, digest([prompt, at, secrets.token_hex(4)])).save(drawn, form)
        pictures.append({"b64_json": base64.b64encode(drawn.getvalue()).decode()})
    asked_tokens = tokens.count(prompt)
    made_tokens = amount * -(-_TOKENS_PER_MEGAPIXEL[quality] * width * height // 1_000_000)
    cost = prices.cost_microusd(model, at=state.now(), fresh=asked_tokens, cached=0, written=0, output=made_tokens)
    with state.change():
        bills.charge(
            state,
            vendor="openai",
            operation="images.generate",
            model=model,
            request_hash=digest(asked),
            marker=None,
            cost_microusd=cost,
            reference=secrets.token_hex(8),
            meters={"prompt": asked_tokens, "output": made_tokens, "images": amount},
        )
    return {
        "created": int(state.now()),
        "background": "opaque",
        "data": pictures,
        "output_format": form,
        "quality": "medium" if quality == "auto" else quality,
        "size": f"{width}x{height}",
        "usage": {
            "input_tokens": asked_tokens,
            "output_tokens": made_tokens,
            "total_tokens": asked_tokens + made_tokens,
            "input_tokens_details": {"text_tokens": asked_tokens, "image_tokens": 0},
            "output_tokens_details": {"text_tokens": 0, "image_tokens": made_tokens},
        },
    }


def _size(wanted: str) -> tuple[int, int]:
    """Multiples of 16 within 1:3 and 3:1, up to 3840x2160 (openai.types.image_generate_params)."""
    if wanted == "auto":
        return 1024, 1024
    width, _, height = wanted.partition("x")
    if width.isdecimal() and height.isdecimal():
        across, down = int(width), int(height)
        fits = across % 16 == 0 and down % 16 == 0 and across and down
        if (
            fits
            and max(across, down) <= 3 * min(across, down)
            and max(across, down) <= 3840
            and (256 * 256 <= across * down <= 3840 * 2160)
        ):
            return across, down
    raise Refused("invalid_value", f"Invalid size '{wanted}'.", "size")
