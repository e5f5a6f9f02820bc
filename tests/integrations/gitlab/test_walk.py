"""Lists are walked by the time of change: nothing that moves is skipped, and no offset grows."""

import time_machine

from tests.integrations.gitlab.conftest import NOW
from tests.integrations.gitlab.lab import BEGAN, DAY, HOUR, MINUTE, PROJECT, Lab, stamp
from tests.integrations.gitlab.pulled import asked, deployed, facts, pages


def test_no_offset_grows_however_many_there_are(lab: Lab) -> None:
    """GitLab refuses what lies beyond its largest offset."""
    lab.page, lab.most = 2, 100
    deployed(lab, 20)
    assert len(facts(pages(lab))) == 20


def test_what_changed_at_one_instant_is_asked_for_by_number(lab: Lab) -> None:
    lab.page = 2
    for _ in range(7):
        lab.deploy(BEGAN)
    lab.deploy(BEGAN + DAY)
    assert len(facts(pages(lab))) == 8


def test_what_moves_while_a_walk_is_under_way_shifts_nothing_past_us(lab: Lab) -> None:
    lab.page = 2
    deployed(lab, 7)
    found = facts([first := pages(lab)[0]])
    for number in (1000, 1001):
        lab.turn(number, "failed", BEGAN + DAY)
    lab.deploy(BEGAN + DAY)
    found |= facts(pages(lab, first.cursor))
    assert len(found) == 8
    assert [found[str(number)]["status"] for number in (1000, 1001)] == ["failed", "failed"]


def test_a_word_that_comes_late_is_heard_however_old_the_deployment(lab: Lab, clock: time_machine.Traveller) -> None:
    deployed(lab, 1)
    cursor = pages(lab)[-1].cursor
    clock.shift(40 * DAY)
    lab.turn(1000, "failed", NOW + 39 * DAY)
    assert facts(pages(lab, cursor))["1000"]["status"] == "failed"


def test_what_a_lagging_replica_did_not_tell_is_met_by_the_overlap(lab: Lab, clock: time_machine.Traveller) -> None:
    cursor = pages(lab)[-1].cursor
    lab.deploy(NOW - 5 * MINUTE)
    clock.shift(MINUTE)
    assert sorted(facts(pages(lab, cursor))) == ["1000"]


def test_an_open_deployment_and_an_open_incident_are_asked_for_again(lab: Lab, clock: time_machine.Traveller) -> None:
    lab.deploy(NOW - DAY)
    lab.raise_incident(NOW - DAY)
    cursor = pages(lab)[-1].cursor
    clock.shift(HOUR)
    lab.asked.clear()
    lab.deployments[1000] |= {"status": "failed"}
    assert facts(pages(lab, cursor))["1000"]["status"] == "failed"
    assert {"deployments/1000", "issues/1"} <= set(asked(lab))


def test_what_is_open_and_gone_leaves_a_tombstone(lab: Lab) -> None:
    lab.deploy(NOW - DAY)
    lab.raise_incident(NOW - DAY)
    lab.run(NOW - DAY)
    cursor = pages(lab)[-1].cursor
    for things in (lab.deployments, lab.issues, lab.pipelines):
        things.clear()
    found = pages(lab, cursor)
    gone = {"deleted": True, "updated_at": "2026-11-04T12:00:00Z"}
    assert facts(found) == {"1000": {"external_id": "1000", **gone}}
    assert facts(found, "incidents") == {f"{PROJECT}#1": {"external_id": f"{PROJECT}#1", **gone}}
    assert facts(found, "pipeline_runs") == {}


def test_what_nobody_ever_ends_is_given_up_after_a_month_and_of_many_the_newest_are_kept(
    lab: Lab, clock: time_machine.Traveller
) -> None:
    for number in range(120):
        lab.deploy(NOW - DAY + number * MINUTE)
    cursor = pages(lab)[-1].cursor
    assert cursor[PROJECT]["deployments"]["open"] == list(range(1020, 1120))
    clock.shift(31 * DAY)
    assert pages(lab, cursor)[-1].cursor[PROJECT]["deployments"]["open"] == []


def test_tiers_say_what_production_is_until_somebody_chose(lab: Lab) -> None:
    for name in ("prod-eu", "staging", "review/7", "production"):
        lab.deploy(BEGAN, name)
    lab.deploy(BEGAN, "new")
    lab.deployments[1004]["environment"]["tier"] = "production"
    by_tier = [each["environment"] for each in facts(pages(lab)).values()]
    assert by_tier == ["production", "staging", "review/7", "production", "production"]
    chosen = [each["environment"] for each in facts(pages(lab, production=["staging"])).values()]
    assert chosen == ["prod-eu", "production", "review/7", "production", "new"]


def test_a_deployment_without_a_job_is_timed_by_its_last_change(lab: Lab) -> None:
    lab.deploy(BEGAN, deployable=None, ref="v1.4.2")
    lab.turn(1000, "success", BEGAN + HOUR)
    found = facts(pages(lab))["1000"]
    assert (found["finished_at"], found["version"]) == ("2026-10-01T01:00:00.250000Z", "v1.4.2")


def test_a_merge_request_that_changed_after_its_merge_is_read_again(lab: Lab, clock: time_machine.Traveller) -> None:
    lab.merge(5, BEGAN)
    cursor = pages(lab)[-1].cursor
    clock.shift(DAY)
    lab.merges[5] |= {"updated_at": stamp(NOW), "title": "Better words"}
    assert facts(pages(lab, cursor), "changes")[f"{PROJECT}!5"]["title"] == "Better words"
