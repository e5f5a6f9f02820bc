"""Whatever order facts come in, however often, in whatever batches: the same releases, links and changes."""

import random
from itertools import permutations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.emptying import empty
from tests.examples import examples
from tests.ingest.story import Story, at, change, deployment, incident

HOURS = st.sampled_from([0, 1, 2, 5, 12, 20, 24, 30, 44, 49, 73, 80])
VERSIONS = st.sampled_from(["v1", "v2", "v3", "abc"])
NUMBERS = st.sampled_from(["1", "2", "3", "4", "5", "6"])
MAYBE = st.sampled_from([None, None, None, "1", "2", "3"])

DEPLOYMENTS = st.builds(
    lambda number, version, hours, took, **rest: deployment(
        number, version, hours, started_at=None if took is None else at(hours - took), **rest
    ),
    NUMBERS,
    VERSIONS,
    HOURS,
    st.sampled_from([None, None, 1, 30]),
    source=st.sampled_from(["cd", "cd", "registry"]),
    subject=st.sampled_from(["ranker", "ranker", "ranker", "classifier"]),
    environment=st.sampled_from(["production", "production", "production", "staging"]),
    status=st.sampled_from(["succeeded", "succeeded", "succeeded", "failed", "running"]),
    kind=st.sampled_from([None, None, None, None, "rollback", "config", "restart", "canary", "release"]),
    traffic_percent=st.sampled_from([None, None, None, 10, 100]),
    git_sha=st.sampled_from([None, "abc", "def"]),
    rolls_back=MAYBE,
    remediates=st.sampled_from([None, None, None, "a", "b"]),
    deleted=st.sampled_from([False, False, False, True]),
)
INCIDENTS = st.builds(
    incident,
    st.sampled_from(["a", "b", "c"]),
    HOURS,
    source=st.sampled_from(["pager", "pager", "tracker"]),
    subject=st.sampled_from(["ranker", "ranker", "classifier"]),
    caused_by=st.sampled_from([None, None, "1", "2", "v1", "abc"]),
    deleted=st.sampled_from([False, False, True]),
)
CHANGES = st.builds(
    change,
    st.sampled_from(["x", "y", "z"]),
    HOURS,
    deployment=MAYBE,
    git_sha=st.sampled_from([None, "abc", "v2"]),
    deleted=st.sampled_from([False, False, True]),
)


def named(kind: str, facts: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """One fact per name: which of two that differ wins is the store's to say, by time of change."""
    return [(kind, fact) for fact in {(fact["source"], fact["external_id"]): fact for fact in facts}.values()]


TOLD = st.builds(
    lambda deployments, incidents, changes: (
        named("deployments", deployments) + named("incidents", incidents) + named("changes", changes)
    ),
    st.lists(DEPLOYMENTS, min_size=1, max_size=9),
    st.lists(INCIDENTS, max_size=3),
    st.lists(CHANGES, max_size=3),
)


def end_of(engine: Engine, *batches: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """The end state after telling batches to an emptied database."""
    with engine.begin() as connection:
        empty(connection)
    story = Story(engine)
    for batch in batches:
        for kind in dict.fromkeys(kind for kind, _ in batch):
            story.tell(kind, *(fact for each, fact in batch if each == kind))
    return story.ended_state()


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=TOLD, seed=st.integers(0, 10_000))
def test_order_and_batches_of_facts_never_change_the_end(sqlite: Engine, told: list[Any], seed: int) -> None:
    shuffled = random.Random(seed).sample(told, len(told))
    cut = seed % (len(told) + 1)
    expected = end_of(sqlite, told)
    assert end_of(sqlite, *([one] for one in shuffled)) == expected
    assert end_of(sqlite, shuffled[:cut], shuffled[cut:]) == expected


def test_a_commit_bridges_two_runs_of_a_version_whichever_comes_last(sqlite: Engine) -> None:
    """The third goes by the version that the first gives its commit, and lies near both."""
    runs = [
        deployment("1", "v1", 2, git_sha="abc"),
        deployment("2", "v1", 30),
        deployment("3", "abc", 12, git_sha="abc"),
    ]
    told = [("deployments", run) for run in runs]
    expected = end_of(sqlite, told)
    assert [members for members, *_ in expected["releases"]] == [("cd:1", "cd:2", "cd:3")]
    for order in permutations(told):
        assert end_of(sqlite, *([one] for one in order)) == expected


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=TOLD, seed=st.integers(0, 10_000))
def test_facts_told_twice_end_as_if_told_once(sqlite: Engine, told: list[Any], seed: int) -> None:
    again = random.Random(seed).sample(told, len(told))
    assert end_of(sqlite, told, again, told) == end_of(sqlite, told)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=TOLD, after=TOLD, seed=st.integers(0, 10_000))
def test_a_corrected_past_ends_as_if_it_had_always_been_told_so(
    sqlite: Engine, before: list[Any], after: list[Any], seed: int
) -> None:
    last = {(kind, fact["source"], fact["external_id"]): (kind, fact) for kind, fact in before + after}
    order = random.Random(seed).sample(after, len(after))
    assert end_of(sqlite, before, *([one] for one in order)) == end_of(sqlite, list(last.values()))
