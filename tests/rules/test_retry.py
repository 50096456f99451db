"""Where a person's retry begins, and what it keeps."""

from datetime import UTC, datetime, timedelta

import pytest

from ytempire.kit.errors import BadInput
from ytempire.orchestration.rules import plan_retry
from ytempire.production import StepRow
from ytempire.production.mending import maker_of
from ytempire.production.model import Check, Order, StepName, VideoState

BEGAN = datetime(2026, 11, 23, tzinfo=UTC)
SPENT = [("script", 100), ("voice", 20), ("render", 3), ("thumbnail", 1)]


def rows(failed: StepName, remake: str = "") -> dict[str, StepRow]:
    made = {}
    for at, step in enumerate(StepName):
        state = "failed" if step is failed else "done"
        result = {"remake": remake} if step is failed and remake else None
        began = BEGAN + timedelta(seconds=at)
        made[str(step)] = StepRow(step, "", state, 1, "", began, None, began, result)
        if step is failed:
            return made
    return made


def test_without_a_fault_of_another_step_it_goes_on_where_it_failed() -> None:
    plan = plan_retry(VideoState.FAILED, rows(StepName.VOICE), SPENT, None)
    assert (plan.begins, plan.remake) == (StepName.VOICE, None)
    assert plan.kept == (StepName.TOPIC, StepName.SCRIPT)
    assert (plan.kept_microusd, plan.again_microusd) == (100, 24)


def test_it_begins_with_the_step_at_fault_or_with_the_one_that_is_wished() -> None:
    refused = rows(StepName.QUALITY, "visuals")
    plan = plan_retry(VideoState.FAILED, refused, SPENT, None)
    assert (plan.begins, plan.remake, plan.again_microusd) == (StepName.VISUALS, StepName.VISUALS, 4)
    plan = plan_retry(VideoState.FAILED, refused, SPENT, StepName.SCRIPT)
    assert (plan.remake, plan.kept) == (StepName.SCRIPT, (StepName.TOPIC,))
    done = rows(StepName.PUBLISH, "")
    assert plan_retry(VideoState.PUBLISHED, done, SPENT, None).begins is StepName.PUBLISH


def test_what_cannot_be_retried_says_why() -> None:
    failed = rows(StepName.VOICE)
    for state, wanted, field in (
        (VideoState.IN_REVIEW, None, "video"),
        (VideoState.CANCELLED, StepName.VOICE, "video"),
        (VideoState.FAILED, StepName.REVIEW, "from"),
        (VideoState.FAILED, StepName.RENDER, "from"),
    ):
        with pytest.raises(BadInput) as refused:
            plan_retry(state, failed, SPENT, wanted)
        assert refused.value.field == field
        assert refused.value.fix
    assert plan_retry(VideoState.IN_REVIEW, failed, SPENT, StepName.SCRIPT).remake is StepName.SCRIPT


@pytest.mark.parametrize(
    ("names", "maker"),
    [
        (["faststart"], StepName.RENDER),
        (["thumbnail contrast 2"], StepName.THUMBNAIL),
        (["thumbnail words 1", "loudness"], StepName.VISUALS),
        (["loudness", "caption sync"], StepName.VOICE),
    ],
)
def test_a_refusal_names_the_earliest_step_that_decided_it(names: list[str], maker: StepName) -> None:
    assert maker_of(Check(name, "", "", passed=False) for name in names) is maker


def test_another_script_has_none_of_the_edits_of_the_one_before() -> None:
    edited = Order(sentence_edits=((6, "The seventh."),))
    assert edited.again(StepName.VOICE).sentence_edits == edited.sentence_edits
    assert edited.again(StepName.SCRIPT) == Order(remade=(StepName.SCRIPT,))
