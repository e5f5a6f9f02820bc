"""The demo's past is made once and then stays as it is."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import KINDS
from ops_console.contracts.vocabulary import IncidentStatus, RunStatus
from ops_console.demo import calibration, company, world
from ops_console.demo.plan import plan
from ops_console.demo.story import MONTHS, lognormal, poisson
from tests.demo.stories import ANCHOR, HOURLY, by_identity, facts, story

pytestmark = pytest.mark.xdist_group("story")
ANCHORS = [ANCHOR, datetime(2026, 3, 30, 0, 30, tzinfo=UTC), datetime(2024, 2, 29, 23, 59, tzinfo=UTC)]
MOMENTS = [(kind, anchor) for kind in KINDS for anchor in ANCHORS if kind not in HOURLY]
"""Hourly rows are told by one rule: they are read in full at one moment, among the tests of SLOs."""
ONE_PER_THING = sorted(set(KINDS) - {"sli_slices", "costs", "models"})


@pytest.fixture(scope="module")
def twice() -> list[dict[str, list[list[Any]]]]:
    """The first rows of every batch by kind, told two times."""
    found: list[dict[str, list[list[Any]]]] = [{kind: [] for kind in KINDS} for _ in range(2)]
    for told in found:
        for batch in world.batches(story()):
            told[batch.kind].append([batch.source, *islice(batch.rows, 3000)])
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_day_tells_the_same_facts(twice: list[dict[str, list[list[Any]]]], kind: str) -> None:
    first, second = (told[kind] for told in twice)
    assert first == second and first


def test_another_seed_tells_another_story() -> None:
    assert plan(story()) != plan(type(story())(ANCHOR, ANCHOR, seed="other"))


def test_a_day_later_nothing_that_was_told_is_taken_back() -> None:
    before, after = by_identity(story()), by_identity(story(days_later=1))
    assert before.keys() <= after.keys()


def test_a_day_later_what_was_finished_reads_the_same() -> None:
    before, after = by_identity(story()), by_identity(story(days_later=9))
    changed = [key for key, row in before.items() if after[key] != row]
    assert len(after) > len(before)
    assert all(after[key]["updated_at"] > before[key]["updated_at"] for key in changed)


@pytest.mark.parametrize("kind", ONE_PER_THING)
def test_a_source_names_a_thing_once(kind: str) -> None:
    names = [(fact.source, fact.external_id) for fact in facts(story(), kind)]
    assert len(names) == len(set(names))


def _instants(fact: Fact) -> list[datetime]:
    return [value for name, value in fact if isinstance(value, datetime) and not name.startswith("billing_period")]


@pytest.mark.parametrize(("kind", "anchor"), MOMENTS)
def test_every_fact_passes_the_door_and_lies_in_the_past(kind: str, anchor: datetime) -> None:
    told = facts(story(anchor), kind)
    assert told
    assert kind == "budgets" or all(moment <= anchor for fact in told for moment in _instants(fact))


def test_the_story_reaches_eighteen_months_back() -> None:
    told = story()
    assert told.start == datetime(2025, 5, 1, tzinfo=UTC) - timedelta(hours=1)
    assert len(list(told.months())) == MONTHS + 1


def test_every_roll_out_belongs_to_the_cast() -> None:
    known = {member.service_name for member in company.CAST} | {member.slug for member in company.CAST}
    named = {fact.subject for fact in facts(story(), "deployments")}
    assert named - known == {company.UNREGISTERED}


def test_versions_are_made_before_they_are_ready_and_ready_before_they_are_live() -> None:
    ready = {(fact.model, fact.version): fact.ready_at for fact in facts(story(), "model_versions")}
    promoted = [fact for fact in facts(story(), "deployments") if fact.source == company.REGISTRY]
    assert promoted
    assert all(ready[fact.model, fact.version] <= fact.finished_at for fact in promoted)


def test_one_incident_is_open_today() -> None:
    still_open = [fact for fact in facts(story(), "incidents") if fact.status is not IncidentStatus.RESOLVED]
    assert [fact for fact in still_open if fact.service == "svc-offer-picker" and fact.restored_at is None]


def test_some_roll_outs_fail_and_some_are_undone() -> None:
    runs = facts(story(), "deployments")
    assert {RunStatus.SUCCEEDED, RunStatus.FAILED} <= {run.status for run in runs}
    assert {"rollback", "hotfix", "restart", "config", "canary", None} <= {run.kind for run in runs}


@pytest.mark.parametrize("anchor", ANCHORS)
def test_the_bad_month_breaks_more_than_any_other(anchor: datetime) -> None:
    told = story(anchor)
    broken = [each.live for each in plan(told).rollouts if each.breaks]
    months = [sum(map(month.contains, broken)) for month in told.months()]
    assert sum(map(told.bad_month.contains, broken)) >= 2
    assert max(months) <= sum(map(told.bad_month.contains, broken)) + 2


def test_draws_follow_the_measured_shape() -> None:
    dice = story().dice("shape")
    drawn = sorted(lognormal(dice, calibration.RESTORE_HOURS) for _ in range(4000))
    assert drawn[2000] == pytest.approx(1.28, rel=0.1)
    assert drawn[3600] == pytest.approx(5.36, rel=0.15)
    assert sum(poisson(dice, 1.5) for _ in range(4000)) / 4000 == pytest.approx(1.5, rel=0.1)
