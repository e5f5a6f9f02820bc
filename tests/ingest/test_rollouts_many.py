"""The quick ways for deployments that belong with no other lead where the general ones do."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops_console.contracts.vocabulary import DeploymentKind, RunStatus
from ops_console.ingest import releases, rollouts
from ops_console.ingest.readiness import Readiness
from ops_console.ingest.rollouts import HOUR, Rollout, Seen, seen_in

NAMES = st.sampled_from(["1", "2", "3", "abc", "def"])
MAYBE = st.none() | st.sampled_from(["", "x1"])
HOURS = st.integers(0, 80).map(lambda hour: hour * HOUR)


@st.composite
def deployments(draw: Callable[..., Any], number: int = 0) -> Seen:
    ended = draw(HOURS)
    row = {
        "id": number,
        "release_id": None,
        "entry_id": 1,
        "environment": "production",
        "source": draw(st.sampled_from(["cd", "registry"])),
        "external_id": f"d{number}",
        "version": draw(NAMES),
        "git_sha": draw(st.none() | NAMES),
        "status": draw(st.sampled_from([status.value for status in RunStatus])),
        "kind": draw(st.none() | st.sampled_from([kind.value for kind in DeploymentKind])),
        "strategy": draw(st.sampled_from([None, "canary", "rolling"])),
        "traffic_percent": draw(st.sampled_from([None, Decimal(5), Decimal(100)])),
        "ready_at": draw(st.none() | HOURS),
        "requested_at": draw(st.none() | HOURS),
        "approved_at": draw(st.none() | HOURS),
        "started_at": draw(st.none() | HOURS),
        "ended": ended,
        "rolls_back": draw(MAYBE),
        "remediates": draw(MAYBE),
        "url": draw(MAYBE),
    }
    return seen_in([*row.values()])


@st.composite
def histories(draw: Callable[..., Any]) -> list[Seen]:
    return [draw(deployments(number)) for number in range(draw(st.integers(0, 8)))]


@settings(max_examples=6000, deadline=None)
@given(deployments())
def test_a_deployment_makes_the_same_release_alone_as_where_several_are_merged(seen: Seen) -> None:
    nothing = Readiness(None, [])  # type: ignore[arg-type]  # asked about nothing, it asks no database
    assert releases.release_values(Rollout([seen]), nothing) == releases._together([seen], nothing)


@settings(max_examples=6000, deadline=None)
@given(histories())
def test_deployments_that_share_no_name_are_apart_however_they_are_looked_at(told: list[Seen]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rollouts, "_shared", every_name)
        general = rollouts.rollouts(told)
    found = rollouts.rollouts(told)
    assert [each.members for each in found] == [each.members for each in general]
    assert [each.versions for each in found] == [each.versions for each in general]


def every_name(told: Iterable[Seen]) -> set[str]:
    return {name for seen in told for name in rollouts.shas_of(seen)}
