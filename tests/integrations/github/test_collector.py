"""Asking GitHub: nothing is lost between pages, nothing is asked twice, and every refusal says what to do."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from werkzeug import Response

from integrations.github import collector
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Page, Told
from tests.integrations.collectors import NEVER, WalkContract, pulled, until_trouble
from tests.integrations.github.conftest import NOW
from tests.integrations.github.forge import BEGAN, REPOSITORY, TOKEN, Forge

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def pages(forge: Forge, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> list[Page]:
    return pulled(collector, forge.setup(**changes), cursor)


def facts(found: list[Page]) -> dict[str, Told]:
    return {told.values["external_id"]: told for page in found for told in page.facts}


def deployed(forge: Forge, count: int) -> None:
    for number in range(count):
        forge.deploy(BEGAN + number * HOUR)
        forge.status(1000 + number, "in_progress", BEGAN + number * HOUR + timedelta(minutes=1))
        forge.status(1000 + number, "success", BEGAN + number * HOUR + timedelta(minutes=9))


def refused(status: int, message: str = "", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(json.dumps({"message": message}), status, headers=named, content_type="application/json")


class TestTheContract(WalkContract):
    collector, secret, again = collector, TOKEN, 4
    refusals = (
        (refused(401, "Bad credentials"), "does not accept the token", "Make a new token"),
        (refused(403, "Resource not accessible"), "does not let the token read the deployments", "permissions listed"),
        (refused(403, "SSO", X_GitHub_SSO="required"), "does not let the token read", "single sign-on"),
        (refused(404, "Not Found"), "GitHub does not find the deployments", "Check the name"),
        (refused(410, "Gone"), "does not find", "Check the name"),
        (refused(422, "Nonsense"), r"GitHub answers 422 .*\(Nonsense\)", "address of the API"),
    )
    waits = (
        (refused(429, "Too many", Retry_After="600"), 600),
        (refused(429, "Too many"), 60),
        (refused(429, "Too many", X_RateLimit_Remaining="0", X_RateLimit_Reset="1793797200"), 3600),
        (refused(403, "API rate limit exceeded", X_RateLimit_Remaining="0", X_RateLimit_Reset="1793797200"), 3600),
        (refused(403, "You have exceeded a secondary rate limit"), 60),
        (refused(403, "You have exceeded a secondary rate limit", Retry_After="120"), 120),
        (refused(503), None),
        (Response("<html>maintenance</html>", 200), None),
    )

    @pytest.fixture(autouse=True)
    def stands(self, forge: Forge) -> None:
        self.vendor = forge

    def happen(self, count: int) -> None:
        deployed(self.vendor, count)

    def happen_in_every_list(self) -> None:
        deployed(self.vendor, 7)
        for number in range(5):
            self.vendor.merge(number, BEGAN + number * DAY)
            self.vendor.publish(f"v{number}", BEGAN + number * DAY)
            self.vendor.start_run(number, BEGAN + number * DAY)
            self.vendor.end_run(number, "failure", BEGAN + number * DAY + HOUR)

    def steps(self) -> int:
        return 4 * (NOW - BEGAN).days


def test_deployments_pulls_and_runs_come_in_full(forge: Forge) -> None:
    deployed(forge, 1)
    forge.merge(5, BEGAN + DAY)
    forge.start_run(77, BEGAN + 2 * DAY)
    forge.end_run(77, "success", BEGAN + 2 * DAY + HOUR)
    found = facts(pages(forge))
    assert found["1000"].values["finished_at"] == "2026-10-01T00:09:00+00:00"
    assert found["1000"].values["started_at"] == "2026-10-01T00:01:00+00:00"
    assert dict(found["acme/ranker#5"].values) == {
        "external_id": "acme/ranker#5",
        "service": REPOSITORY,
        "repository": REPOSITORY,
        "url": "https://github.com/acme/ranker/pull/5",
        "title": "Change 5",
        "first_commit_at": "2026-10-01T15:00:00Z",
        "opened_at": "2026-10-01T19:00:00Z",
        "first_review_at": "2026-10-01T21:00:00Z",
        "approved_at": "2026-10-01T23:00:00Z",
        "merged_at": "2026-10-02T00:00:00Z",
        "updated_at": "2026-10-02T00:00:00.001000+00:00",
        "git_sha": f"{5:040x}",
        "author": "ben",
        "is_bot": False,
    }
    assert dict(found["77.1"].values) == {
        "external_id": "77.1",
        "url": "https://github.com/acme/ranker/actions/runs/77",
        "updated_at": "2026-10-03T01:00:00Z",
        "pipeline": "acme/ranker/train.yml",
        "run": "77",
        "flow": "train",
        "model": "ranker",
        "attempt": 1,
        "trigger": "schedule",
        "status": "succeeded",
        "started_at": "2026-10-03T00:00:00Z",
        "finished_at": "2026-10-03T01:00:00Z",
    }


def test_what_lies_before_the_beginning_is_not_taken(forge: Forge) -> None:
    forge.page = 2
    for days in (-40, -30, -20, 1, 2):
        forge.deploy(BEGAN + days * DAY)
        forge.merge(days + 100, BEGAN + days * DAY)
    found = facts(pages(forge, workflows=[]))
    assert sorted(found) == ["1003", "1004", "acme/ranker#101", "acme/ranker#102"]


def test_nothing_new_costs_nothing(forge: Forge) -> None:
    deployed(forge, 5)
    cursor = pages(forge, workflows=[])[-1].cursor
    forge.asked.clear()
    again = pages(forge, cursor, workflows=[])
    assert forge.asked == ["GET /repos/acme/ranker/deployments?per_page=100", "POST /graphql", "POST /graphql"]
    assert facts(again) == {}


def test_what_is_deployed_while_a_backfill_walks_is_not_missed(forge: Forge) -> None:
    forge.page = 2
    deployed(forge, 7)
    first = next(iter(collector.pull(forge.setup(), {}, BEGAN)))
    for number in range(7, 12):
        forge.deploy(BEGAN + number * DAY)
        forge.merge(number, BEGAN + number * DAY)
    assert len(facts([first, *pages(forge, first.cursor)])) == 12 + 5


def test_an_open_deployment_is_asked_for_until_it_is_decided(forge: Forge, clock: time_machine.Traveller) -> None:
    forge.deploy(BEGAN)
    forge.status(1000, "in_progress", BEGAN + HOUR)
    forge.deployments[0]["created_at"] = "2026-10-20T00:00:00Z"
    cursor = pages(forge)[-1].cursor
    clock.shift(10 * DAY)
    forge.status(1000, "failure", NOW)
    found = facts(pages(forge, cursor))
    assert found["1000"].values["status"] == "failed"
    assert pages(forge, cursor)[-1].cursor[REPOSITORY]["deployments"]["open"] == []


def test_a_deployment_nobody_ever_decides_is_given_up_after_a_month(
    forge: Forge, clock: time_machine.Traveller
) -> None:
    forge.deploy(NOW - DAY)
    cursor = pages(forge)[-1].cursor
    assert cursor[REPOSITORY]["deployments"]["open"] == [1000]
    clock.shift(31 * DAY)
    assert pages(forge, cursor)[-1].cursor[REPOSITORY]["deployments"]["open"] == []


def test_a_repository_that_never_decides_anything_costs_no_more_than_its_newest(forge: Forge) -> None:
    for number in range(130):
        forge.deploy(NOW - DAY + number * timedelta(minutes=1))
    cursor = pages(forge, workflows=[])[-1].cursor
    forge.asked.clear()
    pages(forge, cursor, workflows=[])
    assert len([asked for asked in forge.asked if "/deployments/" in asked]) == 100


def test_an_open_deployment_that_is_deleted_leaves_a_tombstone(forge: Forge) -> None:
    forge.deploy(BEGAN)
    cursor = pages(forge)[-1].cursor
    forge.deployments.clear()
    forge.statuses.clear()
    told = facts(pages(forge, cursor))["1000"].values
    assert (told["deleted"], told["updated_at"]) == (True, "2026-11-04T12:00:00Z")


def test_a_word_that_comes_late_is_heard_however_old_the_deployment(
    forge: Forge, clock: time_machine.Traveller
) -> None:
    forge.deploy(BEGAN)
    forge.status(1000, "failure", BEGAN + HOUR)
    cursor = pages(forge)[-1].cursor
    clock.shift(10 * DAY)
    forge.status(1000, "success", NOW + 9 * DAY)
    assert facts(pages(forge, cursor))["1000"].values["status"] == "succeeded"


def test_a_pull_request_that_changed_after_its_merge_is_read_again(forge: Forge) -> None:
    for number in range(3):
        forge.merge(number, BEGAN + number * DAY)
    cursor = pages(forge)[-1].cursor
    forge.pulls[0] |= {"updatedAt": "2026-10-20T00:00:00Z", "title": "Better words"}
    assert facts(pages(forge, cursor))["acme/ranker#0"].values["title"] == "Better words"


def test_a_run_that_was_started_again_keeps_its_first_attempt(forge: Forge) -> None:
    forge.start_run(77, NOW - 2 * HOUR)
    forge.end_run(77, "failure", NOW - HOUR)
    forge.start_run(77, NOW - HOUR, attempt=2)
    forge.end_run(77, "success", NOW)
    forge.start_run(78, NOW)
    forge.end_run(78, "skipped", NOW)
    found = facts(pages(forge))
    assert {key: told.values["status"] for key, told in found.items()} == {"77.1": "failed", "77.2": "succeeded"}


def test_statuses_the_batch_is_silent_about_are_asked_for_one_by_one(forge: Forge) -> None:
    forge.silent_nodes = True
    deployed(forge, 2)
    assert {told.values["status"] for told in facts(pages(forge)).values()} == {"succeeded"}


def test_a_hundred_deployments_take_two_requests(forge: Forge) -> None:
    deployed(forge, 100)
    pages(forge, workflows=[])
    assert len(forge.asked) == 2 + len(("releases", "pull requests"))


def test_a_part_of_the_quota_is_left_to_others(forge: Forge) -> None:
    forge.page = 2
    deployed(forge, 6)
    forge.headers = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "499", "X-RateLimit-Reset": "1793795400"}
    kept = []
    with pytest.raises(Unavailable, match=r"left to others until 12:30 UTC") as caught:
        kept += list(collector.pull(forge.setup(), {}, BEGAN))
    assert caught.value.retry_after == 1800


def test_what_graphql_says_beside_its_data_is_understood(forge: Forge) -> None:
    def said(kind: str, message: str = "No.") -> Response:
        errors = [{"type": kind, "message": message}]
        return Response(json.dumps({"data": None, "errors": errors}), 200, content_type="application/json")

    deployed(forge, 1)
    for kind, error, words in (
        ("RATE_LIMITED", Unavailable, "used up"),
        ("FORBIDDEN", Rejected, "does not let the token read"),
        ("INTERNAL", Unavailable, "could not answer"),
    ):
        forge.troubles = [None, said(kind)]
        with pytest.raises(error, match=words):
            pages(forge)


def test_one_repository_that_is_gone_keeps_nobody_from_reading_the_others(forge: Forge) -> None:
    deployed(forge, 2)
    found, trouble = until_trouble(collector.pull(forge.setup(repositories=["acme/gone", REPOSITORY]), {}, BEGAN))
    assert isinstance(trouble, Rejected) and "does not find the deployments of acme/gone" in str(trouble)
    assert len(facts(found)) == 2


def test_a_link_to_another_host_is_not_followed(forge: Forge) -> None:
    forge.headers = {"Link": '<https://evil.example/deployments?page=2>; rel="next"'}
    deployed(forge, 1)
    with pytest.raises(Rejected, match=r"leads to evil\.example"):
        pages(forge)


def test_a_check_asks_for_each_thing_that_will_be_read(forge: Forge) -> None:
    assert collector.check(forge.setup()) == (
        "Deployments of acme/ranker can be read.",
        "Releases of acme/ranker can be read.",
        "Pull requests of acme/ranker can be read.",
        "Runs of train.yml in acme/ranker can be read.",
    )
    with pytest.raises(Rejected, match="does not find the deployments of acme/other"):
        collector.check(forge.setup(repositories=["acme/other"]))


def test_a_preview_counts_what_succeeded_by_environment_and_suggests_production(forge: Forge) -> None:
    forge.page = 5
    deployed(forge, 6)
    for environment, state in (("staging", "success"), ("staging", "failure"), ("non-prod", "success")):
        forge.deploy(BEGAN + DAY, environment)
        forge.status(1000 + len(forge.deployments) - 1, state, BEGAN + DAY)
    forge.deploy(BEGAN - 100 * DAY)
    found = collector.discover(forge.setup(), BEGAN)
    assert found.lines == ("acme/ranker: 8 successful deployments in 3 environments.",)
    assert len(found.questions) == 1
    assert found.questions[0].setting == "production"
    assert {(one.name, one.count, one.suggested) for one in found.questions[0].found} == {
        ("prod-eu", 6, True),
        ("staging", 1, False),
        ("non-prod", 1, False),
    }
