"""Who may take over a relayed call, and under which name it stands."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from ytempire.kit.ids import new_id
from ytempire.orchestration.ports import Asked
from ytempire.orchestration.relay.rules import attempt_now, once_of

LONGEST_S = 166.0


def test_a_call_that_nobody_is_at_goes_on_as_it_is() -> None:
    assert attempt_now(1, 5_000.0, claimed=False, longest_s=LONGEST_S) == 1
    assert attempt_now(170, 3.0, claimed=False, longest_s=LONGEST_S) == 170


@given(st.lists(st.floats(0, 1_000), min_size=1, max_size=8))
def test_whoever_has_a_call_has_it_for_as_long_as_a_call_may_take(waits: list[float]) -> None:
    attempt, begun_s, age_s = 1, 0.0, 0.0
    for wait_s in waits:
        age_s += wait_s
        taken = attempt_now(attempt, age_s, claimed=True, longest_s=LONGEST_S)
        if taken is None:
            assert age_s - begun_s <= LONGEST_S + 2, "one that died is not kept for long"
        else:
            assert age_s - begun_s >= LONGEST_S - math.ulp(LONGEST_S)
            assert taken > attempt
            attempt, begun_s = taken, age_s


def test_the_same_request_has_the_same_name_and_a_key_names_the_call_with_it() -> None:
    video = new_id()
    asked = Asked("responses.create", {"model": "m", "input": "x"})
    turned = Asked("responses.create", {"input": "x", "model": "m"})
    names = [once_of(video, "openai", one, None) for one in (asked, turned)]
    assert names[0] == names[1]
    assert names[0][0] == names[0][1]
    assert names[0][1].startswith(f"{video}:relay:openai:")
    others = {
        once_of(new_id(), "openai", asked, None),
        once_of(video, "openai", Asked("chat.completions.create", asked.body), None),
        once_of(video, "openai", Asked("responses.create", asked.body, {"a": "b"}), None),
        once_of(video, "openai", asked, "k"),
        names[0],
    }
    assert len(others) == 5
    (prefix, name), (same, other) = (once_of(video, "openai", one, "k") for one in (asked, Asked("x", {})))
    assert prefix == same
    assert name != other
    assert name.startswith(f"{prefix}:")
