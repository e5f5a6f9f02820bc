"""Asking GitLab: nothing is lost between pages, what is open is read again, refusals say what to do."""

import re

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from integrations.gitlab import collector
from ops_console.contracts.integration import Rejected
from tests.integrations.collectors import WalkContract, everything, until_trouble
from tests.integrations.gitlab.conftest import NOW
from tests.integrations.gitlab.lab import BEGAN, DAY, HOUR, MINUTE, PROJECT, TOKEN, Lab, as_json, refused
from tests.integrations.gitlab.pulled import asked, deployed, facts, pages


class TestTheContract(WalkContract):
    collector, secret, again = collector, TOKEN, 6
    refusals = (
        (refused(401, "401 Unauthorized"), "does not accept the token", "Make a new token"),
        (as_json({"error": "insufficient_scope"}, 403), r"does not let .* read .* \(insufficient_scope\)", "the scope"),
        (refused(403, "403 Forbidden"), r"does not let the token read .* \(403 Forbidden\)", "the role"),
        (refused(404, "404 Project Not Found"), "GitLab does not find the environments", "Check the name"),
        (refused(400, "Nonsense."), r"GitLab answers 400 .*\(Nonsense\)", "address of GitLab"),
        (Response("<html>no</html>", 418), "GitLab answers 418", "address of GitLab"),
    )
    waits = (
        (refused(429, "Retry later", Retry_After="600"), 600),
        (refused(429, "Retry later", RateLimit_Remaining="0", RateLimit_Reset="1793793900"), 300),
        (Response("Retry later\n", 429), 60),
        (refused(503), None),
        (Response("<html>maintenance</html>", 200), None),
        (as_json({"message": "no list"}), None),
    )

    @pytest.fixture(autouse=True)
    def stands(self, lab: Lab) -> None:
        self.vendor = lab

    def happen(self, count: int) -> None:
        deployed(self.vendor, count)

    def happen_in_every_list(self) -> None:
        deployed(self.vendor, 7)
        self.vendor.deploy(BEGAN)
        for number in range(5):
            self.vendor.merge(number + 1, BEGAN + number * DAY)
            self.vendor.run(BEGAN + number * DAY)
            self.vendor.end(300 + number, "failed", BEGAN + number * DAY + HOUR)
            self.vendor.raise_incident(BEGAN + number * DAY)

    def steps(self) -> int:
        return 4 * (NOW - BEGAN).days


def test_a_deployment_comes_in_full(lab: Lab) -> None:
    deployed(lab, 1)
    assert facts(pages(lab))["1000"] == {
        "external_id": "1000",
        "service": PROJECT,
        "status": "succeeded",
        "actor": "ana",
        "is_bot": False,
        "updated_at": "2026-10-01T00:09:02.250000Z",
        "version": f"{1000:040x}",
        "environment": "production",
        "requested_at": "2026-10-01T00:00:00Z",
        "started_at": "2026-10-01T00:01:00Z",
        "finished_at": "2026-10-01T00:09:00Z",
        "git_sha": f"{1000:040x}",
    }


def test_a_merge_request_comes_with_its_commits_and_reviews(lab: Lab) -> None:
    lab.merge(5, BEGAN + DAY)
    assert facts(pages(lab), "changes")[f"{PROJECT}!5"] == {
        "external_id": f"{PROJECT}!5",
        "service": PROJECT,
        "repository": PROJECT,
        "title": "Change 5",
        "url": f"https://gitlab.com/{PROJECT}/-/merge_requests/5",
        "updated_at": "2026-10-02T00:00:02.250000Z",
        "first_commit_at": "2026-10-01T15:00:00Z",
        "opened_at": "2026-10-01T19:00:00Z",
        "first_review_at": "2026-10-01T21:00:00Z",
        "approved_at": "2026-10-01T23:00:00Z",
        "merged_at": "2026-10-02T00:00:00Z",
        "git_sha": f"{5:040x}",
        "author": "ben",
        "is_bot": False,
    }


def test_a_pipeline_comes_with_when_it_began_and_ended(lab: Lab) -> None:
    lab.run(BEGAN)
    lab.end(300, "failed", BEGAN + HOUR)
    lab.run(BEGAN, None)
    lab.run(BEGAN, "Other")
    lab.run(BEGAN)
    lab.end(303, "skipped", BEGAN)
    assert facts(pages(lab), "pipeline_runs") == {
        "300": {
            "external_id": "300",
            "pipeline": f"{PROJECT}: Nightly training",
            "flow": "train",
            "model": "ranker",
            "trigger": "schedule",
            "status": "failed",
            "url": f"https://gitlab.com/{PROJECT}/-/pipelines/300",
            "updated_at": "2026-10-01T01:00:02.250000Z",
            "started_at": "2026-10-01T00:01:00Z",
            "finished_at": "2026-10-01T01:00:00Z",
        }
    }
    assert "pipelines/301" not in asked(lab)


