"""One question to the language model, paid through the ledger and asked at most once."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from ytempire.kit.errors import NotConfigured, YtempireError
from ytempire.kit.ids import content_hash
from ytempire.ledger import Category, Meters, PaidCall
from ytempire.production.artifacts import find_artifact, keep_artifact
from ytempire.production.model import StepName
from ytempire.production.ports import Writer, Written
from ytempire.production.step import Tools, Work

ASK_AGAIN = (
    "Retry it (POST /api/v1/videos/{id}/retry, or `ytempire retry`) to ask anew; an operator may set another model"
    " (YTEMPIRE_MODEL_CHEAP, YTEMPIRE_MODEL_STRONG)."
)


class AnswerUnusable(YtempireError):  # noqa: N818
    """The model answered, and was paid, but what it said can't be used."""

    code = "answer_unusable"


@dataclass(frozen=True)
class Question:
    """What is asked: messages as (role, text), the strict schema of the answer, words for the receipt."""

    messages: tuple[tuple[str, str], ...]
    schema: dict[str, object]
    max_output_tokens: int
    what: str


async def ask(work: Work, step: StepName, role: str, question: Question) -> dict[str, Any]:
    """The model's structured answer; asked again with the same words it is the recorded one, until the step is remade.

    What another video of this user asked in the very same words, in vain or for a channel like this, is not paid again.

    Raises AnswerUnusable if the model refused or broke off, NotConfigured without a model, and what the ledger raises.
    """
    writer = require_writer(work.tools)
    once = (
        f"{work.video.id}:{step}:{content_hash([role, question.messages, question.schema, *work.take_of(step)])[:24]}"
    )
    call = PaidCall(
        user_id=work.video.user_id,
        video_id=work.video.id,
        step=step,
        category=Category.OPENAI,
        what=f"{question.what} ({role})",
        once=once,
        estimate=writer.estimate(role, question.messages, question.max_output_tokens, schema=question.schema),
        attempt=work.attempt,
        role=role,
    )

    async def perform() -> tuple[dict[str, Any], Meters]:
        return _recorded(
            await writer.write(
                role,
                question.messages,
                schema=question.schema,
                max_output_tokens=question.max_output_tokens,
                once=once,
            )
        )

    async def look() -> tuple[dict[str, Any], Meters] | None:
        found = await writer.look(once, role)
        return _recorded(found) if found else None

    key = content_hash([call.estimate.model, writer.origin, role, *_said(question), *work.take_of(step)])
    again = work.video.order.even_if_similar  # another video of the same subject, so not the same script
    kept = None if again else await find_artifact(work, "answer", key, run=once)
    if kept and kept.hit:
        saved = replace(call, what=f"{question.what} answered before", once=f"{once}:saved", role="")
        await work.tools.ledger.saved(saved)
        return _answer_of(kept.value)
    result = await work.tools.ledger.spend(call, perform, look if writer.can_look else None)
    if result["problem"]:
        raise AnswerUnusable(
            f"the model's answer can't be used: {result['problem']}",
            fix=ASK_AGAIN,
            remake=step,
        )
    if kept is None and not again:
        await keep_artifact(work, "answer", key, {"answer": result["answer"]}, run=once)
    return _answer_of(result)


def _answer_of(recorded: dict[str, Any]) -> dict[str, Any]:
    """The answer as the model gave it."""
    answer: dict[str, Any] = json.loads(recorded["answer"])
    return answer


def _said(question: Question) -> tuple[object, ...]:
    return question.messages, question.schema, question.max_output_tokens


def require_writer(tools: Tools) -> Writer:
    """The model. Raises NotConfigured saying how to get one, or how to do without."""
    if tools.writer is None:
        raise NotConfigured(
            "no language model is configured, so a topic or an article can't become a script",
            field="OPENAI_API_KEY",
            fix="Give your own words as `script` (--script FILE). Who runs this installation sets OPENAI_API_KEY (or"
            " OPENAI_BASE_URL for a server of their own), or rehearses with --rehearsal.",
        )
    return tools.writer


def _recorded(written: Written) -> tuple[dict[str, Any], Meters]:
    # the answer is kept as its text: JSONB would reorder its keys and change its numbers
    return {"answer": json.dumps(written.answer), "problem": written.problem, "id": written.vendor_id}, written.meters