def test_an_incident_comes_in_full(lab: Lab) -> None:
    lab.raise_incident(BEGAN, severity="HIGH")
    original = "https://gitlab.com/api/v4/projects/7/issues/9"
    lab.close(1, BEGAN + HOUR, _links={"closed_as_duplicate_of": original})
    assert facts(pages(lab), "incidents")[f"{PROJECT}#1"] == {
        "external_id": f"{PROJECT}#1",
        "service": "ranker",
        "title": "Answers are late",
        "severity": "SEV2",
        "status": "resolved",
        "url": f"https://gitlab.com/{PROJECT}/-/issues/incident/1",
        "updated_at": "2026-10-01T01:00:02.250000Z",
        "detected_at": "2026-10-01T00:00:00Z",
        "restored_at": "2026-10-01T01:00:00Z",
        "resolved_at": "2026-10-01T01:00:00Z",
        "duplicate_of": f"{PROJECT}#9",
    }


def test_what_lies_before_the_beginning_is_not_taken(lab: Lab) -> None:
    for days in (-40, -20, 1, 2):
        lab.deploy(BEGAN + days * DAY)
        lab.merge(days + 100, BEGAN + days * DAY)
    found = pages(lab)
    assert sorted(facts(found)) == ["1002", "1003"]
    assert sorted(facts(found, "changes")) == [f"{PROJECT}!101", f"{PROJECT}!102"]


def test_nothing_new_costs_next_to_nothing(lab: Lab) -> None:
    deployed(lab, 3)
    lab.merge(5, BEGAN)
    lab.run(BEGAN)
    lab.end(300, "success", BEGAN + HOUR)
    cursor = pages(lab)[-1].cursor
    lab.asked.clear()
    again = pages(lab, cursor)
    assert asked(lab) == ["environments", "deployments", "merge_requests", "issues", "pipelines"]
    assert everything(again) == {}
    lab.asked.clear()
    pages(lab, cursor, production=["prod-eu"], pipelines=[])
    assert asked(lab) == ["deployments", "merge_requests", "issues"]


def test_one_list_that_may_not_be_read_keeps_nobody_from_reading_the_others(lab: Lab) -> None:
    deployed(lab, 2)
    lab.raise_incident(BEGAN)
    lab.closed = {"merge_requests": refused(403, "403 Forbidden")}
    found, trouble = until_trouble(collector.pull(lab.setup(projects=["acme/gone", PROJECT]), {}, BEGAN))
    assert isinstance(trouble, Rejected) and "does not find the environments of acme/gone" in str(trouble)
    assert len(facts(found)) == 2 and len(facts(found, "incidents")) == 1


def test_a_check_asks_for_each_thing_that_will_be_read(lab: Lab) -> None:
    assert collector.check(lab.setup()) == (
        f"Deployments of {PROJECT} can be read.",
        f"Merge requests of {PROJECT} can be read.",
        f"Incidents of {PROJECT} can be read.",
        f"Pipelines of {PROJECT} can be read.",
    )
    with pytest.raises(Rejected, match="does not find the deployments of acme/other"):
        collector.check(lab.setup(projects=["acme/other"]))


def test_a_preview_counts_what_succeeded_by_environment_and_suggests_production_by_its_tier(lab: Lab) -> None:
    lab.page = 5
    deployed(lab, 6)
    for name, status in (("staging", "success"), ("staging", "failed"), ("Production", "success"), ("live", "success")):
        lab.deploy(BEGAN + DAY, name)
        lab.turn(1000 + len(lab.deployments) - 1, status, BEGAN + DAY + MINUTE)
    lab.deploy(BEGAN - 100 * DAY)
    lab.raise_incident(BEGAN)
    found = collector.discover(lab.setup(), BEGAN)
    assert found.lines == (f"{PROJECT}: 9 successful deployments in 4 environments, 1 open incident.",)
    assert {(one.name, one.count, one.suggested) for one in found.questions[0].found} == {
        ("prod-eu", 6, True),
        ("staging", 1, False),
        ("Production", 1, True),
        ("live", 1, False),
    }


def test_a_redirection_to_another_host_takes_no_token_along(lab: Lab) -> None:
    there: list[str | None] = []

    def elsewhere(request: Request) -> Response:
        there.append(request.headers.get("Authorization"))
        return as_json([])

    with HTTPServer(host="127.0.0.1") as other:
        other.expect_request(re.compile("^/")).respond_with_handler(elsewhere)
        lab.closed = {"environments": Response("", 302, headers={"Location": other.url_for("/")})}
        pages(lab)
    assert there == [None]
